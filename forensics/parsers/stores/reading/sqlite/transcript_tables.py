"""Transcripts and trajectories (8.1+, facts 6.2-6.4): live, archived at a reset or deletion, or put into cold storage.

An event's source is `path!transcript_events/<session>` and its line the `seq`: the sessions of one database are as
separate as the files were before. A prompt that was accepted but never reached a model is only in the pending inputs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from forensics.parsers.disclosure import Disclosure
from forensics.parsers.logs.templates.error_texts import error_fields
from forensics.parsers.stores.reading.cold_transcript import cold_event
from forensics.parsers.stores.reading.lines import Line, record
from forensics.parsers.stores.reading.parse import parse_strict
from forensics.parsers.stores.reading.sqlite.row import Found, Row, Table
from forensics.parsers.stores.reading.trajectory import trajectory
from forensics.parsers.stores.reading.turns import turns
from forensics.parsers.stores.reading.values import ABSENT, inside, moment_iso, moment_ms, whole, word
from forensics.tables import Event, Reject
from forensics.text import visible

EVENTS: Mapping[str, Disclosure] = {  # what comes of it, and what of that may leave
    "pending_input": Disclosure("closed", detail="blind hash"),
    "transcript_run_failed": Disclosure("error"),
}

_FAILED = "run-failed-before-reply"


def _event(row: Row) -> Iterator[Found]:
    value = row.json("event_json")
    value = row.json("event_zstd") if value is ABSENT else value
    yield from _entry(_line(row, row.values.get("seq"), value), row.values.get("created_at"), row.word("session_id"))


def _line(row: Row, number: object, value: object, *below: str) -> Line:
    """An entry as if it were a line of its session's own file."""
    session = visible(row.word("session_id") or "unknown")
    source = replace(row.database.source, path="/".join((row.path, session, *below)))
    seq = whole(number)
    return Line("transcripts", source, row.number if seq is None else seq, value, None)


def _entry(line: Line, created: object, session: str | None) -> Iterator[Event]:
    """The transcript's own events, with what only 9.x tells: the run of a failure, and a run without a reply."""
    entry = record(line.value)
    for event in turns(line, session):
        run = word(inside(entry, "message", "__openclaw", "runId")) if event.role == "failure" else None
        yield _dated(replace(event, run=run) if run and not event.run else event, created)
    if entry.get("customType") == _FAILED:
        yield _dated(_without_reply(line, entry, session), created)


def _without_reply(line: Line, entry: Mapping[str, object], session: str | None) -> Event:
    """A run that ended before any answer: the gateway's own refusal, or its words for the provider's."""
    told = error_fields(word(inside(entry, "details", "error")) or "", otherwise="echo")
    time = moment_iso(entry.get("timestamp"))
    return Event(
        **{"role": "echo", **told},  # type: ignore[arg-type] # a test holds Fields to Event's types
        kind="transcript_run_failed",
        source=line.source.path,
        line=line.number,
        sources=(line.place,),
        time=time,
        time_basis="exact" if time else "none",
        agent=line.source.agent,
        session=session,
        run=word(inside(entry, "details", "runId")),
    )


def _dated(event: Event, created: object) -> Event:
    """When a row was written stands in for a time the entry does not state."""
    if event.time or (time := moment_ms(created)) is None:
        return event
    return replace(event, time=time, time_basis="exact")


def _pending(row: Row) -> Iterator[Found]:
    """A prompt whose run never took it: the transcript does not have it."""
    if row.word("consumed_event_id"):
        return
    line = row.line({"type": "message", "message": row.record("message_json")})
    for event in turns(line, row.word("session_id")):
        event = replace(event, kind="pending_input", run=row.word("run_id"), decision=row.word("state"))
        yield _dated(replace(event, time=None, time_basis="none"), row.values.get("accepted_at"))


def _archive(row: Row) -> Iterator[Found]:
    """A whole transcript of before, one entry per line."""
    yield from _stored(row, lambda number, value: (number, value, None))


def _cold(row: Row) -> Iterator[Found]:
    """A transcript in cold storage: its rows, one per line, other tables' rows among them."""
    yield from _stored(row, lambda _, value: cold_event(value))


def _stored(row: Row, read: Callable[[int, object], tuple[object, object, object]]) -> Iterator[Found]:
    bad = 0
    for number, text in enumerate((row.text("archive_blob") or "").split("\n"), 1):
        try:
            seq, entry, created = read(number, parse_strict(text) if text.strip() else None)
        except (ValueError, RecursionError):
            bad += 1
            continue
        line = _line(row, seq, entry, str(row.number))  # a session may have several
        yield from _entry(line, created, row.word("session_id"))
    if bad:
        yield Reject(source=row.place, lines=0, why=f"{bad:,} of its lines are not JSON")


def _trajectory(row: Row) -> Iterator[Found]:
    yield from trajectory(_line(row, row.values.get("seq"), row.json("event_json")))


_ARCHIVE = ("session_id", "archive_blob")
TABLES = (
    Table("transcript_events", ("session_id", "seq", "event_json", "event_zstd", "created_at"), _event),
    Table(
        "session_pending_inputs",
        ("session_id", "run_id", "message_json", "state", "accepted_at", "consumed_event_id"),
        _pending,
    ),
    Table("session_transcript_archives", _ARCHIVE, _archive),
    Table("session_transcript_cold_archives", _ARCHIVE, _cold),
    Table("trajectory_runtime_events", ("session_id", "seq", "event_json"), _trajectory),
)
