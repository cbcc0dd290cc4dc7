"""Commands of `openclaw` that somebody typed: lines of a shell session or history that lie among the evidence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from forensics.remediation.commands.command import RELEASES, understood, words_of

_TYPED = re.compile(
    r"""^\s*(?: \d+\s+ | :\s\d+:\d+; | (?:\S+[@:]\S*\s*)?[$%]\s+ )  # a number, zsh's stamp, a prompt
        (?:sudo\s+)? (?P<line>openclaw(?:\s+[\w.:/=,-]+)+)\s*$""",
    re.X,
)


def typed_in(lines: Iterable[str]) -> Iterator[str]:
    """The command lines among lines of evidence, each once."""
    matches = (_TYPED.match(line) for line in lines)
    yield from dict.fromkeys(" ".join(match["line"].split()) for match in matches if match)


def never_existed(line: str) -> bool:
    """No release that was read takes it; a call of the gateway may have any method."""
    words = words_of(line)
    return bool(words) and words[:2] != ["gateway", "call"] and not any(understood(words, r) for r in RELEASES)
