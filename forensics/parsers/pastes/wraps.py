"""Where a record ends that goes on over several lines: folded at a width, at a blank, or of several lines by itself.

What follows is part of it only where its own form says so (a quote, a bracket, a list or a sentence that is not
finished) or where the lines are as full as only a terminal makes them. All else is somebody's prose.
"""

from __future__ import annotations

import math
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
MOST = 60  # lines of one record
_MOST_OF_AN_OPENING = 4  # lines that the opening words of a record may take
_OPENING = re.compile(  # how lines of OpenClaw begin, as far as the narrowest line holds it
    r"\[?\d|\[[a-z]|⚠|System:|(?:Embedded |Followup )?[Aa]gent |embedded[ _]|model[ _]|auth[ _]|lane |candidate|"
    r"All (?:image )?models|No (?:API|available)|Provider |OAuth |Token |Failover|Fallback|Error: |Something went"
)
_SUMMARY = re.compile(r"All (?:image )?models failed \((?P<n>\d{1,3})\):")
_BEGUN_SUMMARY = re.compile(
    r"(?:^|: )(?:A|Al|All\b(?: [a-z]*| (?:image )?models [a-z]*| (?:image )?models failed \(?\d*\)?:?)?)\s*\Z"
)
_REASON_MISSING = re.compile(r"\([a-z_]+\) \|[^|]*[^|)\s][^|)]*\Z")  # others have theirs, the last has none
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
    behind = behind[:MOST]
    if not behind:
        return Joined(record)
    by_lines = _by_lines(record, behind)
    by_width, by_blanks = (_folded(line, record, behind, fold, read) or Joined(record) for fold in _FOLDS)
    if len(behind) > 1 and len(behind[0]) == len(line):
        return max((Joined(record), by_width, by_lines, by_blanks), key=_worth)
    return max((Joined(record), by_lines, by_blanks, by_width), key=_worth)


def _worth(joined: Joined) -> tuple[bool, bool, int, int, bool, bool]:
    matched = templates.match(joined.record)
    fields = matched[1] if matched else {}
    known = sum(name in fields for name in ("http_status", "error_type", "request_id", "provider", "model", "run"))
    whole = "event" not in joined.record.meta  # not read leniently
    own_sentence = fields.get("role") == "echo"  # with a word too many or a blank too few it is none
    return matched is not None, whole, known, len(fields.keys() - {"text_cut"}), own_sentence, joined.used > 0


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


def is_opening(line: str) -> bool:
    """True for a line that may be the first part of a record."""
    return len(line) >= _NARROWEST and bool(_OPENING.match(line))


def begun(line: str, behind: Sequence[str], read: Reader) -> Joined | None:
    """The record of a line that was broken before its kind could be told, None where the lines behind tell of none."""
    if not behind:
        return None
    folds = [joined for fold in _FOLDS if (joined := _folded(line, None, behind[:MOST], fold, read))]
    known = [joined for joined in folds if templates.match(joined.record) is not None]
    return max(known, key=_worth, default=None)


def _folded(line: str, record: Record | None, behind: Sequence[str], fold: Fold, read: Reader) -> Joined | None:
    """A line that was broken at a width: every part but the last is as long as the others, to a letter or a word."""
    best, last = Joined(record) if record else None, line
    shape = _Shape(fold, len(line), behind[0])
    for used, part in enumerate(behind, 1):
        if not shape.goes_on(record, last, part, used) or (record is None and used > _MOST_OF_AN_OPENING):
            break
        line = shape.glued(line, last, part)
        whole = read(line)
        if whole is None and record is not None:
            break
        record, last = whole, part
        shape.add(part)
        if record and not is_unfinished(record):
            best = Joined(record, used)
    return best


class _Shape:
    """How the lines of one record were broken, as far as those seen tell."""

    def __init__(self, fold: Fold, length: int, second: str) -> None:
        self._fold = fold
        # a blank at the end is lost in a copy
        self.width = len(second) if fold == "width" and len(second) == length + 1 else length
        self._below: float = math.inf  # a line this wide would have taken the next word as well
        self._end = length

    def add(self, part: str) -> None:
        if self._fold == "blank":
            self._below, self.width, self._end = (
                self._limit(part),
                max(self.width, len(part.rstrip())),
                len(part.rstrip()),
            )

    def _limit(self, part: str) -> float:
        return min(self._below, self._end + 1 + len(part.split(maxsplit=1)[0]))

    def goes_on(self, record: Record | None, last: str, part: str, used: int) -> bool:
        """True where a part is the next one of its record by its form, and by what it says."""
        if _FIELD.match(part) and self._fold == "blank":  # people break lines before a field, wherever it stands
            return True
        if self._fold == "blank":
            fits = max(self.width, len(part.rstrip())) < self._limit(part)
            return fits and (record is None or is_unfinished(record) or _has_fields(record, part))
        if self.width < _NARROWEST or len(part) > self.width or len(last) < self.width - 1:
            return False
        if record is None or is_unfinished(record) or _has_fields(record, part) or len(last) == len(part) == self.width:
            return True
        return used > 1 and len(last) == self.width and not _is_new_sentence(last, part)

    def glued(self, line: str, last: str, part: str) -> str:
        if self._fold == "blank":
            return f"{line.rstrip()} {part.lstrip()}"
        whole = len(last) == self.width - 1 and not last.endswith(" ")
        return line + (" " if whole and _FIELD.match(part) else "") + part


def _is_new_sentence(last: str, part: str) -> bool:
    """True for a part that no word and no sentence goes on in; a blank between the two would stand in one of them."""
    return part[:1].isupper() and (last[-1:].islower() or last[-1:] in "\".!?)'")


def _has_fields(record: Record, part: str) -> bool:
    """True where the part begins with a field, or holds one and the record's own last field may be cut."""
    spoken = "event" in record.meta and not any(record.meta.get(key) for key in _LAST)
    may_be_cut = spoken or bool(_FIELD_AT_END.search(record.text))
    return bool(_FIELD.match(part) or (may_be_cut and _FIELD_INSIDE.search(part)))


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


def _is_begun_field(text: str) -> bool:
    """True for a sentence that ends within the name of its first field, or before it."""
    _, colon, rest = text.rpartition(":")
    return bool(colon) and any(name.startswith(rest.strip()) for name in FIELDS)


def _missing(text: str) -> bool:
    if _BEGUN_SUMMARY.search(text) or _is_begun_field(text):
        return True
    summary = _SUMMARY.search(text)
    if summary and (text.count("(") > text.count(")") or _REASON_MISSING.search(text)):
        return True
    return bool(summary) and len(split_summary(text)) < int(summary["n"])  # type: ignore[index] # summary is not None
