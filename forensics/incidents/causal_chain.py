"""The chain a person reads: from the last good answer over the first real failure to the recovery."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from forensics.incidents.causes import Cause
from forensics.incidents.event_index import EventIndex
from forensics.incidents.failures import FailedRequest, place
from forensics.incidents.undated import dated
from forensics.openclaw.error_text import read_error_text
from forensics.tables import Event, Window
from forensics.text import clip, in_figures

_LONGEST = 12
_AGAIN = 2  # repetitions of the first failure that are shown, beside the last one
_LEFT_OUT = 9
_QUOTE = 160
_ONE_START = timedelta(seconds=1)
_RESTARTS = ("gateway_signal", "gateway_listening")


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One line of the chain: when, what it was, what it said, where it stands."""

    time: datetime | None  # None: its record states none
    role: str  # answer, failure, window, echo, lifecycle, recovery
    text: str
    source: str
    profile: str | None = None


class ChainInputs:
    """What chains are told against, gathered once for all of them: the answers of each provider, and restarts."""

    def __init__(self, events: Iterable[Event]) -> None:
        answers, restarts = defaultdict[str | None, list[Event]](list), []
        for event in events:
            if event.role == "answer":
                answers[event.provider].append(event)
            elif event.kind in _RESTARTS:
                restarts.append(event)
        self._answers = {provider: EventIndex(mine) for provider, mine in answers.items()}
        self.restarts = EventIndex(restarts)

    def answers_of(self, provider: str) -> EventIndex:
        return self._answers.get(provider) or EventIndex(())


def build_chain(
    cause: Cause, first: FailedRequest | None, recovery: Event | None, background: ChainInputs
) -> tuple[Link, ...]:
    """5-12 links in order of time: the telling ones, not all of them. `recovery` is the answer that ended it."""
    end = recovery.time if recovery and recovery.time else cause.until
    links = [
        *_last_answer(cause, background),
        *_failures(cause, first),
        *_windows(cause),
        *_echoes(cause),
        *_restarts(background.restarts.between(cause.start, end)),
        *_recovery(recovery),
    ]
    chosen = sorted((pair for pair in links if pair[0] < _LEFT_OUT), key=lambda pair: pair[0])[:_LONGEST]
    in_order = sorted((link for _, link in chosen), key=lambda link: (link.time, link.source))
    return tuple(replace(link, time=dated(link.time)) for link in in_order)


def quote(failure: FailedRequest) -> str:
    """What the provider said, in one line: status, type and message, without the JSON around them."""
    status = f"HTTP {failure.http_status}" if failure.http_status else ""
    head = " ".join(part for part in (status, failure.error_type or "") if part)
    said = clip(read_error_text(failure.text).message, _QUOTE)
    return ": ".join(part for part in (head, said) if part) or "(no text)"


_Ranked = tuple[int, Link]  # 0 = must be shown


def _last_answer(cause: Cause, background: ChainInputs) -> list[_Ranked]:
    event = max(background.answers_of(cause.provider).before(cause.start), key=lambda e: e.line, default=None)
    if event is None or event.time is None:
        return []
    return [(2, Link(time=event.time, role="answer", text=f"{cause.provider} still answered", source=place(event)))]


def _failures(cause: Cause, first: FailedRequest | None) -> list[_Ranked]:
    links: list[_Ranked] = []
    seen: set[str | None] = set()
    attempts = [a for a in cause.attempts if a.failure is not first]
    if first:
        seen.add(first.profile)
        links.append((0, _failure_link(first, "first real failure")))
    for n, attempt in enumerate(attempts):
        new_profile = bool(attempt.profile and seen - {None}) and attempt.profile not in seen
        seen.add(attempt.profile)
        rank = 1 if new_profile else 4 if n == len(attempts) - 1 else 6 if n < _AGAIN else 9
        word = "the same on another profile" if new_profile else "again"
        links.append((rank, _failure_link(attempt.failure, word)))
    return links


def _failure_link(failure: FailedRequest, word: str) -> Link:
    asked = "probe run" if failure.probed else None
    known = ", ".join(part for part in (asked, failure.profile) if part)
    where = f" ({known})" if known else ""
    return Link(
        time=failure.began,
        role="failure",
        text=f"{word}{where}: {quote(failure)}",
        source=failure.source,
        profile=failure.profile,
    )


def _windows(cause: Cause) -> list[_Ranked]:
    longest = sorted(cause.windows, key=lambda w: (w.end or w.start) - w.start, reverse=True)[:2]
    return [(1 if n == 0 else 3, _window_link(w)) for n, w in enumerate(longest)]


def _window_link(window: Window) -> Link:
    until = f" until {in_figures(window.end).removesuffix(' UTC')}" if window.end else ""
    filed = f", filed as {window.reason_recorded}" if window.reason_recorded else ""
    again = f", set again {window.prolonged}x" if window.prolonged else ""
    return Link(
        time=window.start,
        role="window",
        text=f"{window.kind} for {window.profile or window.provider}{until}{filed}{again} ({window.start_basis})",
        source=window.opened_by,
        profile=window.profile,
    )


def _echoes(cause: Cause) -> list[_Ranked]:
    timed = sorted(((e.time, e) for e in cause.echoes if e.time), key=lambda pair: (pair[0], pair[1].line))
    if not timed:
        return []
    ends = [timed[0]] if len(timed) == 1 else [timed[0], timed[-1]]
    words = ["refused by the gateway itself", f"the last of {len(timed)} such refusals"]
    return [
        (1 + n, Link(time=time, role="echo", text=f"{word}: {clip(event.text, _QUOTE)}", source=place(event)))
        for n, ((time, event), word) in enumerate(zip(ends, words, strict=False))
    ]


def _restarts(events: Iterable[Event]) -> list[_Ranked]:
    """Stops and starts of the gateway in between; of the several lines of one start the first."""
    links: list[_Ranked] = []
    for event in events:
        if event.time is None:
            continue
        last = links[-1][1].time if links else None
        again = last and event.time - last < _ONE_START and event.kind == "gateway_listening"
        if not again:
            text = clip(event.text, _QUOTE)
            links.append((5, Link(time=event.time, role="lifecycle", text=text, source=place(event))))
    return links


def _recovery(event: Event | None) -> list[_Ranked]:
    if event is None or event.time is None:
        return []
    return [(1, Link(time=event.time, role="recovery", text=f"{event.provider} answers again", source=place(event)))]
