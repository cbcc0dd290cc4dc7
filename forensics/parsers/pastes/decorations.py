"""What Markdown, mail, tables and people put around a line, and what it leaves when it is taken off."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

from forensics.parsers.logs.envelopes import strip

_TIME = r"\d{1,2}:\d\d:\d\d(?:[.,]\d{1,6})?(?:\s?[AaPp][Mm])?(?:[+-]\d\d:?\d\d)?"
_STAMP = rf"\d{{4}}[-/]\d\d[-/]\d\d[T ]{_TIME}(?:\s?(?:Z|UTC|[+-]\d\d:?\d\d))?"
_MARK = re.compile(
    r"""\s+ | >+\s? | [-+•‣–—→]\s+ | \*\s+ | \(?\d{1,3}[.)]\s+ | \#{1,6}\s+ | \*{1,3} | _{2,3} | ~~ | `{1,3} | \|\s*
    | </?(?:code|pre|b|strong|i|em|p|li|td|tr|blockquote|details|summary|br|span|div)\b[^<>]{0,200}>
    | [\u2190-\u21ff\u2300-\u23ff\u25a0-\u26ff\u2700-\u27bf\ufe0f\u200d\U0001f000-\U0001faff]\s*""",
    re.X,
)
_SYMBOLS = (("\u2190", "\u21ff"), ("\u2300", "\u23ff"), ("\u25a0", "\u27bf"), ("\U0001f000", "\U0001faff"))
_JOINERS = "\ufe0f\u200d"
_PAIRED = "*_~`|"  # closes what it opened
_CLOSING_TAG = re.compile(r"</?(?:code|pre|b|strong|i|em|p|li|td|tr|blockquote|span|div|br)\s?/?>\Z")
_SIGN = re.compile(r"⚠\ufe0f? ")  # begins sentences of OpenClaw's own
_MOST_MARKS = 12
_MOST_CLOSED = 64  # marks and empty cells at the end of a line
_EMPTY = re.compile(r"[\s>|:`~*_#=+-]*|(?:`{3,}|~{3,})\s*[\w+.-]*\s*|</?(?:details|summary|pre|code)[^<>]*>")
_ESCAPED = re.compile(r"\\(?=[*_<>\[\]`#|~-])")
_BEHIND_TIME = re.compile(rf"(?P<time>{_STAMP}|{_TIME})\s*(?:[|│]|[–—-](?=\s)|:(?=\s)|`(?=\s))\s*")
_WRITTEN = re.compile(
    r"""\[?(?:(?P<date>\d{4}[-/]\d\d[-/]\d\d)[T ,]\s?)?(?P<hour>\d{1,2}):(?P<rest>\d\d:\d\d)
    (?:[.,](?P<fraction>\d{1,9}))?\s?(?P<half>[AaPp]\.?[Mm]\.?(?=[\s\]]))?\s?
    (?P<zone>Z\b|UTC\b|GMT\b|[+-]\d\d:?\d\d)?\]?[\s:]*(?:(?<=[\s:\]])(?=\S)|(?=[^\s\d.,Z]))""",
    re.X,
)
_INSIDE = re.compile(
    rf"\[?(?:{_STAMP}|(?<!\d){_TIME})(?=[\s\]])|\[[a-z][a-z0-9/_-]*\] (?=[a-z])"
    r"|lane task error: (?=lane=\S+ durationMs=)|⚠\ufe0f? (?=Agent failed before reply: )"
)
_CLOCK_ALONE = re.compile(rf"{_TIME}\Z")


@dataclass(frozen=True, slots=True)
class Bare:
    """A line without its decoration. `lead` is what stood before it, `in_prose` tells of words before it."""

    text: str
    lead: str = ""
    in_prose: bool = False


def is_empty(line: str) -> bool:
    """True for a line that holds decoration alone: a blank, a fence, a rule of a table."""
    return bool(_EMPTY.fullmatch(strip(line)))


def ends_block(line: str) -> bool:
    """True for a fence, a rule or a headline: nothing goes on across it."""
    bare = strip(line).strip()
    return bare.startswith(("```", "~~~", "#", "---", "===", "|-", "|:"))


def bare(line: str) -> Bare:
    """The line without the marks around it; of a table row, the cells with a blank between."""
    line = strip(line)
    start = _marks_end(line)
    text = line[start:]
    if not _SIGN.match(text) or start:
        text = _closed(text, line[:start])
    if "\\" in text or "&" in text:
        text = html.unescape(_ESCAPED.sub("", text)) if start or "&" in text else text
    return Bare(_timed(text), line[:start])


def inside(line: str) -> Iterator[Bare]:
    """The ends of a line that may be a record with somebody's words before it, the longest first."""
    line = strip(line)
    for begins in _INSIDE.finditer(line):
        if begins.start():
            text = _closed(line[begins.start() :], line[: begins.start()])
            yield Bare(_timed(text), line[: begins.start()], in_prose=True)


def is_clock(line: str) -> bool:
    """True for a line that is a time of day and nothing else."""
    return len(line) < 24 and bool(_CLOCK_ALONE.match(strip(line).strip()))


def as_console(text: str) -> str:
    """The time in front as OpenClaw's consoles write it, whatever a page or a tool made of it."""
    found = _WRITTEN.match(text)
    if not found:
        return text
    hour = int(found["hour"])
    if found["half"]:
        hour = hour % 12 + (12 if found["half"][0] in "pP" else 0)
    clock = f"{hour:02}:{found['rest']}"
    zone = {None: "", "UTC": "Z", "GMT": "Z"}.get(found["zone"], found["zone"] or "")
    if zone[:1] in ("+", "-") and ":" not in zone:
        zone = f"{zone[:3]}:{zone[3:]}"
    date, fraction = found["date"], (found["fraction"] or "")[:3].ljust(3, "0")
    when = f"{date.replace('/', '-')}T{clock}.{fraction}{zone}" if date else clock + zone.replace("Z", "+00:00")
    return f"{when} {text[found.end() :]}"


def _closed(text: str, lead: str) -> str:
    """The text without the marks at its end that close what the lead opened, and without pictures."""
    marks = "".join(mark for mark in _PAIRED if mark in lead)
    for _ in range(_MOST_CLOSED):
        shorter = text.rstrip().rstrip(marks + _JOINERS)
        if shorter and any(first <= shorter[-1] <= last for first, last in _SYMBOLS):
            shorter = shorter[:-1]
        shorter = _CLOSING_TAG.sub("", shorter) if shorter.endswith(">") else shorter
        if shorter == text:
            break
        text = shorter
    return text


def _timed(text: str) -> str:
    behind = _BEHIND_TIME.match(text)
    text = f"{behind['time']} {text[behind.end() :]}" if behind else text
    return as_console(text) if text[:1].isdigit() or text[:1] == "[" else text


def _marks_end(line: str) -> int:
    end = 0
    for _ in range(_MOST_MARKS):
        mark = None if _SIGN.match(line, end) else _MARK.match(line, end)
        if not mark:
            break
        end = mark.end()
    return end
