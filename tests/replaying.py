"""A capture as it was at a moment: what was read of it, cut by time, its state as its truth tells.

Reading once and cutting what was read is a hundred times faster than cutting files, and the same for every kind of
store. Run as a program it prints when `check` spoke, scenario by scenario: python tests/replaying.py CAPTURES.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from forensics.case import Case, open_case, reason
from forensics.case.scope import Moment, Scope
from forensics.parsers.stores.reading.auth import STATS
from forensics.parsers.timeline import Timeline
from forensics.tables import Credential, StateValue
from forensics.watch.check import CheckResult, check
from forensics.watch.settings import read_settings

DEFAULTS = read_settings(None)
_AUTH = ("auth_profiles", "auth_state")
_OUTPUTS = ("models_status", "models_status_text", "status_output")
_PINS = re.compile(r"(?:authProfile|model|provider)Override")
_STAMP = re.compile(r"(?:At|AtMs|ended|completed)\Z")
_OUTCOMES = re.compile(
    r"outcome|ended|cleanup|announce|delivery|state\.(?!nextRun)|last|status|abort|consecutive", re.I
)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


@dataclass(frozen=True)
class Replay:
    """A capture read once, and its truth."""

    whole: Case
    truth: Mapping[str, Any]

    @classmethod
    def of(cls, capture: Path) -> Replay:
        return cls(open_case(capture / "evidence"), json.loads((capture / "truth.json").read_text()))

    @property
    def begin(self) -> datetime:
        """When the gateway was first ready."""
        return next(moment(e["t"]) for e in self.truth["timeline"] if "ready" in e["what"])

    @property
    def end(self) -> datetime:
        return moment(self.truth["timeline"][-1]["t"])

    @property
    def refusals(self) -> set[datetime]:
        """When the provider refused."""
        return {moment(f["time"]) for f in self.truth.get("all_provider_failures") or ()}

    @cached_property
    def stops(self) -> Sequence[tuple[datetime, datetime]]:
        """When the gateway was stopped for good or for a restart."""
        stops = [moment(e["t"]) for e in self.truth["timeline"] if e["what"].startswith("gateway stop")]
        ready = [moment(e["t"]) for e in self.truth["timeline"] if e["what"].startswith("gateway ready")]
        return [(stop, min((r for r in ready if r > stop), default=datetime.max.replace(tzinfo=UTC))) for stop in stops]

    def case(self, now: datetime) -> Case:
        """The case of one who looked then."""
        return reason("replayed", self._timeline(now), Scope(), Moment(now, "now"))

    def check(self, now: datetime) -> CheckResult:
        case = self.case(now)
        return check(case, now, DEFAULTS)

    def _timeline(self, now: datetime) -> Timeline:
        timeline = self.whole.timeline
        files = [f for f in timeline.files if f.kind not in _OUTPUTS and (f.first_time is None or f.first_time <= now)]
        return replace(
            timeline,
            files=tuple(replace(f, mtime=now, last_time=min(f.last_time, now) if f.last_time else None) for f in files),
            events=tuple(e for e in timeline.events if e.time and e.time <= now),
            activity=tuple(a for a in timeline.activity if a.minute and a.minute <= now),
            state=(*self._kept(now), *self._stats(now), *self._pins(now)),
            credentials=tuple(self._credential(login, now) for login in timeline.credentials),
        )

    def _kept(self, now: datetime) -> Iterator[StateValue]:
        """State that does not come from the truth: without what was written later."""
        late = {(r.store, r.agent, r.entity) for r in self.whole.timeline.state if _is_later(r, now)}
        for row in self.whole.timeline.state:
            told = (row.store in _AUTH and row.key in STATS) or (row.store == "sessions" and _PINS.match(row.key))
            later = (row.store, row.agent, row.entity) in late and (_is_later(row, now) or _OUTCOMES.search(row.key))
            if row.store not in _OUTPUTS and not told and not later:
                yield replace(row, observed_at=now)

    def _stats(self, now: datetime) -> Iterator[StateValue]:
        latest = {
            (e["file"], e["profile"]): e for e in self.truth.get("cooldown_timeline") or () if moment(e["seen"]) <= now
        }
        for (file, profile), entry in latest.items():
            agent = re.search(r"agents/([^/]+)/", file)
            for key in STATS:
                if key in entry:
                    place = f"{file}#/usageStats/{profile}/{key}"
                    yield _row("auth_profiles", place, profile, key, entry[key], agent[1] if agent else "main", now)

    def _pins(self, now: datetime) -> Iterator[StateValue]:
        latest = {e["session"]: e for e in self.truth.get("overrides_timeline") or () if moment(e["seen"]) <= now}
        for session, entry in latest.items():
            for key in (key for key in entry if _PINS.match(key)):
                agent = session.split(":")[1] if session.startswith("agent:") else "main"
                yield _row("sessions", f"sessions.json#/{session}/{key}", session, key, entry[key], agent, now)

    def _credential(self, login: Credential, now: datetime) -> Credential:
        """Before a desync began every copy was the old pair; until its end its agents held it."""
        for desync in self.truth.get("desync") or ():
            start, end = moment(desync["start"]), moment(desync["end"]) if desync.get("end") else self.end
            behind = now < end if login.agent in desync["agents"] else now < start
            if login.provider == desync["provider"] and login.refresh and behind:
                return replace(
                    login, access="fp:000000000001", refresh="fp:000000000002", expires_at=self._bite, mtime=self.begin
                )
        return login

    @property
    def _bite(self) -> datetime:
        expired = [moment(e["t"]) for e in self.truth["timeline"] if "expired" in e["what"]]
        return expired[0] if expired else moment(self.truth["incidents"][0]["first_failure"]["time"])


def _is_later(row: StateValue, now: datetime) -> bool:
    if not _STAMP.search(row.key) or not row.value.isdigit() or len(row.value) != 13:
        return False
    return int(row.value) / 1000 > now.timestamp()


def _row(store: str, place: str, entity: str, key: str, value: object, agent: str, now: datetime) -> StateValue:
    return StateValue(
        source=f".openclaw/{place.removeprefix('.openclaw/')}", store=store, observed_at=now, agent=agent,
        entity=entity,
        key=key, value=json.dumps(value),
    )  # fmt: skip


def moments(replay: Replay, every: timedelta) -> Iterator[datetime]:
    """While the gateway is up, and a little after each failure and rotation that the provider saw."""
    seen = replay.refusals | {moment(desync["start"]) for desync in replay.truth.get("desync") or ()}
    steps = int((replay.end - replay.begin) / every) + 1
    times = {replay.begin + n * every for n in range(1, steps + 1)} | {t + timedelta(seconds=90) for t in seen}
    for time in sorted(times):
        if replay.begin < time < replay.end and not any(a <= time < b for a, b in replay.stops):
            yield time


@dataclass(frozen=True)
class Spoken:
    """When `check` first said what."""

    capture: str
    now: tuple[datetime, str] | None
    soon: tuple[datetime, str] | None
    failed: datetime | None
    noticed: datetime | None
    lost: datetime | None  # the first run that failed for good, or the first result that was given up


def _first_loss(replay: Replay) -> datetime | None:
    """At which refusal a run was lost that nothing made good."""
    for time in sorted(replay.refusals):
        case = replay.case(time + timedelta(minutes=2))  # by then what a retry absorbs is absorbed
        if case.lost_results or any(i.impact.runs_failed or i.impact.messages_unanswered for i in case.incidents):
            return time
    return None


def spoken(capture: Path, every: timedelta) -> Spoken:
    replay = Replay.of(capture)
    first: dict[str, tuple[datetime, str]] = {}
    for time in moments(replay, every):
        for trouble in replay.check(time).troubles:
            first.setdefault(trouble.urgency, (time, trouble.condition))
    failures = [moment(i["first_failure"]["time"]) for i in replay.truth.get("incidents") or ()]
    notices = [i.impact.notice.time for i in replay.whole.incidents if i.impact.notice]
    name = f"{capture.parent.name}/{capture.name}"
    seen = (min(failures, default=None), min(notices, default=None), _first_loss(replay))
    return Spoken(name, first.get("now"), first.get("soon"), *seen)


def table(captures: Sequence[Path], every: timedelta) -> Iterator[str]:
    yield "| capture | first failure | check, soon | check, now | a person could notice | too late |"
    yield "|---|---|---|---|---|---|"
    for capture in captures:
        told = spoken(capture, every)
        cells = [f"{t:%H:%M:%S}" if t else "-" for t in (told.failed, told.noticed, told.lost)]
        checks = [f"{c[0]:%H:%M:%S} {c[1]}" if c else "silent" for c in (told.soon, told.now)]
        yield f"| {told.capture} | {cells[0]} | {checks[0]} | {checks[1]} | {cells[1]} | {cells[2]} |"


if __name__ == "__main__":
    root = Path(sys.argv[1])
    chosen = [p.parent for p in sorted(root.glob("*/*/truth.json")) if not sys.argv[3:] or sys.argv[3] in str(p)]
    for printed in table(chosen, timedelta(minutes=float(sys.argv[2]) if sys.argv[2:] else 5)):
        sys.stdout.write(f"{printed}\n")
        sys.stdout.flush()
