"""A stability bundle, from a file or a database: what the gateway last saw before it fell (facts 8.5).

It has no texts, only kinds and words of OpenClaw. Model calls that failed are failures without an answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from forensics.instants import lasting
from forensics.parsers.disclosure import Disclosure
from forensics.parsers.stores.reading.lines import Line, record
from forensics.parsers.stores.reading.values import inside, moment_iso, moment_ms, records, whole, word
from forensics.tables import Event, Role

EVENTS: Mapping[str, Disclosure] = {  # what comes of it, and what of that may leave
    "stability_bundle": Disclosure("error", detail="word"),
    "stability_call_error": Disclosure("error", detail="word"),
    "stability_failover": Disclosure("error", detail="word"),
    "stability_run_error": Disclosure("error", detail="word"),
    "stability_session_stalled": Disclosure(detail="word"),
    "stability_session_stuck": Disclosure(detail="word"),
}

_KINDS: Mapping[str, tuple[str, Role]] = {
    "model.call.error": ("stability_call_error", "failure"),
    "model.failover": ("stability_failover", "decision"),
    "harness.run.error": ("stability_run_error", "health"),
    "session.stalled": ("stability_session_stalled", "health"),
    "session.stuck": ("stability_session_stuck", "health"),
}


def bundle_events(bundle: Mapping[str, object], line_of: Callable[[int], Line]) -> Iterator[Event]:
    """The bundle itself, then its records in their order; `line_of` tells where a `seq` stands (0: the bundle)."""
    yield _bundle(bundle, line_of(0))
    for _, entry in records(inside(bundle, "snapshot", "events")):
        if (kind := word(entry.get("type"))) in _KINDS:
            yield _event(entry, str(kind), line_of(whole(entry.get("seq")) or 0))


def _bundle(bundle: Mapping[str, object], line: Line) -> Event:
    time, up = moment_iso(bundle.get("generatedAt")), whole(inside(bundle, "process", "uptimeMs"))
    error = record(bundle.get("error"))
    said = [text for key in ("name", "code", "message") if (text := word(error.get(key)))]
    return Event(
        kind="stability_bundle", role="lifecycle",
        source=line.source.path, line=line.number, sources=(line.place,),
        time=time, time_basis="exact" if time else "none",
        started=time - lasting(up) if time and up and up > 0 else None,
        text=" ".join(said), detail=word(bundle.get("reason")),
    )  # fmt: skip


def _event(entry: Mapping[str, object], kind: str, line: Line) -> Event:
    name, role = _KINDS[kind]
    time, failed = moment_ms(entry.get("ts")), word(entry.get("failureKind"))
    event = Event(
        kind=name, role=role,
        source=line.source.path, line=line.number, sources=(line.place,),
        time=time, time_basis="exact" if time else "none",
        duration_ms=whole(entry.get("durationMs")) or whole(entry.get("ageMs")),
        provider=word(entry.get("provider")), model=word(entry.get("model")),
        detail=failed or word(entry.get("reason")),
    )  # fmt: skip
    if kind == "model.failover":
        return replace(event, recorded_reason=word(entry.get("reason")))
    if failed == "aborted" or (failed is None and event.detail == "AbortError"):  # an export has only the latter
        return replace(event, role="health")
    return replace(event, detail="timed out") if failed == "timeout" else event
