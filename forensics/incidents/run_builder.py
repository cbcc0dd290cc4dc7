"""One run while its signs are being joined: equal ids make it one, order and overlap do where no id is told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

_NEAR = timedelta(minutes=1)  # between two signs of one run that share no id
_SETTLED = timedelta(seconds=5)  # nothing of a run comes later than this after the last word on it
_RECENT = 20  # runs that may be going on side by side
_LAST_WORDS = frozenset(  # a second one of the same kind is a second run
    {"embedded_agent_failed", "followup_agent_failed", "gateway_ws_error", "heartbeat_failed", "message_failed",
     "cron_job_failed", "cron_run"}
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedRun:
    """One run that nobody answered. `trigger_told` is False where the trigger is only a conclusion."""

    trigger: str  # message, heartbeat, cron, subagent
    trigger_told: bool
    start: datetime
    end: datetime
    calls: int  # failed calls of the provider; 0: the gateway refused by itself
    place: str  # path:line where it shows best
    agents: tuple[str, ...]
    jobs: tuple[str, ...]  # ids of cron jobs
    names: tuple[str, ...] = ()  # run ids
    sessions: tuple[str, ...] = ()  # keys and ids, as the signs name them
    method: str | None = None  # what a client of the web socket called: agent, chat.send, …


@dataclass(frozen=True, kw_only=True)
class Sign:
    """One place where a run shows. An equal id makes it the same run; an unequal id or trait makes it another."""

    kind: str
    began: datetime
    time: datetime
    place: str
    agent: str | None
    ids: dict[str, str]  # run, chain (of turns), session (of an isolated cron run)
    traits: dict[str, str]  # trigger, job, key (of the session)
    session: str | None = None
    method: str | None = None
    alone: bool = True  # may stand for a run of its own
    candidate: str | None = None  # provider/model, where it is a step of a fallback chain; a chain asks each once
    called: bool = False  # the provider was really called
    lanes: frozenset[str] = frozenset()  # that told of it; a later task of the same lane is another run's

    @cached_property
    def names(self) -> dict[str, str]:
        """Ids and traits."""
        return self.ids | self.traits


class RunBuilder:
    """One run while its signs are being collected."""

    def __init__(self, sign: Sign) -> None:
        self.signs = [sign]
        self.start, self.end = sign.began, sign.time
        self.last_words: dict[str, datetime] = {}
        self.over: datetime | None = None  # the first of them
        self.known: dict[str, set[str]] = defaultdict(set)
        self.candidates: set[str] = set()
        self.lanes: dict[str, datetime] = {}
        self.take(sign)

    def take(self, sign: Sign) -> None:
        if sign is not self.signs[0]:
            self.signs.append(sign)
        self.start, self.end = min(self.start, sign.began), max(self.end, sign.time)
        if sign.candidate:
            self.candidates.add(sign.candidate)
        self.lanes |= dict.fromkeys(sign.lanes, sign.time)
        if sign.kind in _LAST_WORDS:
            self.last_words.setdefault(sign.kind, sign.time)
            self.over = min(self.last_words.values())
        for name, value in sign.names.items():
            self.known[name].add(value)

    def fits(self, sign: Sign) -> bool:
        if sign.kind in self.last_words or (self.over and sign.began > self.over + _SETTLED):
            return False
        if not sign.alone or sign.time < self.start - _NEAR or sign.began > self.end + _NEAR:
            return False
        if sign.candidate and sign.candidate in self.candidates:
            return False
        if any(sign.began > self.lanes[lane] + _SETTLED for lane in sign.lanes if lane in self.lanes):
            return False
        return all(not self.known[name] or value in self.known[name] for name, value in sign.names.items())

    @property
    def is_whole(self) -> bool:
        """A run was really made, not only a part of one seen: a call of it failed or the last word is known."""
        return bool(self.last_words) or any(s.kind == "attempt" for s in self.signs)

    def failed(self, trigger: str, *, told: bool, job: str | None = None) -> FailedRun:
        """`job`: the one that its schedule names, where no sign does."""
        return FailedRun(
            trigger=trigger,
            trigger_told=told,
            start=self.start,
            end=self.end,
            calls=sum(s.called for s in self.signs),
            place=min(self.signs, key=lambda s: (not s.called, s.time, s.place)).place,
            agents=tuple(sorted({s.agent for s in self.signs if s.agent})),
            jobs=tuple(sorted(self.known["job"] or filter(None, [job]))),
            names=tuple(sorted(self.known["run"])),
            sessions=tuple(sorted({s.session for s in self.signs if s.session})),
            method=next((s.method for s in self.signs if s.method), None),
        )


def joined(signs: Iterable[Sign]) -> list[RunBuilder]:
    runs: list[RunBuilder] = []
    by_id: dict[tuple[str, str], RunBuilder] = {}
    for sign in signs:
        home = next((by_id[pair] for pair in sign.ids.items() if pair in by_id), None)
        home = home or next((run for run in reversed(runs[-_RECENT:]) if run.fits(sign)), None)
        if home:
            home.take(sign)
        elif sign.alone:
            home = RunBuilder(sign)
            runs.append(home)
        if home:
            by_id |= dict.fromkeys(sign.ids.items(), home)
    return runs
