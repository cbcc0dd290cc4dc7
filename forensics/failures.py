"""Real failures: every sighting of one failed call merged into one value that keeps all its sources.

A sighting is an *attempt* where it stands for exactly one call (a transcript entry, `embedded run agent end`, a
`[model-fetch]` line) and a *report* where it only tells of one (lane errors, fallback decisions, window updates,
gateway/ws errors, cron and announce errors). Attempts never swallow each other, reports attach to the attempt
they tell of; a report without one is all that is left of its call and becomes a weaker failure of its own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from forensics.answers import is_own_words, parse_answer, status_of_type, unwrap
from forensics.fingerprints import identifier_hash
from forensics.tables import Event

_SLOTS = {  # one call leaves at most one sighting of each
    "transcript_error": "transcript",
    "transcript_aborted": "transcript",
    "transcript_prompt_error": "prompt error",
    "embedded_run_agent_end": "agent end",
    "model_fetch_response": "fetch",
    "model_fetch_error": "fetch",
    "responses_error": "transport",
    "sdk_stream_error": "sdk",
    "trajectory_error": "trajectory",
    "stability_call_error": "stability",
}
_ANSWER = ("provider", "model", "http_status", "error_type")
_MERE_RETRIES = ("same_model_retry", "empty_error_retry", "transient_http_error", "llm_idle_timeout")
_TIMERS = ("embedded_run_timeout", "llm_idle_timeout")
_VAGUE = ("connection error", "fetch failed", "request failed")  # what a client says of any transport error
_BASES = {"transcript": "transcript", "prompt error": "transcript", "state": "state"}
_CLOSE = timedelta(seconds=1)  # two attempt sightings of one call
_COARSE = timedelta(seconds=1.1)  # pretty consoles cut off the milliseconds
_WRITTEN = timedelta(milliseconds=50)  # two writers of one moment
_GIVEN_UP = timedelta(seconds=15)  # a prompt error is written after the abort it explains has settled
_REPORT = timedelta(seconds=20)  # backoff and fallback between a failure and the last word on it
_RUN = timedelta(minutes=15)
_PATIENCE = timedelta(seconds=60)  # people abort sooner, timers later
_LEAST = timedelta(seconds=10)  # no timer of OpenClaw's is shorter
_PACE = timedelta(milliseconds=300)  # by which two calls that one timer ends may differ


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
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
        return self.sources[0]

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
        told = any(e.kind in _TIMERS or e.detail == "timed out" or "timed out" in e.text for e in self.events)
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
        return any(e.kind not in _SLOTS and e.role == "failure" for e in self.events)

    @property
    def recorded(self) -> tuple[tuple[str, str], ...]:
        """(reason, path:line) wherever OpenClaw filed this very failure under a reason."""
        return tuple((e.recorded_reason, place(e)) for e in self.events if e.recorded_reason)


def place(event: Event) -> str:
    """`path:line` of an event's best source."""
    return f"{event.source}:{event.line}"


def where(event: Event) -> str:
    """As `place`, but `path#/json/pointer` or `path!table:row` where the event stood in a document or a database."""
    return event.sources[0] if event.sources else place(event)


def merge_failures(events: Iterable[Event]) -> tuple[Failure, ...]:
    """All events of a case -> its real failures, in order of time. Echoes and noise are no failures."""
    told = sorted((e for e in events if e.time and _tells_of_failure(e)), key=_order)
    calls = _Calls()
    for event in (e for e in told if e.kind in _SLOTS):
        calls.add_attempt(event)
    for event in (e for e in told if e.kind not in _SLOTS):
        calls.add_report(event)
    return _with_pace(sorted((call.failure() for call in calls.all), key=lambda f: (f.time, f.source)))


def _with_pace(failures: Sequence[Failure]) -> tuple[Failure, ...]:
    """Aborted calls that lasted equally long were ended by one timer, though nothing says so."""
    lasted = {n: f.time - f.started for n, f in enumerate(failures) if f.started and _is_abort(f.text)}
    ranked = sorted((time, n) for n, time in lasted.items() if time >= _LEAST)
    paced = {n for (a, one), (b, other) in pairwise(ranked) if b - a <= _PACE for n in (one, other)}
    return tuple(replace(f, paced=True) if n in paced else f for n, f in enumerate(failures))


def name_providers(failures: Sequence[Failure], events: Iterable[Event], primary: str | None) -> tuple[Failure, ...]:
    """Failures whose text names no provider get that of the agent model in force then, else of the primary model."""
    told = [(e.time, e.provider) for e in events if e.kind == "agent_model" and e.time and e.provider]
    named = {f.provider for f in failures if f.provider}
    usual = (primary or "").partition("/")[0] or (named.pop() if len(named) == 1 else None)
    return tuple(f if f.provider else replace(f, provider=_in_force(told, f.time) or usual) for f in failures)


def _in_force(told: Sequence[tuple[datetime, str]], time: datetime) -> str | None:
    before = [provider for at, provider in told if at <= time]
    return before[-1] if before else told[0][1] if told else None


def _tells_of_failure(event: Event) -> bool:
    if event.role == "failure":
        return True
    if event.role == "decision":
        return event.decision not in ("skip_candidate", "probe_cooldown_candidate", "candidate_succeeded", None)
    return event.role == "window" and event.kind == "auth_profile_failure_state_updated"


def _order(event: Event) -> tuple[datetime, str, int]:
    return (event.time or datetime.min.replace(tzinfo=UTC), event.source, event.line)


class _Call:
    """One call while its sightings are being collected."""

    def __init__(self, event: Event) -> None:
        self.time = event.time or datetime.min.replace(tzinfo=UTC)
        self.events = [event]
        self.slots = {_SLOTS.get(event.kind): event}

    def take(self, event: Event) -> None:
        self.events.append(event)
        self.slots.setdefault(_SLOTS.get(event.kind), event)

    def first(self, column: str) -> Any:
        return next((v for e in self.events if (v := getattr(e, column)) not in (None, "")), None)

    def started(self) -> datetime | None:
        """When the request was sent: the earliest that a sighting of the call itself tells."""
        own = [e for e in self.events if e.kind in _SLOTS or e.kind == "embedded_run_timeout"]
        return min((sent for e in own if (sent := _sent(e))), default=None)

    def failure(self) -> Failure:
        best = min(self.events, key=_worth)
        basis = _BASES.get(_SLOTS.get(best.kind, ""), "event" if best.role == "window" else "log")
        get = self.first
        ordered = [best, *(e for e in self.events if e is not best)]
        self.events = ordered
        return Failure(
            time=self.time,
            started=self.started(),
            basis=basis,
            provider=get("provider"),
            model=get("model"),
            profile=get("profile"),
            profile_hash=get("profile_hash"),
            agent=get("agent"),
            session=get("session"),
            run=get("run"),
            trigger=get("trigger"),
            http_status=get("http_status") or status_of_type(get("provider"), get("error_type")),
            error_type=get("error_type"),
            text=best.text,
            text_cut=best.text_cut,
            events=tuple(ordered),
        )


def _sent(event: Event) -> datetime | None:
    if event.started or event.duration_ms is None or event.time is None:
        return event.started
    return event.time - timedelta(milliseconds=event.duration_ms)


def _is_abort(text: str) -> bool:
    return unwrap(text).lower().rstrip(".") in ("aborted", "request was aborted", "this operation was aborted")


def _given_up(event: Event) -> bool:
    """A call that OpenClaw stopped waiting for: what it says of it may be the idle timer's own sentence."""
    return event.kind == "transcript_aborted" or _is_abort(event.text)


def _worth(event: Event) -> tuple[int, int]:
    """Trust order for the text: raw provider text first, friendly sentences last, empty texts never."""
    ranks = {"transcript": 0, "transport": 1, "agent end": 2, "prompt error": 3, "fetch": 4}
    rank = ranks.get(_SLOTS.get(event.kind, ""), 5 if event.role == "failure" else 6)
    empty = _is_abort(event.text) or not event.text
    vague = unwrap(event.text).lower().rstrip(".") in _VAGUE
    return (10 if empty else 0) + (5 if vague else 0) + rank + (3 if event.text_cut else 0), event.line


class _Calls:
    """The calls found so far, with the indexes by which a further sighting finds its own."""

    def __init__(self) -> None:
        self.all: list[_Call] = []
        self._by_id: dict[str, list[_Call]] = defaultdict(list)
        self._by_second: dict[int, list[_Call]] = defaultdict(list)
        self._by_run: dict[str, list[_Call]] = defaultdict(list)

    def add_attempt(self, event: Event) -> None:
        reach = _GIVEN_UP if event.kind == "transcript_prompt_error" else _CLOSE
        home = next((c for c in self._candidates(event, reach, _CLOSE) if _same_attempt(c, event)), None)
        self._place(home, event)

    def add_report(self, event: Event) -> None:
        homes = [c for c in self._candidates(event, _REPORT, _COARSE) if _tells_of(event, c)]
        same_run = [c for c in homes if event.run and c.first("run") == event.run]
        home = max(same_run or homes, key=lambda c: _nearness(event, c), default=None)
        self._place(home, event)

    def _place(self, home: _Call | None, event: Event) -> None:
        if home is None:
            home = _Call(event)
            self.all.append(home)
            self._by_second[int(home.time.timestamp())].append(home)
        else:
            home.take(event)
        for key in _ids(event):
            self._by_id[key].append(home)
        if event.run:
            self._by_run[event.run].append(home)

    def _candidates(self, event: Event, before: timedelta, after: timedelta) -> Sequence[_Call]:
        """Calls this sighting may belong to: by id, by run, by time; each once, nearest in time last."""
        time = event.time or datetime.min.replace(tzinfo=UTC)
        found = [c for key in _ids(event) for c in self._by_id[key]]
        if event.run:
            found += [c for c in self._by_run[event.run] if -_COARSE <= time - c.time <= _RUN]
        first, last = int((time - before).timestamp()), int((time + after).timestamp())
        for second in range(first, last + 1):
            found += [c for c in self._by_second[second] if -after <= time - c.time <= before]
        return list({id(c): c for c in found}.values())


def _ids(event: Event) -> list[str]:
    """Names of the one provider answer: request id (hashed, as later releases write it) and raw text hash."""
    ids = []
    if event.request_id:
        rid = event.request_id
        ids.append("request " + (rid if rid.startswith("sha256:") else identifier_hash(rid)))
    if event.raw_hash and event.request_id:  # without a request id the same text comes again and again
        ids.append("raw " + event.raw_hash)
    return ids


def _same_attempt(call: _Call, event: Event) -> bool:
    slot = _SLOTS[event.kind]
    taken = call.slots.get(slot)
    if taken is not None:  # the same entry again, in an archive or copy of the file
        return taken.time == event.time and taken.text == event.text and taken.source != event.source
    if set(_ids(event)) & {key for e in call.events for key in _ids(e)}:
        return True
    if slot == "prompt error" and not (call.first("session") == event.session and _given_up(call.events[0])):
        return False
    same_run = not event.run or call.first("run") in (None, event.run)
    return same_run and _compatible(call, event)


def _compatible(call: _Call, event: Event) -> bool:
    """Nothing in the answer, model or provider of the two sightings contradicts."""
    columns = ("provider", "model", "http_status") if event.kind in _TIMERS else _ANSWER
    for column in columns:
        mine, theirs = getattr(event, column), call.first(column)
        if mine is not None and theirs is not None and mine != theirs:
            return False
    return True


def _tells_of(event: Event, call: _Call) -> bool:
    if set(_ids(event)) & {key for e in call.events for key in _ids(e)}:
        return True
    hashes = {e.profile_hash for e in call.events if e.profile_hash}
    if event.profile_hash and hashes and event.profile_hash not in hashes:
        return False
    if event.run and not _one_run(event.run, call.first("run")):
        return False
    return _compatible(call, event) and (event.role == "window" or _same_words(event, call))


def _one_run(name: str, known: str | None) -> bool:
    """The announce of a subagent's result has a run of its own, `announce:v1:<child>:<run>`; reports name the other."""
    return known is None or known == name or (known.startswith("announce:") and known.endswith(f":{name}"))


def _same_words(event: Event, call: _Call) -> bool:
    """The report's words repeat the answer, or are one of OpenClaw's own sentences for it."""
    said = unwrap(event.text).strip()
    if not said or event.decision in ("rotate_profile", "fallback_model", "surface_error"):
        return True
    for other in call.events:
        message = parse_answer(other.text).message.strip()
        if not message or message[:60] in said or parse_answer(said).message[:60] in other.text:
            return True
    return _is_friendly(said)


def _is_friendly(text: str) -> bool:
    return is_own_words(text) or text.startswith(("⚠️", "OAuth token refresh failed", "HTTP "))


def _nearness(event: Event, call: _Call) -> tuple[bool, bool, bool, float]:
    """Best home of a report: shares an id, is over, lacks this kind of report still, lies nearest."""
    time = event.time or call.time
    shares = bool(set(_ids(event)) & {key for e in call.events for key in _ids(e)})
    over = call.time <= _latest(time)
    free = all(e.kind != event.kind for e in call.events)
    return shares, over, free if event.role == "window" else True, -abs((time - call.time).total_seconds())


def _latest(time: datetime) -> datetime:
    """Until when a record may really have been written: one without milliseconds at any of its second."""
    return time + (_WRITTEN if time.microsecond else _COARSE)
