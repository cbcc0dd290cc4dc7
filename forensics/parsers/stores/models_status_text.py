"""Pasted text of `openclaw models status`, `doctor` or `status`: windows, logins and usage errors (facts 8.6).

Keys as in `models_status`; a remaining time is as coarse as the text (`4h`). Observed at the file's mtime, for what it
is worth: the text has no time. Lines that say nothing here are counted as other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from forensics.parsers.stores.reading.document import count_lines, load
from forensics.parsers.stores.reading.logical_lines import LogicalLine, logical_lines
from forensics.parsers.stores.reading.recognise import Outline, claimed
from forensics.parsers.stores.reading.sealing import sealed
from forensics.parsers.stores.reading.unreadable import unreadable_file
from forensics.parsers.stores.reading.values import as_json
from forensics.parsers.stores.store import Contents, Sample, Source, Store
from forensics.secrets.detect import secrets_in
from forensics.tables import StateValue

USAGE = ("usage", "usage.left")  # what the usage endpoint refused, and what it says is left
_STORE = "models_status_text"
_ID = r"(?<![\w=:/~.-])(?P<profile>[a-z][\w.-]{0,64}+:[^\s=|,\[\]():/]{1,128}+)"
_WINDOW = r"(?P<kind>cooldown|disabled|blocked)(?::(?P<reason>[A-Za-z_-]+))?"
_LABEL = re.compile(rf"{_ID}=(?P<type>token:|OAuth\b|missing\b)?")
_LIST_GOES_ON = re.compile(r"[,|]\s*[\w.-]*$")
_BRACKET = re.compile(rf"{_ID}=?[^\[|,=\n]{{0,160}}+\[{_WINDOW} ?(?P<left>\d[^\]\n]{{0,23}})\]")
_DOCTOR = re.compile(rf"{_ID}: {_WINDOW} \((?P<left>[^)\n]{{1,24}})\)")
_LOGIN = re.compile(
    rf"[\s-]*{_ID}(?: \([^)]{{0,128}}\))? (?P<status>ok|expiring|expired|static|missing|unknown)"
    r"(?: expires in (?P<left>\S+))?\s*$"
)
_NAME = r"(?P<who>[\w.-]+(?: [\w.-]+){0,2}?)(?: \([^()]{1,40}\))?"
_USAGE = re.compile(rf"[\s📊-]*(?:Usage: )?{_NAME}(?: usage)?: (?P<text>HTTP [1-5]\d\d\b.*)")
_LEFT_LINE = re.compile(rf"[\s📊-]*(?:Usage: )?{_NAME} (?:usage: )?(?P<text>[^%]{{0,24}}\d{{1,3}}% left\b.*)")
_LEFT_ROW = re.compile(r"\s*(?P<text>[\w .-]{1,24}: \d{1,3}% left\b.*)")
_USAGE_HEAD = re.compile(r"\s*Usage:?\s*")
_USAGE_NAME = re.compile(rf"\s*{_NAME}\s*")
_PROVIDERS = {  # as the usage lines call them
    "claude": "anthropic", "copilot": "github-copilot", "gemini": "google-gemini-cli", "minimax": "minimax",
    "codex": "openai-codex", "xiaomi": "xiaomi", "z.ai": "zai",
}  # fmt: skip
_HEADING = re.compile(
    r"(?:Config|Agent dir|Default|(?:Image )?[Ff]allbacks \(\d+\)|Image model|Aliases \(\d+\)|Configured models \(\d+\)"
    r"|Auth store|Shell env|Providers w/ OAuth/tokens \(\d+\))\s*:"
    r"|Auth overview|OAuth/token status|Missing auth|Runtime auth|- \S+ effective=|Usage:\s*$|OpenClaw status\s*$"
    r"|(?:🦞 )?OpenClaw 20\d\d\."
)
_BEGINS = re.compile(rf"\s*(?:-\s|Usage\b|📊|{_HEADING.pattern})")
_UNITS = {"ms": 1, "s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}
_LEFT = re.compile(r"(\d+)\s*(ms|[smhd])")
_TYPES = {"token:": "token", "OAuth": "oauth", "missing": "missing", None: "api_key"}


def _begins(whole: str, line: str) -> bool:
    """A label begins a line of its own, unless a list of labels goes on: then its provider may be broken."""
    return bool(_BEGINS.match(line) or (_LABEL.match(line) and not _LIST_GOES_ON.search(whole)))


def _looks(outline: Outline) -> bool:
    if outline.paths:
        return False
    facts = list(_page(outline.text))
    lines = [line for line, _ in facts if line.text.strip()]
    known = sum(bool(_HEADING.match(line.text.strip())) or bool(told) for line, told in facts)
    return any(told for _, told in facts) and known * 3 >= len(lines)


@dataclass(frozen=True, slots=True)
class _Fact:
    entity: str
    key: str
    value: object


def _page(text: str) -> Iterator[tuple[LogicalLine, tuple[_Fact, ...]]]:
    """Every printed line with what it tells; rows of the usage report belong to the name above them."""
    named = ""
    for line in logical_lines(text, _begins):
        told = tuple(_facts(line.text))
        if not told and (row := _LEFT_ROW.fullmatch(line.text)) and named:
            told = (_Fact(named, "usage.left", row["text"]),)
        elif not told:
            name = _USAGE_NAME.fullmatch(line.text)
            named = _provider(name["who"]) if name and not _USAGE_HEAD.fullmatch(line.text) else ""
        yield line, told


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
        yield _Fact(_provider(usage["who"]), "usage", usage["text"].rstrip())
    elif left := _LEFT_LINE.fullmatch(text):
        yield _Fact(_provider(left["who"]), "usage.left", left["text"].rstrip())


def _provider(name: str) -> str:
    return _PROVIDERS.get(name.lower(), name)


def _window(match: re.Match[str]) -> Iterator[_Fact]:
    yield _Fact(match["profile"], "unusableProfiles.kind", match["kind"])
    if match["reason"]:
        yield _Fact(match["profile"], "unusableProfiles.reason", match["reason"])
    yield _Fact(match["profile"], "unusableProfiles.remainingMs", _milliseconds(match["left"]))


def _milliseconds(left: str) -> int | None:
    return sum(int(number) * _UNITS[unit] for number, unit in _LEFT.findall(left)) or None


def _rows(source: Source, text: str) -> Iterator[StateValue]:
    for line, facts in _page(text):
        yield from _values(source, line, facts)


def window_rows(source: Source, page: str) -> Iterator[StateValue]:
    """What the lines of a page of prose say that name a window, as `models status` prints it."""
    for line, facts in _page(page):
        if any(fact.key.startswith("unusableProfiles.") for fact in facts):
            yield from _values(source, line, facts)


def _values(source: Source, line: LogicalLine, facts: Iterable[_Fact]) -> Iterator[StateValue]:
    for fact in facts:
        yield StateValue(
            source=f"{source.path}:{line.number}", store=_STORE, observed_at=source.mtime, agent=source.agent,
            entity=fact.entity, key=fact.key, value=as_json(fact.value),
        )  # fmt: skip


def _read(source: Source) -> Contents:
    text, why = load(source)
    lines = count_lines(text)
    if why:
        return Contents(rejects=(unreadable_file(source, lines, why),), lines=lines)
    rows = tuple(_rows(source, text))
    return sealed(Contents(state=rows, lines=lines, other=lines, secrets=secrets_in(text)))


STORE = Store(
    name=_STORE,
    releases="all",
    claims=claimed(_looks),
    read=_read,
    entities={_STORE: "profile"},
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
            "- openai-codex usage: 5h 91% left ⏱3h 50m · Week 38% left ⏱6d 2h\n"
            "Usage: Copilot: HTTP 403: OAuth token sk-ant-oat01-CANARY-0024-AAAA does not meet scope requirement\n"
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
                    "github-copilot usage": '"HTTP 403: OAuth token fp:59d94e2e2549 does not meet scope requirement"',
                    "openai-codex usage.left": '"5h 91% left ⏱3h 50m · Week 38% left ⏱6d 2h"',
                    "openai-codex:default unusableProfiles.kind": '"cooldown"',
                    "openai-codex:default unusableProfiles.remainingMs": "39600000",
                },
                "lines": 14,
                "other": 14,
            },
        ),
    ),
)
