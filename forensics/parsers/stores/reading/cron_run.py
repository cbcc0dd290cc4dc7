"""One finished run of a cron job, from a line of its run log or a row of a database (facts 8.2)."""

from __future__ import annotations

from collections.abc import Mapping

from forensics.openclaw.error_text import read_error_text
from forensics.parsers.disclosure import Disclosure
from forensics.parsers.stores.reading.lines import Line, record
from forensics.parsers.stores.reading.values import agent_of, moment_ms, whole, word
from forensics.tables import Event

EVENTS: Mapping[str, Disclosure] = {  # what comes of it, and what of that may leave
    "cron_run": Disclosure("error", detail="job"),
}


def cron_run(line: Line) -> tuple[Event, ...]:
    """The event of a finished run; anything else gives none."""
    run = record(line.value)
    job = word(run.get("jobId"))
    if job is None or run.get("action") != "finished":
        return ()
    time, session = moment_ms(run.get("ts")), word(run.get("sessionKey"))
    error = word(run.get("error")) or ""
    answer = read_error_text(error)
    return (
        Event(
            kind="cron_run", role="schedule",
            source=line.source.path, line=line.number, sources=(line.place,),
            time=time, time_basis="exact" if time else "none", started=moment_ms(run.get("runAtMs")),
            duration_ms=whole(run.get("durationMs")),
            agent=agent_of(session) or line.source.agent, session=session or word(run.get("sessionId")),
            run=word(run.get("runId")), trigger="cron",
            provider=word(run.get("provider")), model=word(run.get("model")),
            decision=word(run.get("status")), stage=word(run.get("deliveryStatus")),
            recorded_reason=word(run.get("errorReason")),
            text=error, http_status=answer.http_status, error_type=answer.error_type,
            request_id=answer.request_id, detail=job,
        ),
    )  # fmt: skip
