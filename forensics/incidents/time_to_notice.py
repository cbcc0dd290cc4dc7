"""When a person could first have seen that something was wrong, and by what.

The evidence does not show what people saw, only what was in front of them (an error in a chat, or as the answer of
a call) and what they did next (wrote again, asked for the state, changed the configuration, restarted the gateway).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from forensics.incidents.causes import Cause
from forensics.incidents.event_index import EventIndex
from forensics.incidents.failures import place
from forensics.incidents.intervals import Spans
from forensics.incidents.run_builder import FailedRun
from forensics.parsers.stores.reading.status_record import ModelsStatus
from forensics.tables import Event

_DATED = "remainingMs"  # what tells when the output was written
_SETTLED = timedelta(seconds=5)  # a reply comes no later than this after the last failure of its run
_CLIENT_TOLD = "the error was the answer to a client's call"
_CHAT_TOLD = "the error was delivered to a chat"
_WROTE_AGAIN = "somebody wrote again after a message had failed"
_ASKED = "somebody asked with `openclaw models status`"
_DONE = {
    "gateway_signal": "the gateway was restarted or stopped",
    "gateway_restart_log": "the gateway was restarted or stopped",
    "config_changed": "the configuration was changed",
    "config_patched": "the configuration was changed",
}
_REPLIES = {
    "gateway_ws_error": _CLIENT_TOLD,
    "embedded_agent_failed": _CHAT_TOLD,
    "followup_agent_failed": _CHAT_TOLD,
    "surfaced_provider_error": _CHAT_TOLD,
    "surfaced_error_sentence": _CHAT_TOLD,
}
_MESSAGES = ("transcript_turn", "pending_input")


@dataclass(frozen=True, slots=True)
class Notice:
    """The first sign. `after_s`: whole seconds since the first failure was over."""

    time: datetime
    after_s: int
    sign: str  # a clause: what it was
    source: str  # path:line, or path#pointer


def is_sign(event: Event) -> bool:
    """Whether an event can be one at all."""
    return event.kind in _DONE or event.kind in _REPLIES or event.kind in _MESSAGES


def first_notice(
    cause: Cause, runs: Sequence[FailedRun], told: EventIndex, statuses: Iterable[ModelsStatus], end: datetime | None
) -> Notice | None:
    """The earliest sign between the first failure and the recovery; None where the evidence shows none.

    `told`: the events that can be a sign, see `is_sign`.
    """
    failed = min((a.failure.time for a in cause.attempts), default=cause.start)
    events = told.between(failed, end)
    messages = [run for run in runs if run.trigger == "message"]
    signs = [*_done(events), *_replies(messages, events), *_again(messages, events), *_asked(statuses)]
    seen = [sign for sign in signs if failed <= sign[0] and (end is None or sign[0] <= end)]
    if not seen:
        return None
    time, sign, source = min(seen)
    return Notice(time, int((time - failed).total_seconds()), sign, source)


_Sign = tuple[datetime, str, str]


def _done(events: Iterable[Event]) -> Iterator[_Sign]:
    for event in events:
        if event.time and event.kind in _DONE:
            yield event.time, _DONE[event.kind], place(event)


def _replies(messages: Sequence[FailedRun], events: Iterable[Event]) -> Iterator[_Sign]:
    """Errors that went back to whoever had written. What a failing heartbeat or job says reaches nobody for sure."""
    names = {name for run in messages for name in run.names}
    open_ = Spans.of((run.start, run.end + _SETTLED) for run in messages)
    for event in events:
        if event.time is None or event.kind not in _REPLIES:
            continue
        if event.run in names if event.run else event.time in open_:
            yield event.time, _REPLIES[event.kind], place(event)


def _again(messages: Sequence[FailedRun], events: Iterable[Event]) -> Iterator[_Sign]:
    """The next message, answered or not, in a session in which one had failed."""
    over = {session: run.end for run in reversed(messages) for session in run.sessions}
    for event in events:
        told = event.kind in _MESSAGES and event.trigger == "message"
        if told and event.time and event.session in over and event.time > over[event.session]:
            yield event.time, _WROTE_AGAIN, place(event)
    yield from ((run.start, _WROTE_AGAIN, run.place) for run in messages[1:] if run.start > messages[0].end)


def _asked(statuses: Iterable[ModelsStatus]) -> Iterator[_Sign]:
    """Output of `models status` that was kept, where it tells when it was written."""
    for status in statuses:
        if status.observed_at and status.store == "models_status":
            yield from ((status.observed_at, _ASKED, s) for key, s in status.sources.items() if key.endswith(_DATED))
