"""Where a record ends that goes on over several lines: folded at a width, at a blank, or of several lines by itself.

What follows is part of it only where its own form says so (a quote, a bracket, a list or a sentence that is not
finished) or where the lines are as full as only a terminal makes them. All else is somebody's prose.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from forensics.openclaw.error_text import split_summary
from forensics.parsers.logs import templates
from forensics.parsers.logs.envelopes.envelope import Record
from forensics.parsers.pastes.objects import balance
from forensics.parsers.pastes.sentences import FIELDS

Reader = Callable[[str], Record | None]
Fold = Literal["width", "blank"]
_FOLDS: tuple[Fold, Fold] = ("width", "blank")
_NARROWEST = 20  # columns of a terminal
_MOST = 60  # lines of one record
_SUMMARY = re.compile(r"All (?:image )?models failed \((?P<n>\d{1,3})\):")
_BEGUN_SUMMARY = re.compile(r"(?:^|: )All(?: image)?(?: models?)?(?: failed)?(?: \(\d*\)?:?)?\s*\Z")
_CANDIDATE = re.compile(r"(?:[-*•|]\s*)?(?P<entry>[^\s/|:]+/[^\s|]+: .+)")
_QUOTE = re.compile(r'=\s?"')
_FIELD = re.compile(rf"\s*(?:{'|'.join(sorted(FIELDS))})=\S")
_FIELD_INSIDE = re.compile(rf"\s(?:{'|'.join(sorted(FIELDS))})=\S")
_FIELD_AT_END = re.compile(rf"\s(?:{'|'.join(sorted(FIELDS))})=\S*\Z")
_LAST = ("error", "rawErrorPreview", "errorPreview")
_TELLING = ("provider", "candidateProvider", "sourceProvider", "error", "rawErrorPreview", "errorPreview")
_FRAME = re.compile(r"\s+at \S")
_PAGE, _PAGE_END = re.compile(r"<(?:!doctype|html)\b", re.I), re.compile(r"</html>", re.I)


@dataclass(frozen=True, slots=True)
class Joined:
    """A record with what belongs to it, and how many of the lines behind it that was."""

    record: Record
    used: int = 0


def join(line: str, record: Record, behind: Sequence[str], read: Reader) -> Joined:
    """The record begun in `line` with as many of the lines behind it as are its own."""
    behind = behind[:_MOST]
    if not behind:
        return Joined(record)
    by_lines = _by_lines(record, behind)
    by_width, by_blanks = (_folded(line, record, behind, fold, read) for fold in _FOLDS)
    if len(behind) > 1 and len(behind[0]) == len(line):
        return max((Joined(record), by_width, by_lines, by_blanks), key=_worth)
    return max((Joined(record), by_lines, by_blanks, by_width), key=_worth)


def _worth(joined: Joined) -> tuple[bool, bool, int, int, bool]:
    matched = templates.match(joined.record)
    told = matched[1] if matched else {}
    known = sum(name in told for name in ("http_status", "error_type", "request_id", "provider", "model", "run"))
    whole = "event" not in joined.record.meta  # not read leniently
    return matched is not None, whole, known, len(told.keys() - {"text_cut"}), joined.used > 0


def _by_lines(record: Record, behind: Sequence[str]) -> Joined:
    """A text that has line breaks of its own, or whose list was copied out of a page line by line."""
    best = Joined(record)
    for used, line in enumerate(behind, 1):
        candidate = _CANDIDATE.fullmatch(line.strip())
        if _FRAME.match(line):
            record = replace(record, text=f"{record.text}\n{line}")
        elif candidate and _missing(record.text) and record.text.rstrip()[-1:] in ":|).":
            record = replace(record, text=_listed(record.text, candidate["entry"]))
        elif is_open(record.text):
            record = replace(record, text=f"{record.text}\n{line}")
        else:
            break
        if not is_open(record.text):
            best = Joined(record, used)
    return best


def _listed(text: str, entry: str) -> str:
    text = text.rstrip(" |")
    return f"{text} {entry}" if text.endswith(":") else f"{text} | {entry}"


def _folded(line: str, record: Record, behind: Sequence[str], fold: Fold, read: Reader) -> Joined:
    """A line that was broken at a width: every part but the last is as long as the others, to a letter or a word."""
    best, last = Joined(record), line
    width = len(behind[0]) if len(behind[0]) == len(line) + 1 else len(line)  # a blank at the end is lost in a copy
    for used, part in enumerate(behind, 1):
        unfinished = is_unfinished(record) or _has_fields(record, part) or _are_columns(last, part, width, fold)
        if not (unfinished or (used > 1 and _is_full(last, part, width, fold))) or not _fits(last, part, width, fold):
            break
        glue = "" if len(last) != width - 1 and (last.endswith(" ") or not _FIELD.match(part)) else " "
        line = line.rstrip() + " " + part.lstrip() if fold == "blank" else line + glue + part
        whole = read(line)
        if whole is None:
            break
        record, last = whole, part
        width = max(width, len(part)) if fold == "blank" else width
        if not is_unfinished(record):
            best = Joined(record, used)
    return best


def _has_fields(record: Record, part: str) -> bool:
    """True where the part begins with a field, or holds one and the record's own last field may be cut."""
    spoken = "event" in record.meta and not any(record.meta.get(key) for key in _LAST)
    may_be_cut = spoken or bool(_FIELD_AT_END.search(record.text))
    return bool(_FIELD.match(part) or (may_be_cut and _FIELD_INSIDE.search(part)))


def _are_columns(last: str, part: str, width: int, fold: Fold) -> bool:
    """Two lines of one and the same length are a terminal's, more often than not."""
    return fold == "width" and width >= _NARROWEST and len(last) == len(part) == width


def _fits(last: str, part: str, width: int, fold: Fold) -> bool:
    if fold == "blank":
        return True
    return width >= _NARROWEST and len(part) <= width and len(last) >= width - 1


def _is_full(last: str, part: str, width: int, fold: Fold) -> bool:
    if fold == "width":
        return len(last) == width
    word = part.split(maxsplit=1)
    return bool(word) and len(last.rstrip()) + 1 + len(word[0]) > width


def is_open(text: str) -> bool:
    """True where a quote, a bracket or a page begun in a text is not closed in it."""
    quote = _QUOTE.search(text)
    if quote and '"' not in text[quote.end() :] and not text.rstrip().endswith("}"):
        return True
    return balance(text) > 0 or bool(_PAGE.search(text) and not _PAGE_END.search(text))


def is_unfinished(record: Record) -> bool:
    """True where the form of a record says that something is missing at its end."""
    if "event" in record.meta and not any(record.meta.get(key) for key in _TELLING):
        return True
    return is_open(record.text) or _missing(record.text) or templates.match(record) is None


def _missing(text: str) -> bool:
    if _BEGUN_SUMMARY.search(text):
        return True
    summary = _SUMMARY.search(text)
    if summary and text.count("(") > text.count(")"):  # behind each candidate stands its reason
        return True
    return bool(summary) and len(split_summary(text)) < int(summary["n"])  # type: ignore[index] # summary is not None
