"""One step of a plan: a sentence for people, and beside it what a program needs to take the step."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from forensics.remediation import commands
from forensics.remediation.json_patches import Patch

_COMMAND = re.compile(r"`((?:[A-Z_]+=\S+ )*openclaw [^`]+)`")


@dataclass(frozen=True, slots=True)
class Step:
    """`sentence` names its commands in backticks; `patch` is the one that it prints."""

    sentence: str
    patch: Patch | None = None
    file: str | None = field(default=None, kw_only=True)  # of the evidence, that the step is about
    agent: str | None = field(default=None, kw_only=True)
    why: str | None = field(default=None, kw_only=True)
    edits: bool = field(default=False, kw_only=True)  # a file is changed by hand
    tells_state: bool = field(default=False, kw_only=True)  # nothing has to be done

    @property
    def commands(self) -> tuple[str, ...]:
        """The `openclaw` command lines of the step, in order."""
        return tuple(_COMMAND.findall(self.sentence))

    @property
    def changes_evidence(self) -> bool:
        """Whether the state files are not as they were afterwards."""
        changing = (commands.effect(line) for line in self.commands)
        return self.edits or self.patch is not None or any(effect and effect.changes for effect in changing)
