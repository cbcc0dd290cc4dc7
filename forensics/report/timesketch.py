"""timeline.jsonl: everything that has a time, one JSON object a line, as Timesketch imports it.

Each line has `message`, `datetime` (ISO 8601 with zone), `timestamp` (the same in microseconds since 1970) and
`timestamp_desc`; the rest become attributes, absent where not known, each of one type in every line.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from forensics.incidents.incident import Incident
from forensics.report.text.incident import headline
from forensics.tables import Credential, Event, Window
from forensics.text import clip, sealed_json, visible

if TYPE_CHECKING:
    from forensics.case import Case

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SERVES = {"answer": "answers again", "store": "was last used with success", None: "answers again"}
_SAID = 2000  # characters of a message
_MEANS = {  # role of an event -> what its time is the time of
    "failure": "Provider call failed",
    "echo": "Refused by the gateway",
    "decision": "Decision made",
    "window": "Window written",
    "answer": "Provider answered",
    "credential": "Credential used or renewed",
    "delivery": "Result announced",
    "schedule": "Turn, cron or heartbeat began",
    "lifecycle": "Gateway changed",
    "health": "Health noted",
    "noise": "Line logged",
}

Line = Mapping[str, object]


def timeline_jsonl(case: Case) -> bytes:
    """Events, the edges of windows, ends of tokens and incidents of a case, in order of time."""
    lines = [*_events(case), *_edges(case), *_expiries(case), *_incidents(case)]
    texts = (json.dumps(line, ensure_ascii=False, separators=(",", ":")) for line in sorted(lines, key=_order))
    return "".join(f"{sealed_json(text)}\n" for text in texts).encode("utf-8", "backslashreplace")


def _order(line: Line) -> tuple[object, ...]:
    return line["timestamp"], line["timestamp_desc"], line["message"], line.get("evidence", "")


def _line(time: datetime, meaning: str, message: str, **attributes: object) -> Line:
    """What is None stays out."""
    shown = {name: visible(value) if isinstance(value, str) else value for name, value in attributes.items()}
    told = {name: value for name, value in shown.items() if value is not None}
    return {
        "message": clip(message, _SAID),
        "datetime": time.astimezone(UTC).isoformat(timespec="microseconds"),
        "timestamp": (time - _EPOCH) // timedelta(microseconds=1),
        "timestamp_desc": meaning,
        **told,
    }


def _events(case: Case) -> Iterator[Line]:
    first = {i.first_failure.source: i.id for i in case.incidents}
    for event in case.timeline.events:
        if event.time:
            yield _event(event, event.time, first.get(f"{event.source}:{event.line}"))


def _event(event: Event, time: datetime, opened: str | None) -> Line:
    return _line(
        time,
        _MEANS.get(event.role, "Line logged"),
        f"{event.kind.replace('_', ' ')}: {event.text}" if event.text else event.kind.replace("_", " "),
        data_type=f"openclaw:{event.kind}",
        evidence=f"{event.source}:{event.line}",
        source=event.source,
        kind=event.kind,
        role=event.role,
        time_basis=event.time_basis,
        level=event.level,
        subsystem=event.subsystem,
        agent=event.agent,
        session=event.session,
        run=event.run,
        provider=event.provider,
        profile=event.profile,
        model=event.model,
        http_status=event.http_status,
        error_type=event.error_type,
        reason=event.recorded_reason,
        count=event.count,
        tag=[event.role, *([f"first-failure-{opened}"] if opened else [])],
    )


def _edges(case: Case) -> Iterator[Line]:
    for window in case.window_rows:
        yield _edge(window, window.start, "Window began", window.opened_by)
        if window.end:
            yield _edge(window, window.end, "Window ends", window.closed_by or window.opened_by)


def _edge(window: Window, time: datetime, meaning: str, evidence: str) -> Line:
    return _line(
        time,
        meaning,
        f"{meaning}: {window.kind} of {window.profile or window.provider}",
        data_type="openclaw:window",
        evidence=evidence,
        kind=window.kind,
        role="window",
        agent=window.agent,
        provider=window.provider,
        profile=window.profile,
        model=window.model,
        reason=window.reason_recorded,
        start_basis=window.start_basis,
        tag=["window", window.kind],
    )


def _expiries(case: Case) -> Iterator[Line]:
    return (_expiry(row, row.expires_at) for row in case.timeline.credentials if row.expires_at)


def _expiry(row: Credential, time: datetime) -> Line:
    return _line(
        time,
        "Access token ends",
        f"Access token of {row.profile} ends, in {row.store}",
        data_type="openclaw:credential",
        evidence=row.source,
        kind=row.type,
        role="credential",
        agent=row.agent,
        provider=row.provider,
        profile=row.profile,
        tag=["credential"],
    )


def _incidents(case: Case) -> Iterator[Line]:
    for incident in case.incidents:
        if incident.start:
            yield _incident(incident, incident.start, "Incident began", headline(incident))
        if incident.end:
            yield _incident(
                incident, incident.end, "Incident over", f"{incident.provider} {_SERVES[incident.end_basis]}"
            )


def _incident(incident: Incident, time: datetime, meaning: str, message: str) -> Line:
    return _line(
        time,
        meaning,
        f"{incident.id}: {message}",
        data_type="openclaw:incident",
        evidence=incident.first_failure.source,
        kind=incident.true_reason,
        role="incident",
        provider=incident.provider,
        profile=incident.first_failure.profile,
        model=incident.first_failure.model,
        http_status=incident.first_failure.http_status,
        reason=", ".join(incident.recorded_reasons) or None,
        tag=["incident", incident.id, incident.verdict],
    )
