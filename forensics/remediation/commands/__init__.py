"""The commands of the `openclaw` CLI, release by release, so that no plan prints one that is not there."""

from forensics.remediation.commands.command import COMMANDS, RELEASES, Command, exists
from forensics.remediation.commands.effects import Effect, effect
from forensics.remediation.commands.lookup import Lookup, in_words, look_up
from forensics.remediation.commands.typed import never_existed, typed_in

__all__ = [
    "COMMANDS",
    "RELEASES",
    "Command",
    "Effect",
    "Lookup",
    "effect",
    "exists",
    "in_words",
    "look_up",
    "never_existed",
    "typed_in",
]
