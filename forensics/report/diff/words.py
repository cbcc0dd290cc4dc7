"""A comparison as a calm page: the answer first, then what went, came and stayed, and what was compared."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator

from forensics.case import Case
from forensics.incidents.incident import Incident
from forensics.report.diff import Compared, Comparison
from forensics.report.diff.changes import Change, Value
from forensics.report.diff.coverage import KINDS, covered
from forensics.report.diff.findings import FindingChange
from forensics.report.text.basis import evidence_line
from forensics.report.text.incident import cause_in_words, not_ended
from forensics.text import clip, clock, counted, duration, visible

_COLUMNS = 100
_TITLES = {
    "came": "Came",
    "same": "The same incident, seen in both",
    "again": "The same kind again",
    "went": "Went",
    "not looked": "Could not look for it in B",
}
_DID = {
    "came": "came",
    "again": "happened again",
    "same": "is in both",
    "went": "went",
    "not looked": "could not be looked for",
}


def page(comparison: Comparison) -> str:
    """The whole page, wrapped at 100 columns."""
    blocks = [_filled(answer(comparison), "")]
    blocks += [[title, *_told(comparison, relation)] for relation, title in _TITLES.items()]
    blocks.append(["Other findings", *(line for f in comparison.findings for line in _finding(f))])
    blocks.append(["What was compared", *_sides(comparison)])
    return "\n\n".join("\n".join(block) for n, block in enumerate(blocks) if n == 0 or len(block) > 1)


def answer(comparison: Comparison) -> str:
    """The first sentence."""
    a, b = comparison.a, comparison.b
    if comparison.same_files == len(a.timeline.files) == len(b.timeline.files):
        return f"A and B are the same evidence, file by file, with {counted(len(b.incidents), 'incident')}."
    if not comparison.incidents and not comparison.worse:
        return "Nothing new in B: neither A nor B has an incident."
    return f"{_verdict(comparison)}: {_counts(comparison)}."


def _verdict(comparison: Comparison) -> str:
    if any(pair.relation == "came" for pair in comparison.incidents):
        return "New in B"
    if comparison.worse:
        return "B is worse off"
    if all(pair.relation == "not looked" for pair in comparison.incidents):
        return "Nothing can be said about B"
    again = any(pair.relation == "again" for pair in comparison.incidents)
    return "Nothing of a new kind in B, but not gone either" if again else "Nothing new in B"


def _counts(comparison: Comparison) -> str:
    counts = [(sum(p.relation == relation for p in comparison.incidents), did) for relation, did in _DID.items()]
    parts = [f"{count} {did.replace('is', 'are') if count > 1 else did}" for count, did in counts if count]
    if parts:
        first, rest = parts[0].split(" ", 1)
        parts[0] = f"{counted(int(first), 'incident')} {rest}"
    worse = sum(pair.worse and pair.relation != "came" for pair in comparison.incidents)
    more = _more(comparison.findings)
    parts += [f"{worse} got worse"] if worse else []
    parts += [f"{counted(more, 'more finding')}"] if more else []
    return ", ".join(parts)


def _more(findings: Iterable[FindingChange]) -> int:
    return sum((f.b or 0) - (f.a or 0) for f in findings if f.worse)


def _told(comparison: Comparison, relation: str) -> Iterator[str]:
    for pair in comparison.incidents:
        if pair.relation == relation:
            yield from _filled(f"{pair.incident.provider}: {cause_in_words(pair.incident)}, {_when(pair)}", "  ")
            yield from _filled(f"{pair.note[0].upper()}{pair.note[1:]}." if pair.note else "", "      ")
            yield from (f"      {_change(change)}" for change in pair.changes)


def _when(pair: Compared) -> str:
    if pair.a and pair.b and (pair.a.start, pair.a.end) != (pair.b.start, pair.b.end):
        return f"in A {_stretch(pair.a)}, in B {_stretch(pair.b)}"
    return _stretch(pair.incident)


def _stretch(incident: Incident) -> str:
    if incident.end is None:
        return f"since {clock(incident.start)} UTC, {not_ended(incident)}"
    return f"{clock(incident.start)} to {clock(incident.end, incident.start)} UTC"


def _change(change: Change) -> str:
    worse = " (worse)" if change.worse else ""
    return f"{change.what}: {_value(change, change.a)} → {_value(change, change.b)}{worse}"


def _value(change: Change, value: Value) -> str:
    if isinstance(value, int):
        return duration(value) if change.unit == "s" else str(value)
    return clip(value, 60) or "nothing"


def _finding(found: FindingChange) -> Iterator[str]:
    if found.a == found.b:
        return
    worse = " (worse)" if found.worse else ""
    yield f"  {found.detector}, {found.verdict.replace('_', ' ')}: {_found(found.a)} → {_found(found.b)}{worse}"
    if found.worse:
        yield from _filled(found.summary, "      ")


def _found(count: int | None) -> str:
    return "could not look" if count is None else str(count or "none")


def _sides(comparison: Comparison) -> Iterator[str]:
    for name, case in (("A", comparison.a), ("B", comparison.b)):
        yield from _filled(f"{name}: {evidence_line(case)}, {counted(len(case.timeline.files), 'file')}.", "  ")
        yield from _filled(_lacking(name, case), "  ")
    if comparison.same_files:
        yield f"  The same in both, byte by byte: {counted(comparison.same_files, 'file')}."


def _lacking(name: str, case: Case) -> str:
    has = covered(case)
    lacks = [kind for kind in KINDS if kind not in has]
    silent = [check.detector for check in case.answers.checks if check.status != "ran"]
    parts = [f"lacks {' and '.join(lacks)}"] if lacks else []
    parts += [f"could not look for {', '.join(silent)}"] if silent else []
    return f"{name} {'; it '.join(parts)}." if parts else ""


def _filled(sentence: str, indent: str) -> list[str]:
    return textwrap.wrap(
        visible(sentence), _COLUMNS, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False
    )
