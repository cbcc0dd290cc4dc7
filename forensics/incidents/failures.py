"""Real failures: every sighting of one failed call merged into one value that keeps all its sources."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from forensics.incidents.calls import SLOTS, TIMERS, RequestBuilder, gather_calls, is_abort
from forensics.instants import lasting
from forensics.openclaw.error_text import read_error_text, status_of_type
from forensics.openclaw.providers import family, passes_on
from forensics.openclaw.reasons import provider_in_words
from forensics.tables import Event

_MERE_RETRIES = ("same_model_retry", "empty_error_retry", "transient_http_error", "llm_idle_timeout")
_VAGUE = ("connection error", "fetch failed", "request failed")  # what a client says of any transport error
_BASES = {"transcript": "transcript", "prompt error": "transcript", "state": "state"}
_PATIENCE = timedelta(seconds=60)  # people abort sooner, timers later
_LEAST = timedelta(seconds=10)  # no timer of OpenClaw's is shorter
_PACE = timedelta(milliseconds=300)  # by which two calls that one timer ends may differ


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedRequest:
    """One call that really failed. `time` is when it was over, `started` when it was sent."""

    time: datetime
    started: datetime | None
    basis: str  # transcript, log, event, state: the best kind of source
    provider: str | None
    model: str | None
    profile: str | None
    profile_hash: str | None
    agent: str | None
    session: str | None
    run: str | None
    trigger: str | None
    http_status: int | None
    error_type: str | None
    text: str
    text_cut: bool
    events: tuple[Event, ...] = field(repr=False)
    paced: bool = False  # aborted as long after it began as another one: a timer does that, no person

    @property
    def began(self) -> datetime:
        """When the failing call began, as far as known."""
        return self.started or self.time

    @property
    def source(self) -> str:
        return place(self.events[0])

    @property
    def sources(self) -> tuple[str, ...]:
        """Every place that shows it, best first."""
        seen = dict.fromkeys(s for event in self.events for s in (place(event), *event.sources))
        return tuple(seen)

    @property
    def timed_out(self) -> bool:
        """True where a timer of the gateway gave the call up: nobody answered, and nobody aborted it by hand."""
        if self.http_status is not None:
            return False
        told = any(e.kind in TIMERS or e.detail == "timed out" or "timed out" in e.text for e in self.events)
        silent = self.started is not None and self.time - self.started >= _PATIENCE
        return told or self.paced or (silent and any(e.kind == "transcript_prompt_error" for e in self.events))

    @property
    def uncalled(self) -> bool:
        """True where no credential or no such model was found: nobody was called, and with no profile."""
        return any(e.detail == "no call made" for e in self.events)

    @property
    def probed(self) -> bool:
        """True for a test call of OpenClaw itself (`models status --probe`): no turn of anybody failed with it."""
        return any(name.startswith("probe-") for e in self.events for name in (e.run, e.session) if name)

    @property
    def noticed(self) -> bool:
        """True where OpenClaw acted on it: a window, a rotation or a fallback."""
        return any(e.role in ("window", "decision") and e.kind not in _MERE_RETRIES for e in self.events)

    @property
    def reported(self) -> bool:
        """True where the failure got beyond the attempt: a run, a message or a job failed with it."""
        return any(e.kind not in SLOTS and e.role == "failure" for e in self.events)

    @property
    def recorded(self) -> tuple[tuple[str, str], ...]:
        """(reason, path:line) wherever OpenClaw filed this very failure under a reason."""
        return tuple((e.recorded_reason, place(e)) for e in self.events if e.recorded_reason)


def place(event: Event) -> str:
    """`path:line` of an event's best source; a value of a document has no line, but a pointer in its path."""
    return event.source if "#/" in event.source else f"{event.source}:{event.line}"


def where(event: Event) -> str:
    """As `place`, but `path#/json/pointer` or `path!table:row` where the event stood in a document or a database."""
    return event.sources[0] if event.sources else place(event)


def merge_failures(events: Iterable[Event]) -> tuple[FailedRequest, ...]:
    """All events of a case -> its real failures, in order of time. Echoes and noise are no failures."""
    return _with_pace(sorted(map(_failure, gather_calls(events)), key=lambda f: (f.time, f.source)))


def _with_pace(failures: Sequence[FailedRequest]) -> tuple[FailedRequest, ...]:
    """Aborted calls that lasted equally long were ended by one timer, though nothing says so."""
    lasted = {n: f.time - f.started for n, f in enumerate(failures) if f.started and is_abort(f.text)}
    ranked = sorted((time, n) for n, time in lasted.items() if time >= _LEAST)
    paced = {n for (a, one), (b, other) in pairwise(ranked) if b - a <= _PACE for n in (one, other)}
    return tuple(replace(f, paced=True) if n in paced else f for n, f in enumerate(failures))


def name_providers(
    failures: Sequence[FailedRequest], events: Iterable[Event], primary: str | None
) -> tuple[FailedRequest, ...]:
    """Failures that name no provider get the one that another line of their run names, else the one whose words they
    hold, else that of the agent model in force then.

    Without either it is that of the primary model, or the only one that any failure names.
    """
    events = tuple(events)
    told = [(e.time, e.provider) for e in events if e.kind == "agent_model" and e.time and e.provider]
    told.sort(key=lambda row: row[0])
    of_runs = {e.run: e.provider for e in events if e.run and e.provider}
    failures = [f if f.provider else replace(f, provider=of_runs.get(f.run or "")) for f in failures]
    named = {f.provider for f in failures if f.provider}
    usual = (primary or "").partition("/")[0] or (named.pop() if len(named) == 1 else None)
    return tuple(
        f if f.provider else replace(f, provider=_speaker(f, _in_force(told, f.time) or usual)) for f in failures
    )


def _speaker(failure: FailedRequest, asked: str | None) -> str | None:
    """Whose words a failure holds; `asked`, who would have been called, where they can come through that one."""
    speaker = provider_in_words(failure.text)
    known = family(asked)
    return asked if speaker is None or (asked and (known in (None, family(speaker)) or passes_on(known))) else speaker


def _in_force(told: Sequence[tuple[datetime, str]], time: datetime) -> str | None:
    begun = bisect_right(told, time, key=lambda row: row[0])
    return told[max(0, begun - 1)][1] if told else None


def _failure(call: RequestBuilder) -> FailedRequest:
    best = min(call.events, key=_worth)
    ordered = (best, *(e for e in call.events if e is not best))

    def first(column: str) -> Any:
        return next((v for e in ordered if (v := getattr(e, column)) not in (None, "")), None)

    return FailedRequest(
        time=call.time,
        started=_started(call),
        basis=_BASES.get(SLOTS.get(best.kind, ""), "event" if best.role == "window" else "log"),
        provider=first("provider"),
        model=first("model"),
        profile=first("profile"),
        profile_hash=first("profile_hash"),
        agent=first("agent"),
        session=first("session"),
        run=first("run"),
        trigger=first("trigger"),
        http_status=first("http_status") or status_of_type(first("provider"), first("error_type")),
        error_type=first("error_type"),
        text=best.text,
        text_cut=best.text_cut,
        events=ordered,
    )


def _started(call: RequestBuilder) -> datetime | None:
    """When the request was sent: the earliest that a sighting of the call itself tells."""
    own = [e for e in call.events if e.kind in SLOTS or e.kind == "embedded_run_timeout"]
    return min((sent for e in own if (sent := _sent(e))), default=None)


def _sent(event: Event) -> datetime | None:
    if event.started or event.duration_ms is None or event.time is None:
        return event.started
    return event.time - lasting(event.duration_ms)


def _worth(event: Event) -> tuple[int, int]:
    """Trust order for the text: raw provider text first, cut or not, friendly sentences last, empty texts never."""
    ranks = {"transcript": 0, "transport": 1, "agent end": 2, "prompt error": 3, "fetch": 4}
    rank = ranks.get(SLOTS.get(event.kind, ""), 5 if event.role == "failure" else 6)
    empty = is_abort(event.text) or not event.text
    error = read_error_text(event.text)
    vague = error.voice == "own words" or error.text.lower().rstrip(".") in _VAGUE
    return (10 if empty else 0) + (5 if vague else 0) + rank + (3 if event.text_cut else 0), event.line
