"""The gateway's own turns as a picture shows them: when it started, stopped, or was restarted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from forensics.incidents.failures import place
from forensics.incidents.gateway_uptime import starts_and_stops
from forensics.tables import Event

_RESTART = timedelta(minutes=2)  # a start this soon after a stop


@dataclass(frozen=True, slots=True)
class Turn:
    """One start, stop or restart of the gateway and the line that shows it."""

    time: datetime
    what: str  # start, stop, restart
    said: str
    where: str


def gateway_turns(events: Iterable[Event]) -> tuple[Turn, ...]:
    """The lifecycle events of a case -> starts, stops, and restarts where one follows the other closely."""
    joined: list[Turn] = []
    for turn in starts_and_stops(events):
        last = joined[-1] if joined else None
        if last and last.what == "stop" and turn.what == "start" and turn.first - last.time <= _RESTART:
            joined[-1] = replace(last, what="restart")
        else:
            joined.append(Turn(turn.first, turn.what, turn.telling.text, place(turn.telling)))
    return tuple(joined)
