"""The gateway's own turns: when it started, stopped, or was restarted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from forensics.tables import Event

_TURNS = {
    "gateway_starting": "start",
    "gateway_listening": "start",
    "gateway_ready": "start",
    "gateway_signal": "stop",
    "gateway_shutdown": "stop",
}
_SAME = timedelta(seconds=20)  # several lines tell of one start or stop
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
    told = [Turn(e.time, _TURNS[e.kind], e.text, f"{e.source}:{e.line}") for e in events if e.time and e.kind in _TURNS]
    return tuple(_joined(sorted(told, key=lambda turn: (turn.time, turn.where))))


def _joined(turns: Iterable[Turn]) -> list[Turn]:
    """Several lines on one start or stop are one turn; a stop with a start soon after it is a restart."""
    joined: list[Turn] = []
    for turn in turns:
        last = joined[-1] if joined else None
        if last and last.what == "stop" and turn.what == "start" and turn.time - last.time <= _RESTART:
            joined[-1] = replace(last, what="restart")
        elif not last or turn.time - last.time > _SAME or (turn.what == "stop") != (last.what == "stop"):
            joined.append(turn)
    return joined
