"""A shell's history (`.bash_history`, `.zsh_history`, `fish_history`): the commands of `openclaw` that somebody typed.

Of a command its words and the names of its options are kept; whatever may be a name, a value or a key is `…`. zsh
writes when a command was typed before it; fish only behind it, and bash in a line of its own: those have no time here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from forensics.parsers.disclosure import Disclosure
from forensics.parsers.stores.reading.lines import Line, Rows, line_reader
from forensics.parsers.stores.reading.recognise import Outline, claimed
from forensics.parsers.stores.reading.values import moment_ms
from forensics.parsers.stores.store import Sample, Store
from forensics.tables import Event

_COMMAND = re.compile(r"(?:^|[;&|]|\b(?:sudo|then|exec)\s|- cmd:)\s*(?:[A-Z_]+=\S*\s+)*openclaw(?P<words>[^;&|<>#]*)")
_ZSH = re.compile(r":\s*(?P<seconds>\d{9,11}):\d+;")
_WORD = re.compile(r"-{0,2}[a-z][a-z-]{0,19}")
_OPTION = re.compile(r"(?P<name>--[a-z][a-z-]{0,19})=")


def _looks(_: Outline) -> bool:
    """Nothing in it is of OpenClaw's making: the name decides."""
    return False


def _rows(line: Line) -> Rows:
    text = line.value if isinstance(line.value, str) else ""
    stamp = _ZSH.match(text)
    time = moment_ms(int(stamp["seconds"]) * 1000) if stamp else None
    return tuple(
        Event(
            kind="typed_command", role="noise",
            source=line.source.path, line=line.number, sources=(line.place,),
            time=time, time_basis="exact" if time else "none", text=command,
        )
        for command in _commands(text[stamp.end() :] if stamp else text)
    )  # fmt: skip


def _commands(text: str) -> Iterator[str]:
    for match in _COMMAND.finditer(text):
        if words := match["words"].split():
            yield " ".join(["openclaw", *map(_plain, words)])


def _plain(word: str) -> str:
    """A word that is nobody's; what it might be a value of keeps its name only."""
    option = _OPTION.match(word)
    return f"{option['name']}=…" if option else word if _WORD.fullmatch(word) else "…"


STORE = Store(
    name="shell_history",
    releases="all",
    claims=claimed(_looks, r"\.(?:bash|zsh|ash|sh)_history|fish_history|\.histfile"),
    read=line_reader("shell_history", _rows, parse=str),
    line_oriented=True,
    events={"typed_command": Disclosure("own words")},
    samples=(
        Sample(
            ".zsh_history",
            ": 1778750000:0;cd /srv && openclaw gateway restart\n"
            "ls -la\n"
            "sudo openclaw provider refresh anthropic --key=sk-ant-api03-CANARY-0011-AAAA\n"
            "export X=sk-ant-api03-CANARY-0012-AAAA\n",
            {
                "events": [
                    {"kind": "typed_command", "role": "noise", "time": "2026-05-14T09:13:20+00:00",
                     "text": "openclaw gateway restart"},
                    {"kind": "typed_command", "role": "noise", "time_basis": "none",
                     "text": "openclaw provider refresh anthropic --key=…"},
                ],
                "lines": 4,
                "other": 2,
            },
        ),
    ),
)  # fmt: skip
