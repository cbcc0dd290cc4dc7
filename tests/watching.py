"""Small builders for tests of `check`: a case out of events and records, asked at one moment; a home on disk."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from forensics.case import Case, reason
from forensics.case.scope import Moment, Scope
from forensics.detectors.questions import examples
from forensics.parsers.timeline import Timeline
from forensics.tables import Credential, Event, StateValue
from forensics.watch.check import check
from forensics.watch.condition import Trouble
from forensics.watch.settings import read_settings

SCOPE = (
    '403 {"type":"error","error":{"type":"permission_error","message":"OAuth token does not meet scope requirement"}}'
)


def case(
    now: str,
    *,
    events: Iterable[Event] = (),
    state: Iterable[Sequence[StateValue]] = (),
    credentials: Iterable[Credential] = (),
    mtime: datetime | None = None,
) -> Case:
    """The case at `now`; `mtime` is when every file was last written."""
    records = list(state)
    facts = examples.facts(events=events, state=records, credentials=credentials, now=now)
    timeline = Timeline(
        files=tuple(replace(file, mtime=mtime) for file in facts.files),
        events=facts.events,
        rejects=(),
        activity=(),
        state=tuple(row for record in records for row in record),
        credentials=facts.credentials,
        chunks=Counter(),
        secrets=frozenset(),
    )
    return reason("invented", timeline, Scope(), Moment(examples.at(now), "now"))


def troubles(found: Case, *changes: str, last: datetime | None = None) -> dict[str, Trouble]:
    """Condition -> its first trouble."""
    assert found.now
    listed = check(found, found.now, read_settings(None, changes), last).troubles
    return {trouble.condition: trouble for trouble in reversed(listed)}


def log_line(time: datetime, subsystem: str, *parts: object, level: str = "INFO") -> str:
    """One line of the gateway's file log."""
    stamp, name = time.isoformat(timespec="milliseconds").replace("+00:00", "Z"), json.dumps({"subsystem": subsystem})
    numbered = {str(n): part for n, part in enumerate((name, *parts))}
    meta = {"runtime": "node", "name": name, "date": stamp, "logLevelName": level}
    return json.dumps({**numbered, "_meta": meta, "time": stamp}, separators=(",", ":")) + "\n"


def home(folder: Path, now: datetime, *, broken: bool) -> Path:
    """A home whose only login is refused since ten minutes, or answers."""
    state = folder / ".openclaw"
    agent = state / "agents" / "main"
    for place in (agent / "agent", agent / "sessions", state / "logs"):
        place.mkdir(parents=True, exist_ok=True)
    (state / "openclaw.json").write_text('{"meta": {"lastTouchedVersion": "2026.5.28"}}')
    login = {"type": "token", "provider": "anthropic", "token": "sk-ant-oat01-INVENTED-0001-AAAA"}
    (agent / "agent" / "auth-profiles.json").write_text(json.dumps({"profiles": {"anthropic:default": login}}))
    began = now - timedelta(minutes=10)
    lines = [log_line(began, "gateway", "listening on ws://127.0.0.1:18789 (PID 23)")]
    (state / "logs" / "openclaw.log").write_text("".join(lines))
    (agent / "sessions" / "5f0c.jsonl").write_text("".join(_talk(began, broken=broken)))
    return folder


def _talk(began: datetime, *, broken: bool) -> Iterable[str]:
    yield json.dumps({"type": "session", "version": 3, "id": "5f0c", "timestamp": _iso(began)}) + "\n"
    yield _entry(began + timedelta(seconds=1), {"role": "user", "content": [{"type": "text", "text": "hello"}]})
    answer = {"content": [], "stopReason": "error", "errorMessage": SCOPE} if broken else {
        "content": [{"type": "text", "text": "Good morning."}], "stopReason": "stop"}  # fmt: skip
    who = {"role": "assistant", "provider": "anthropic", "model": "claude-opus-4-6"}
    yield _entry(began + timedelta(seconds=2), {**who, **answer})


def _entry(time: datetime, message: dict[str, object]) -> str:
    stamped = {**message, "timestamp": round(time.timestamp() * 1000)}
    return json.dumps({"type": "message", "id": _iso(time), "timestamp": _iso(time), "message": stamped}) + "\n"


def _iso(time: datetime) -> str:
    return time.isoformat(timespec="milliseconds").replace("+00:00", "Z")
