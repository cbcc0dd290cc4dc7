"""One check: every condition asked of a case as of one moment, the worst first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from forensics.case import Case
from forensics.text import moment
from forensics.watch.condition import Inquiry, Trouble
from forensics.watch.conditions import CONDITIONS
from forensics.watch.settings import Settings

SCHEMA = "openclaw-forensics/check/1"
WELL, NOW, CANNOT_LOOK, SOON = 0, 1, 2, 3  # exit codes
_STATUS = {WELL: "well", NOW: "now", CANNOT_LOOK: "could not look", SOON: "soon"}
_NO_TIME = "9999"


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What a check found. `unseen` says what is missing where the evidence could not have shown a trouble."""

    now: datetime
    troubles: tuple[Trouble, ...]
    asked: tuple[str, ...] = ()
    unseen: str | None = None

    @property
    def code(self) -> int:
        """0 well, 1 something needs a person now, 2 nothing could have shown, 3 soon."""
        urgencies = {trouble.urgency for trouble in self.troubles}
        if urgencies:
            return NOW if "now" in urgencies else SOON
        return CANNOT_LOOK if self.unseen else WELL


def check(case: Case, now: datetime, settings: Settings, last_check: datetime | None = None) -> CheckResult:
    """Ask every condition that the settings name."""
    troubles = [
        trouble
        for condition in CONDITIONS
        if condition.name in settings.asked
        for trouble in condition.find(Inquiry(case, now, last_check, settings.asked[condition.name]))
    ]
    once = {trouble.key: trouble for trouble in sorted(troubles, key=_order, reverse=True)}
    return CheckResult(now, tuple(sorted(once.values(), key=_order)), tuple(settings.asked), _unseen(case))


def _unseen(case: Case) -> str | None:
    """What to look at besides, where the evidence would look the same in an incident."""
    if case.verdict.verdict not in ("cannot tell", "client refused"):
        return None
    return "; ".join(["nothing here would show a failure", *(f"add {what}" for what in case.verdict.send[:1])])


def _order(trouble: Trouble) -> tuple[bool, int, str, str]:
    """Now before soon; then as the conditions are ordered by what people feel; then the oldest."""
    rank = {name: n for n, name in enumerate(("open_incident", "gateway_silent", "restart_storm", "outliving_block"))}
    since = trouble.since.isoformat() if trouble.since else _NO_TIME
    return trouble.urgency != "now", rank.get(trouble.condition, len(rank)), since, trouble.key


def line(trouble: Trouble) -> str:
    """One trouble on one line."""
    since = f" (since {moment(trouble.since)})" if trouble.since else ""
    return f"{trouble.urgency.upper()} {trouble.condition}: {trouble.sentence}{since} -> {trouble.advice}"


def in_json(result: CheckResult, troubles: Iterable[Trouble], ended: Iterable[str]) -> Mapping[str, object]:
    """For programs: schema `openclaw-forensics/check/1`; keys may be added. The status is that of the whole result;
    `troubles` are those to be listed, `ended` the keys of those that are over."""
    return {
        "schema": SCHEMA,
        "now": _stamp(result.now),
        "status": _STATUS[result.code],
        "unseen": result.unseen,
        "troubles": [_row(trouble) for trouble in troubles],
        "ended": list(ended),
        "asked": list(result.asked),
    }


def _row(trouble: Trouble) -> dict[str, object]:
    return {
        "key": trouble.key,
        "condition": trouble.condition,
        "urgency": trouble.urgency,
        "subject": trouble.subject,
        "sentence": trouble.sentence,
        "advice": trouble.advice,
        "since": _stamp(trouble.since),
        "due": _stamp(trouble.due),
        "evidence": list(trouble.evidence),
    }


def _stamp(time: datetime | None) -> str | None:
    return time.isoformat(timespec="seconds").replace("+00:00", "Z") if time else None
