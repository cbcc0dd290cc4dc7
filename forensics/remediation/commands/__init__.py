"""The commands of the `openclaw` CLI, release by release, so that no plan prints one that is not there."""

from forensics.remediation.commands.command import COMMANDS, RELEASES, Command, exists
from forensics.remediation.commands.effects import Effect, effect

__all__ = ["COMMANDS", "RELEASES", "Command", "Effect", "effect", "exists"]
