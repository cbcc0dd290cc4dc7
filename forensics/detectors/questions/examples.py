"""Facts of an invented day, for the detectors' own examples: people, keys and times are made up.

Events and state go through the real reasoning, so that an example holds what a folder of evidence would hold.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from forensics.detectors.questions.detector import CaseFacts
from forensics.incidents.agent_runs import failed_runs
from forensics.incidents.attempts import attribute
from forensics.incidents.auth_profiles import read_profiles
from forensics.incidents.causes import find_causes
from forensics.incidents.cooldown_windows import build_windows
from forensics.incidents.evidence_coverage import EvidenceCoverage
from forensics.incidents.failures import merge_failures
from forensics.incidents.incidents import IncidentInputs, build_incidents
from forensics.incidents.window_inputs import WindowInputs
from forensics.openclaw.releases import OLDEST_KNOWN, Release, Running
from forensics.parsers.state_records import StateRecords
from forensics.tables import Credential, Event, File, StateValue

DAY = datetime(2026, 3, 2, tzinfo=UTC)
LOG = "logs/openclaw.log"
TRANSCRIPT = "agents/main/sessions/5f0c.jsonl"
MAIN = "agent:main:main"
A, B = "anthropic:default", "anthropic:backup"
LIMITED = '429 {"type":"error","error":{"type":"rate_limit_error","message":"Too many requests"}}'
REFUSED = '401 {"type":"error","error":{"type":"authentication_error","message":"invalid x-api-key"}}'
COOLING = "All models failed (1): anthropic/claude-opus-4-5: Provider anthropic is in cooldown (rate_limit)"

_FILES = {
    "auth_profiles": "agents/{agent}/agent/auth-profiles.json#/usageStats/{entity}",
    "auth_state": "agents/{agent}/agent/auth-state.json#/usageStats/{entity}",
    "sessions": "agents/{agent}/sessions/sessions.json#/{entity}",
    "subagent_runs": "subagents/runs.json#/runs/{entity}",
    "cron_jobs": "cron/jobs.json#/jobs/{entity}",
    "config": "openclaw.json#",
}
_KINDS = {"cron_run": "cron_runs", "subagent_run": "subagent_runs"}  # event kind -> kind of its file


def at(clock: str) -> datetime:
    """`09:18:58.877` on the day of the example; `33:00` is nine o'clock on the next one."""
    hours, minutes, seconds = (*clock.split(":"), "0")[:3]
    return DAY + timedelta(hours=int(hours), minutes=int(minutes), seconds=float(seconds))


def event(clock: str, kind: str, role: str, **more: Any) -> Event:
    """Any event, in the gateway log unless `source` says otherwise; its line is the second of the day."""
    line = 1 + int((at(clock) - DAY).total_seconds())
    facts: dict[str, Any] = {"kind": kind, "role": role, "source": LOG, "line": line, "time": at(clock)}
    return Event(**facts | more)


def turn(clock: str, **more: Any) -> Event:
    """A prompt in the main session's transcript."""
    return _entry(clock, "transcript_turn", "schedule", {"trigger": "message", "detail": f"prompt {clock}"} | more)


def answer(clock: str, **more: Any) -> Event:
    """The provider answered in the main session."""
    return _entry(clock, "transcript_answer", "answer", _MODEL | more)


def failure(clock: str, **more: Any) -> Event:
    """The provider refused in the main session, with a 429 unless `more` says otherwise."""
    refused: dict[str, Any] = {"http_status": 429, "error_type": "rate_limit_error", "text": LIMITED}
    return _entry(clock, "transcript_error", "failure", _MODEL | refused | more)


def echo(clock: str, **more: Any) -> Event:
    """The gateway refused by itself, in its log."""
    told = {"provider": "anthropic", "recorded_reason": "rate_limit", "text": COOLING}
    return event(clock, "embedded_agent_failed", "echo", **told | more)


def cron_run(clock: str, error: str = "", **more: Any) -> Event:
    """A finished run of a cron job."""
    facts = {"decision": "error" if error else "ok", "text": error, "trigger": "cron", "detail": "3a52"}
    return event(clock, "cron_run", "schedule", **{"source": "cron/runs/3a52.jsonl", "agent": "main"} | facts | more)


def stored(
    store: str, entity: str, values: Mapping[str, object], *, agent: str = "main", clock: str = "12:00"
) -> tuple[StateValue, ...]:
    """What one record of a state file held at `clock`; instants are written as milliseconds."""
    place = _FILES.get(store, f"{store}.json#/{{entity}}").format(agent=agent, entity=entity)
    return tuple(
        StateValue(
            source=f"{place}/{key.replace('.', '/')}",
            store=store,
            observed_at=at(clock),
            agent=agent,
            entity=entity,
            key=key,
            value=_json(value),
        )
        for key, value in values.items()
    )


def credential(profile: str, **more: Any) -> Credential:
    """A token of the main agent, unless `more` says otherwise; fingerprints come in through `more`."""
    agent = more.get("agent", "main")
    facts = {
        "source": f"agents/{agent}/agent/auth-profiles.json#/profiles/{profile}",
        "store": "auth_profiles",
        "agent": agent,
        "profile": profile,
        "provider": profile.partition(":")[0],
        "type": "token",
    }
    return Credential(**facts | more)


def facts(
    *,
    events: Iterable[Event] = (),
    state: Iterable[Sequence[StateValue]] = (),
    credentials: Iterable[Credential] = (),
    release: str = "2026.2.9",
    now: str = "12:00",
) -> CaseFacts:
    """Everything a detector may look at, reasoned out of events, stored records and credentials."""
    told = tuple(sorted(events, key=lambda e: (e.time or DAY, e.source, e.line)))
    rows, keys = tuple(row for record in state for row in record), tuple(credentials)
    records = StateRecords(rows)
    running, profiles = Running(Release.parse(release) or OLDEST_KNOWN), read_profiles(keys, records)
    attempts = attribute(merge_failures(told), told, profiles, running)
    windows = build_windows(WindowInputs(told, attempts, profiles, running, {}))
    failed = failed_runs(find_causes(attempts, windows, told), told)
    files = _files(told, rows, keys)
    kinds = {file.kind for file in files}
    seen = EvidenceCoverage(
        gateway_log="log" in kinds,
        transcripts="transcripts" in kinds,
        auth_state=bool(kinds & {"auth_profiles", "auth_state"}),
    )
    return CaseFacts(
        now=at(now),
        running=running,
        seen=seen,
        files=files,
        events=told,
        attempts=attempts,
        records=records,
        credentials=keys,
        profiles=profiles,
        windows=windows,
        failed=failed,
        incidents=build_incidents(failed, IncidentInputs(told, profiles, records, seen, running)),
    )


_MODEL = {"provider": "anthropic", "model": "claude-opus-4-5"}


def _entry(clock: str, kind: str, role: str, more: dict[str, Any]) -> Event:
    return event(clock, kind, role, **{"source": TRANSCRIPT, "agent": "main", "session": "5f0c"} | more)


def _json(value: object) -> str:
    stamp = round(value.timestamp() * 1000) if isinstance(value, datetime) else value
    return msgspec.json.encode(stamp).decode()


def _files(events: Iterable[Event], state: Iterable[StateValue], credentials: Iterable[Credential]) -> tuple[File, ...]:
    kinds = {o.source.partition("#")[0]: o.store for o in state}
    kinds |= {c.source.partition("#")[0]: c.store for c in credentials}
    kinds |= {e.source: _kind(e) for e in events}
    return tuple(File(path=path, kind=kind) for path, kind in sorted(kinds.items()))


def _kind(event: Event) -> str:
    return "transcripts" if event.kind.startswith("transcript_") else _KINDS.get(event.kind, "log")
