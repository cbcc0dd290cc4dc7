"""What an answer rests on: the evidence, what was asked of it, and what could not be read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from forensics.evidence.selection import is_left_out_on_purpose
from forensics.parsers.read_items import NOT_RECOGNISED
from forensics.text import clock, counted, moment, visible
from forensics.timeless import is_dateless

if TYPE_CHECKING:
    from forensics.case import Case

_TAKEN_FOR_NOW = {
    "given": "as asked for",
    "newest state": "the newest time in the state files",
    "file date": "the newest date of a file: nothing in the evidence has a time of its own",
    "end of the span": "the end of what was asked about",
}
_MOST_NAMED = 4  # files
_ZONE = "Times without a zone are taken for UTC; where the host kept another, give it with --timezone"


def evidence_line(case: Case) -> str:
    """`bundle · OpenClaw 2026.2.9 · 20 Nov 2026 08:33 to 11:44 UTC`: what an answer is about."""
    first, last = _known_span(case)
    releases = f"OpenClaw {', '.join(case.releases)}" if case.releases else "release not known"
    day = "%H:%M" if first and last and first.date() == last.date() else "%d %b %Y %H:%M"
    stretch = f"{first:%d %b %Y %H:%M} to {last:{day}} UTC" if first and last else "no time known"
    return f"{visible(case.name)} · {releases} · {stretch}"


def _known_span(case: Case) -> tuple[datetime | None, datetime | None]:
    """The stretch of the evidence, as far as its days are known."""
    first, last = case.timeline.first_time, case.timeline.last_time
    return (first, last) if first and last and not is_dateless(first) else (None, None)


def looked_at(case: Case) -> str:
    """One sentence on what the answer rests on: files, lines, releases, stretch of time, answered turns."""
    files, lines = case.timeline.files, sum(file.lines for file in case.timeline.files)
    releases = f" of release {', '.join(case.releases)}" if case.releases else ""
    answers = sum(event.count for event in case.timeline.events if event.role == "answer")
    return (
        f"Looked at {visible(case.name)}: {counted(len(files), 'file')} with {counted(lines, 'line')}{releases}"
        f"{_covering(case)}: {counted(answers, 'answer')}, {_checks(case)}."
    )


def asked_about(case: Case) -> str | None:
    """What part was asked about, and which moment was taken for "now" where no event tells; None for neither."""
    whole, taken = case.scope.in_words, _TAKEN_FOR_NOW.get(case.asked.basis)
    now = f'"Now" is {moment(case.asked.time)}, {taken}' if taken and case.asked.time else None
    return "".join(f"{part}. " for part in (whole, now) if part).strip() or None


def _covering(case: Case) -> str:
    first, last = _known_span(case)
    return f", from {moment(first)} to {clock(last, first)}" if first and last else ""


def _checks(case: Case) -> str:
    ran = sum(check.status == "ran" for check in case.answers.checks)
    silent = [check.detector for check in case.answers.checks if check.status != "ran"]
    unable = f" (not {', '.join(silent)}: what it needs is not in the evidence)" if silent else ""
    return f"{counted(ran, 'check')} ran{unable}"


def not_read(case: Case) -> str | None:
    """One sentence on lines and inputs the answer had to do without; None where nothing is missing."""
    missing = list(dict.fromkeys(name for incident in case.incidents for name in incident.missing))
    parts = [*_unread(case), *_foreign(case)]
    parts += [_ZONE] if _zone_is_assumed(case) else []
    if _log_is_missing(case):
        parts.append(f"the gateway log is missing; {where_the_log_lies(case)}")
        missing = [name for name in missing if not name.startswith("the gateway log")]
    parts += [f"not in the evidence: {'; '.join(missing)}"] if missing else []
    return f"{'. '.join(part[0].upper() + part[1:] for part in parts)}." if parts else None


def _unread(case: Case) -> Iterator[str]:
    """`3 lines of a.log and something in b.sqlite could not be read`: what OpenClaw wrote and nobody can use."""
    lost = Counter[str]()
    for reject in case.timeline.rejects:
        if reject.why != NOT_RECOGNISED and not is_left_out_on_purpose(reject.why):
            lost[reject.source] += reject.lines
    if not lost:
        return
    files = [
        f"{counted(lines, 'line')} of {visible(source)}" if lines else f"something in {visible(source)}"
        for source, lines in lost.most_common(_MOST_NAMED)
    ]
    more = [f"{counted(len(lost) - len(files), 'more file')}"] if len(lost) > len(files) else []
    yield f"{', '.join([*files, *more])} could not be read"


def _foreign(case: Case) -> Iterator[str]:
    """Files that are not of OpenClaw: nothing of the answer is missing for their sake."""
    sources = {reject.source for reject in case.timeline.rejects if reject.why == NOT_RECOGNISED}
    if sources:
        verb = "is" if len(sources) == 1 else "are"
        yield f"{counted(len(sources), 'file')} {verb} not OpenClaw's and {verb} left aside"


def _log_is_missing(case: Case) -> bool:
    """State of OpenClaw without a log: whatever nobody wrote into the state has left no trace in it."""
    kinds = {file.kind for file in case.timeline.files}
    return "log" not in kinds and bool(case.timeline.state or case.timeline.credentials)


def where_the_log_lies(case: Case) -> str:
    """Where a gateway writes: as configured, and its default place, which some releases use whatever is configured."""
    configured = visible(case.timeline.records.config.log_file or "")
    usual = "it usually lies in /tmp/openclaw/openclaw-DATE.log on the machine of the gateway"
    named = f"{configured} is configured, otherwise " if configured else ""
    return f"{named}{usual}: give it beside the rest"


def _zone_is_assumed(case: Case) -> bool:
    """True where a time states no zone, no other record tells it, and nobody said which it is."""
    assumed = ("assumed_zone", "assumed_date")
    return case.scope.timezone is None and any(event.time_basis in assumed for event in case.timeline.events)
