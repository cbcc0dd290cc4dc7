"""A step of a plan as prose and command lines: each command whole, alone, ready to be copied."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from forensics.remediation.step import Step

_LINE = r"`((?:[A-Z_]+=\S+ )*(?:openclaw|forensics|docker|systemctl|launchctl) [^`]+)`"
_COMMAND = re.compile(_LINE)
_BESIDE = re.compile(rf" ?\({_LINE}([^()]*)\)")
_PATCH = re.compile(r"the JSON patch (?:`\[.*?\]`|of \d+ operations \(plan\.patches in the JSON\))")
_BY_SCRIPT = re.compile(r"docker |openclaw gateway (?:stop|start|restart)\b")
_AFTER = " \t.,;:"


class Part(NamedTuple):
    """Prose, or one whole command line."""

    words: str
    is_command: bool = False


def parts_of(step: Step, fix: str) -> Iterator[Part]:
    """The step in order. `fix`: the command that prints a script for the patches of the plan."""
    if step.patch:
        yield from _patching(step, fix)
        return
    beside = [found[1] for found in _BESIDE.finditer(step.sentence)]
    yield from _around(_BESIDE.sub(lambda found: f" ({found[2].strip()})" if found[2].strip() else "", step.sentence))
    yield from (Part(line, is_command=True) for line in dict.fromkeys(beside))


def _patching(step: Step, fix: str) -> Iterator[Part]:
    """What the script does in words, then the command that prints it, and what is left to type."""
    sentence = _PATCH.sub("the patch", step.sentence)
    prose = _BESIDE.sub("", sentence)
    commands = [line for line in _COMMAND.findall(sentence) if not _BY_SCRIPT.match(line)]
    yield Part(f"{_COMMAND.sub('see below', prose).rstrip(_AFTER)}. This prints a script that does it, with a test:")
    yield Part(fix, is_command=True)
    yield from (Part(line, is_command=True) for line in commands)


def _around(sentence: str) -> Iterator[Part]:
    """Prose up to a command, the command, and what follows it. One that begins a sentence is only talked about."""
    prose, *rest = _COMMAND.split(sentence)
    for command, after in zip(rest[::2], rest[1::2], strict=True):
        if not prose.strip() or prose.rstrip().endswith((".", "!", "?")):
            prose += f"`{command}`{after}"
            continue
        yield Part(f"{prose.rstrip(_AFTER)}:")
        yield Part(command, is_command=True)
        prose = _continued(after)
    if prose.strip():
        yield Part(prose)


def _continued(after: str) -> str:
    """What follows a command; a sentence of its own begins with a capital."""
    more = after.lstrip(_AFTER)
    return more[:1].upper() + more[1:] if after.startswith((".", ";")) else more


def shortest(step: Step, fix: str) -> Iterator[Part]:
    """The step up to its first command; without one, its first sentence."""
    for part in parts_of(step, fix):
        yield part
        if part.is_command:
            return
