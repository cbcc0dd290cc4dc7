"""One call while its sightings are being collected, and what tells that a further sighting is one of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from forensics.openclaw.error_text import read_error_text
from forensics.secrets.fingerprints import identifier_hash
from forensics.tables import Event

SLOTS = {  # one call leaves at most one sighting of each
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
TIMERS = ("embedded_run_timeout", "llm_idle_timeout")
WINDOW_UPDATE = "auth_profile_failure_state_updated"
ANSWER = ("provider", "model", "http_status", "error_type")
_KNOWN = (*ANSWER, "run", "session")
_HEAD = 60  # characters by which a message is known again
_WORDLESS = ("rotate_profile", "fallback_model", "surface_error")
_ABORTS = ("aborted", "request was aborted", "this operation was aborted")
_FRIENDLY = ("⚠️", "OAuth token refresh failed", "HTTP ")


class RequestBuilder:
    """One call: its sightings in the order in which they were found to be its, and what they tell together."""

    def __init__(self, event: Event, number: int) -> None:
        self.time = time_of(event)
        self.number = number
        self.events: list[Event] = []
        self.joined: dict[str, int] = {}  # run -> its place in the order in which calls became known as that run's
        self.slots: dict[str, Event] = {}
        self.ids: set[str] = set()
        self.known: dict[str, Any] = {}  # column -> the first value told
        self.hashes: frozenset[str] = frozenset()  # of the profiles that its sightings name
        self.is_updated = False  # a window update tells of it
        self._texts: dict[str, None] = {}
        self.take(event)

    def take(self, event: Event) -> None:
        self.events.append(event)
        if slot := SLOTS.get(event.kind):
            self.slots.setdefault(slot, event)
        self.ids.update(ids_of(event))
        for column in _KNOWN:
            if column not in self.known and (value := getattr(event, column)) not in (None, ""):
                self.known[column] = value
        if event.profile_hash:
            self.hashes |= {event.profile_hash}
        self.is_updated = self.is_updated or event.kind == WINDOW_UPDATE
        self._texts[event.text] = None

    @property
    def run(self) -> str | None:
        return self.known.get("run")

    @property
    def answer(self) -> tuple[object, ...]:
        return tuple(map(self.known.get, ANSWER))

    @property
    def is_given_up(self) -> bool:
        """OpenClaw stopped waiting for it: what it says of it may be the idle timer's own sentence."""
        return self.events[0].kind == "transcript_aborted" or is_abort(self.events[0].text)

    def has_copy(self, event: Event) -> bool:
        """The same entry again, in an archive or copy of the file."""
        taken = self.slots.get(SLOTS[event.kind])
        same = taken is not None and taken.time == event.time and taken.text == event.text
        return taken is not None and same and taken.source != event.source

    def may_show_in(self, event: Event) -> bool:
        """True where an attempt for which there still is room, but which shares no id, can be of this call."""
        if SLOTS[event.kind] == "prompt error" and not (
            self.known.get("session") == event.session and self.is_given_up
        ):
            return False
        return (not event.run or self.run in (None, event.run)) and agree(event, self.answer)

    def may_be_meant_by(self, event: Event) -> bool:
        """True where a report that shares no id can tell of this call."""
        if event.profile_hash and self.hashes and event.profile_hash not in self.hashes:
            return False
        if any(_is_another(event, known) for known in self.events):
            return False
        if event.run and not _is_one_run(event.run, self.run):
            return False
        return agree(event, self.answer) and (event.role == "window" or self._has_words_of(event))

    def _has_words_of(self, event: Event) -> bool:
        """The report's words repeat the answer, or are one of OpenClaw's own sentences for it."""
        error = read_error_text(event.text)
        is_friendly = error.text.startswith(_FRIENDLY) or error.voice == "own words"
        if not error.text or event.decision in _WORDLESS or is_friendly:
            return True
        return any(_head(text) in error.text or _head(event.text) in text for text in self._texts)


def _is_another(report: Event, known: Event) -> bool:
    """Two jobs are two runs, and a chain that names no run asks each candidate once."""
    if report.kind != known.kind:
        return False
    if report.kind == "cron_run":
        return report.detail != known.detail
    step = report.kind == "model_fallback_decision" and not (report.run or known.run)
    return step and report.source == known.source and report.line != known.line


def time_of(event: Event) -> datetime:
    assert event.time  # noqa: S101 - calls are made of timed events only; tells mypy
    return event.time


def ids_of(event: Event) -> list[str]:
    """Names of the one provider answer: request id (hashed, as later releases write it) and raw text hash."""
    if not event.request_id:  # without a request id the same text comes again and again
        return []
    rid = event.request_id
    request = "request " + (rid if rid.startswith("sha256:") else identifier_hash(rid))
    return [request, "raw " + event.raw_hash] if event.raw_hash else [request]


def agree(event: Event, answer: Sequence[object]) -> bool:
    """Nothing in the answer, model or provider of the two contradicts. A timer knows no type of error."""
    columns = ANSWER[:3] if event.kind in TIMERS else ANSWER
    told = ((getattr(event, column), known) for column, known in zip(columns, answer, strict=False))
    return all(mine is None or known is None or mine == known for mine, known in told)


def is_abort(text: str) -> bool:
    return "aborted" in text.lower() and read_error_text(text).text.lower().rstrip(".") in _ABORTS


def _is_one_run(name: str, known: str | None) -> bool:
    """The announce of a subagent's result has a run of its own, `announce:v1:<child>:<run>`; reports name the other."""
    return known is None or known == name or (known.startswith("announce:") and known.endswith(f":{name}"))


def _head(text: str) -> str:
    return read_error_text(text).message.strip()[:_HEAD]
