"""Pasted text of `openclaw models status`, `doctor` or `status`: windows, logins and usage errors (facts 8.6).

Keys as in `models_status`; a remaining time is as coarse as the text (`4h`). Observed at the file's mtime, for what it
is worth: the text has no time. Lines that say nothing here are counted as other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from forensics.parsers.stores.reading.lines import Line, Rows, line_reader
from forensics.parsers.stores.reading.recognise import Outline, claimed
from forensics.parsers.stores.reading.values import as_json
from forensics.parsers.stores.store import Sample, Store
from forensics.tables import StateValue

_ID = r"(?<![\w=:/~.-])(?P<profile>[a-z][\w.-]{0,64}+:[^\s=|,\[\]():/]{1,128}+)"
_WINDOW = r"(?P<kind>cooldown|disabled|blocked)(?::(?P<reason>[\w-]+))?"
_LABEL = re.compile(rf"{_ID}=(?P<type>token:|OAuth\b|missing\b)?")
_BRACKET = re.compile(rf"{_ID}[^\[|,\n]{{0,160}}+\[{_WINDOW} (?P<left>[^\]\n]{{1,24}})\]")
_DOCTOR = re.compile(rf"{_ID}: {_WINDOW} \((?P<left>[^)\n]{{1,24}})\)")
_LOGIN = re.compile(
    rf"\s*-? ?{_ID}(?: \([^)]{{0,128}}\))? (?P<status>ok|expiring|expired|static|missing|unknown)"
    r"(?: expires in (?P<left>\S+))?\s*$"
)
_USAGE = re.compile(r"\s*(?:- )?(?:Usage: )?(?P<who>[\w .-]{1,40}?)(?:: | usage: )(?P<text>HTTP [1-5]\d\d\b.*)")
_HEADING = re.compile(
    r"(?:Config|Agent dir|Default|(?:Image )?[Ff]allbacks \(\d+\)|Image model|Aliases \(\d+\)|Configured models \(\d+\)"
    r"|Auth store|Shell env|Providers w/ OAuth/tokens \(\d+\))\s*:"
    r"|Auth overview|OAuth/token status|Missing auth|- \S+ effective="
)
_UNITS = {"ms": 1, "s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}
_LEFT = re.compile(r"(\d+)\s*(ms|[smhd])")
_TYPES = {"token:": "token", "OAuth": "oauth", "missing": "missing", None: "api_key"}


def _says(text: str) -> bool:
    return any(True for _ in _facts(text))


def _looks(outline: Outline) -> bool:
    if outline.paths:
        return False
    lines = [line for line in outline.text.splitlines() if line.strip()]
    known = sum(bool(_HEADING.match(line)) or _says(line) for line in lines)
    return any(map(_says, lines)) and known * 3 >= len(lines)


@dataclass(frozen=True, slots=True)
class _Fact:
    entity: str
    key: str
    value: object


def _facts(text: str) -> Iterator[_Fact]:
    for label in _LABEL.finditer(text):
        yield _Fact(label["profile"], "oauth.type", _TYPES[label["type"]])
    for window in (*_BRACKET.finditer(text), *_DOCTOR.finditer(text)):
        yield from _window(window)
    if login := _LOGIN.match(text):
        yield _Fact(login["profile"], "oauth.status", login["status"])
        if login["left"]:
            yield _Fact(login["profile"], "oauth.remainingMs", _milliseconds(login["left"]))
    if usage := _USAGE.match(text):
        yield _Fact(usage["who"], "usage", usage["text"].rstrip())


def _window(match: re.Match[str]) -> Iterator[_Fact]:
    yield _Fact(match["profile"], "unusableProfiles.kind", match["kind"])
    if match["reason"]:
        yield _Fact(match["profile"], "unusableProfiles.reason", match["reason"])
    yield _Fact(match["profile"], "unusableProfiles.remainingMs", _milliseconds(match["left"]))


def _milliseconds(left: str) -> int | None:
    return sum(int(number) * _UNITS[unit] for number, unit in _LEFT.findall(left)) or None


def _rows(line: Line) -> Rows:
    text = line.value if isinstance(line.value, str) else ""
    return tuple(
        StateValue(
            source=line.place, store=line.store, observed_at=line.source.mtime, agent=line.source.agent,
            entity=fact.entity, key=fact.key, value=as_json(fact.value),
        )
        for fact in _facts(text)
    )  # fmt: skip


STORE = Store(
    name="models_status_text",
    releases="all",
    claims=claimed(_looks),
    read=line_reader("models_status_text", _rows, parse=str),
    line_oriented=True,
    samples=(
        Sample(
            "issue.txt",
            "Default       : anthropic/claude-opus-4-6\n\nAuth overview\n"
            "Auth store    : ~/.openclaw/agents/main/agent/auth-profiles.json\n"
            "- anthropic effective=profiles:~/.openclaw/agents/main/agent/auth-profiles.json | "
            "profiles=3 (oauth=1, token=2, api_key=0) | anthropic:default=token:sk-ant-o...AAAA [cooldown 5m], "
            "anthropic:kim@example.invalid=OAuth (kim@example.invalid)\n"
            "- anthropic:backup static [disabled:billing 4h]\n\nOAuth/token status\n"
            "- anthropic usage: HTTP 403: Forbidden\n"
            "  - anthropic:default static\n"
            "  - anthropic:kim@example.invalid ok expires in 2h\n"
            "Usage: Claude: HTTP 403: OAuth token sk-ant-oat01-CANARY-0024-AAAA does not meet scope requirement\n"
            "- openai-codex:default: cooldown (11h)\n",
            {
                "state": {
                    "anthropic:default oauth.type": '"token"',
                    "anthropic:kim@example.invalid oauth.type": '"oauth"',
                    "anthropic:default unusableProfiles.kind": '"cooldown"',
                    "anthropic:default unusableProfiles.remainingMs": "300000",
                    "anthropic:backup unusableProfiles.kind": '"disabled"',
                    "anthropic:backup unusableProfiles.reason": '"billing"',
                    "anthropic:backup unusableProfiles.remainingMs": "14400000",
                    "anthropic usage": '"HTTP 403: Forbidden"',
                    "anthropic:default oauth.status": '"static"',
                    "anthropic:kim@example.invalid oauth.status": '"ok"',
                    "anthropic:kim@example.invalid oauth.remainingMs": "7200000",
                    "Claude usage": '"HTTP 403: OAuth token fp:59d94e2e2549 does not meet scope requirement"',
                    "openai-codex:default unusableProfiles.kind": '"cooldown"',
                    "openai-codex:default unusableProfiles.remainingMs": "39600000",
                },
                "lines": 13,
                "other": 13,
            },
        ),
    ),
)
