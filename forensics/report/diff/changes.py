"""What is different about an incident that two cases have, and whether that is worse."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from forensics.incidents.incident import Incident

_MATERIAL = 1.25  # counts of two mornings are never equal: up to a quarter more is not worse
_LEAST = {"": 2, "s": 60}
_WRONG = ("misclassified", "weak")

Value = str | int


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that differs. `unit` is `s` for seconds; `worse` is True where B is worse off."""

    what: str
    a: Value
    b: Value
    worse: bool = False
    unit: str = ""


def changes(a: Incident, b: Incident, *, a_sees_all: bool = True, b_sees_all: bool = True) -> tuple[Change, ...]:
    """All that differs, the telling first.

    `a_sees_all`: A has every kind of evidence that B has; without that, more of something in B is only seen better.
    `b_sees_all` the other way round; without that, a recovery may only be out of sight.
    """
    found = [change for change in (*_told(a, b), *_counted(a, b)) if change.a != change.b]
    sure = {"over": b_sees_all}
    return tuple(replace(change, worse=change.worse and sure.get(change.what, a_sees_all)) for change in found)


def _told(a: Incident, b: Incident) -> Iterator[Change]:
    yield Change("over", _over(a), _over(b), worse=a.end is not None and b.end is None)
    yield Change("true reason", a.true_reason, b.true_reason)
    yield Change("verdict", a.verdict, b.verdict, worse=b.verdict in _WRONG and a.verdict not in _WRONG)
    yield Change("recorded as", ", ".join(a.recorded_reasons), ", ".join(b.recorded_reasons))
    yield Change("credentials", ", ".join(sorted(a.profiles)), ", ".join(sorted(b.profiles)))


def _over(incident: Incident) -> str:
    return "yes" if incident.end else "no"


def _counted(a: Incident, b: Incident) -> Iterator[Change]:
    if a.end and b.end:
        yield _number("lasted", _lasted(a.end, a), _lasted(b.end, b), "s")
    yield _number("windows", len(a.windows), len(b.windows))
    yield _number("out of use", _out_of_use(a), _out_of_use(b), "s")
    yield _number("calls that failed", a.failures, b.failures)
    yield _number("echoes", a.echoes, b.echoes)
    yield _number("runs failed", a.impact.runs_failed, b.impact.runs_failed)
    if a.impact.messages_unanswered is not None and b.impact.messages_unanswered is not None:
        yield _number("messages unanswered", a.impact.messages_unanswered, b.impact.messages_unanswered)
    yield _number("cron runs failed", a.impact.cron_runs, b.impact.cron_runs)
    yield _number("longest silence", a.impact.longest_silence_s, b.impact.longest_silence_s, "s")


def _number(what: str, a: int, b: int, unit: str = "") -> Change:
    return Change(what, a, b, b > a * _MATERIAL and b - a >= _LEAST[unit], unit)


def _lasted(end: datetime, incident: Incident) -> int:
    """Seconds from the first failure to the recovery."""
    return round((end - incident.began).total_seconds())


def _out_of_use(incident: Incident) -> int:
    """Seconds of all windows whose end is known, added up."""
    return round(sum((w.end - w.start).total_seconds() for w in incident.windows if w.end))
