"""Failures with their place: which profile each used, which turn it belongs to, and whether anybody noticed.

Transcripts do not name the profile of a call and events name it only by its hash, so a profile is found by, in
order of trust: the name or hash beside the failure; `lastFailureAt` of the state (written within milliseconds of
the failure); the place in the rotation order. Each attribution keeps how it was found.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from forensics.incidents.auth_profiles import Profiles
from forensics.incidents.failures import FailedRequest
from forensics.openclaw import releases
from forensics.openclaw.releases import Release, Running
from forensics.tables import Event

_MARK_BEFORE = timedelta(milliseconds=150)  # the state may be stamped just before the transcript entry
_MARK_AFTER = timedelta(milliseconds=2100)
_CHAIN = timedelta(seconds=90)  # between an attempt and the next one of the same prompt
_REFUSED = (401, 403)
_RETRIED = timedelta(minutes=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class AttributedFailure:
    """A failure with its place among the attempts of its turn.

    `turn` names the prompt it answered; failures of one turn are the session's own retries. `absorbed` is True
    where the same turn was answered after all: nobody noticed, nothing was marked.
    """

    failure: FailedRequest
    profile: str | None
    profile_from: str | None  # event, state, order, only one
    turn: str
    trigger: str | None  # message, heartbeat, cron, subagent, probe: what asked for the answer
    last_of_turn: bool
    absorbed: bool


def attribute(
    failures: Sequence[FailedRequest], events: Sequence[Event], profiles: Profiles, running: Running
) -> tuple[AttributedFailure, ...]:
    """Failures -> attempts with profile, turn and fate, in order of time."""
    turns = _Turns(events)
    last: dict[str, FailedRequest] = {}
    for failure in failures:
        last[turns.of(failure)] = failure
    rotation = _Rotation(profiles, turns)
    named = {
        (turns.of(f), f.provider): p
        for f in reversed(failures)
        if (p := f.profile or profiles.resolve(f.profile_hash, f.provider))
    }
    fates = _Fates(failures, events, turns)
    attempts = []
    for failure in failures:
        turn = turns.of(failure)
        profile, found = _profile(failure, profiles, running.at(failure.time))
        if profile is None and (turn, failure.provider) in named:
            profile, found = named[turn, failure.provider], "event"
        if profile is None and failure.basis == "transcript" and not failure.uncalled:
            profile, found = rotation.next(failure, turn)
        attempts.append(
            AttributedFailure(
                failure=replace(failure, profile=profile),
                profile=profile,
                profile_from=found,
                turn=turn,
                trigger="probe" if failure.probed else failure.trigger or turns.trigger(turn),
                last_of_turn=last[turn] is failure,
                absorbed=fates.absorbed(failure, turn) and not _marked(failure, profiles),
            )
        )
    return tuple(attempts)


def _profile(failure: FailedRequest, profiles: Profiles, release: Release) -> tuple[str | None, str | None]:
    if failure.profile:
        return failure.profile, "event"
    if resolved := profiles.resolve(failure.profile_hash, failure.provider):
        return resolved, "event"
    if failure.uncalled:
        return None, None
    ids = profiles.by_provider.get(failure.provider or "", ())
    if len(marked := _marked(failure, profiles)) == 1:
        return marked.pop(), "state"
    refused = failure.http_status in _REFUSED and not is_refresh(failure)  # what every release marks
    lasting = refused and not releases.frozen_snapshot(release)
    if len(ids) == 1 and not (lasting and _never_failed(ids[0], failure, profiles)):
        return ids[0], "only one"
    return None, None


def is_refresh(failure: FailedRequest) -> bool:
    """A refresh refused before the request: most releases do not mark the profile for it (facts 2.6)."""
    return "OAuth token refresh failed" in failure.text or failure.error_type == "oauth_refresh"


def _marked(failure: FailedRequest, profiles: Profiles) -> set[str]:
    """The profiles of its provider that were marked for this very failure."""
    return profiles.marked(failure.provider, failure.time - _MARK_BEFORE, failure.time + _MARK_AFTER)


def _never_failed(profile: str, failure: FailedRequest, profiles: Profiles) -> bool:
    """`lastFailureAt` survives every reset: a store written later without it never saw this profile fail."""
    later = [s for s in profiles.stats_of(profile) if s.observed_at and s.observed_at > failure.time]
    return bool(later) and all(s.instant("lastFailureAt") is None for s in later)


class _Turns:
    """Prompts and answers of the transcripts, by file and line."""

    def __init__(self, events: Sequence[Event]) -> None:
        self._entries: dict[str, list[Event]] = defaultdict(list)
        for event in events:
            if event.kind.startswith("transcript_"):
                self._entries[event.source].append(event)
        self._turn_of: dict[tuple[str, int], str] = {}
        self._answered = defaultdict[str, set[tuple[str | None, str | None]]](set)  # turn -> who answered a failure
        self._replied: set[str] = set()
        self._order: dict[str, list[str]] = defaultdict(list)
        self._places: dict[str, int] = {}  # turn -> where it stands in the order of its file
        self._prompts: dict[str, str] = {}
        self._triggers: dict[str, str | None] = {}
        for source, entries in self._entries.items():
            self._walk(source, sorted(entries, key=lambda e: e.line))

    def _walk(self, source: str, entries: Sequence[Event]) -> None:
        turn, failed = f"{source}:0", False
        for event in entries:
            if event.kind == "transcript_turn":
                turn, failed = f"{source}:{event.line}", False
                self._places.setdefault(turn, len(self._order[source]))
                self._order[source].append(turn)
                self._prompts[turn] = event.detail or turn
                self._triggers[turn] = event.trigger
            elif event.role == "failure":
                failed = True
                self._answered.pop(turn, None)  # the answer before it only called a tool
            elif event.role == "answer":
                self._replied.add(turn)
                if failed:
                    self._answered[turn].add((event.provider, event.model))
            self._turn_of[source, event.line] = turn

    def of(self, failure: FailedRequest) -> str:
        """The turn a failure belongs to; a failure no transcript shows is a turn of its own run or its own."""
        for event in failure.events:
            if turn := self._turn_of.get((event.source, event.line)):
                return turn
        return f"run {failure.run}" if failure.run else failure.source

    def trigger(self, turn: str) -> str | None:
        return self._triggers.get(turn)

    def prompt(self, turn: str) -> str:
        return self._prompts.get(turn, turn)

    def answered(self, turn: str, failure: FailedRequest) -> bool:
        """True where a turn that had failed was answered after all, and not by another provider or model."""
        told = self._answered.get(turn, set())
        return any(p in (failure.provider, None) and (not failure.model or m in (failure.model, None)) for p, m in told)

    def rescued_after(self, turn: str) -> int:
        """How many times the prompt of a failed turn was sent again until it was answered; 0 where it never was."""
        order = self._order.get(turn.rpartition(":")[0], [])
        first = self._places.get(turn, len(order)) + 1
        for n in range(first, len(order)):
            if self.prompt(order[n]) != self.prompt(turn):
                return 0
            if order[n] in self._replied:
                return n - first + 1
        return 0


class _Fates:
    """What became of a failed call: answered after all without anybody noticing, or not."""

    def __init__(self, failures: Sequence[FailedRequest], events: Sequence[Event], turns: _Turns) -> None:
        self._turns = turns
        self._noticed_turns = {turns.of(f) for f in failures if f.noticed}
        self._noticed_runs = {f.run for f in failures if f.noticed and f.run}
        self._answered_runs: dict[tuple[str, str | None], datetime] = {}  # the last one of each provider
        for event in events:
            if event.role == "answer" and event.run and event.time:
                self._answered_runs[event.run, event.provider] = event.time
        bad = [(f.time, False) for f in failures if f.reported or f.noticed]
        good = [(e.time, True) for e in events if e.role == "answer" and e.time]
        self._outcomes = sorted(bad + good)

    def absorbed(self, failure: FailedRequest, turn: str) -> bool:
        """True where its turn or run was answered, or the transport simply tried again and got its answer."""
        if turn in self._noticed_turns or failure.run in self._noticed_runs:
            return False
        return self._turns.answered(turn, failure) or self._run_answered(failure) or self._retried(failure)

    def _run_answered(self, failure: FailedRequest) -> bool:
        """An answer of another provider is a fallback's: this one failed."""
        times = (self._answered_runs.get((failure.run or "", name)) for name in (failure.provider, None))
        return any(time is not None and time > failure.time for time in times)

    def _retried(self, failure: FailedRequest) -> bool:
        """A call that only the transport saw fail, with an answer as the next outcome."""
        if failure.reported or any(e.kind != "model_fetch_response" for e in failure.events):
            return False
        after = bisect_right(self._outcomes, (failure.time, True))
        if after == len(self._outcomes):
            return False
        time, answered = self._outcomes[after]
        return answered and time - failure.time <= _RETRIED


class _Rotation:
    """Which profile a session tries: the first of the order, the next for a prompt that is sent again.

    A session stays on the profile that answered in the end (the automatic override), until that fails too.
    """

    def __init__(self, profiles: Profiles, turns: _Turns) -> None:
        self._profiles, self._turns = profiles, turns
        self._last: dict[str, tuple[FailedRequest, str, int]] = {}

    def next(self, failure: FailedRequest, turn: str) -> tuple[str | None, str | None]:
        ids = self._profiles.by_provider.get(failure.provider or "", ())
        if len(ids) < 2:
            return None, None
        session = failure.session or ""
        place = self._place(session, failure, turn)
        self._last[session] = (failure, turn, place)
        return ids[place % len(ids)], "order"

    def _place(self, session: str, failure: FailedRequest, turn: str) -> int:
        if session not in self._last:
            return 0
        before, last_turn, place = self._last[session]
        if last_turn == turn:
            return place
        again = self._turns.prompt(last_turn) == self._turns.prompt(turn) and failure.began - before.time <= _CHAIN
        if again:
            return place + 1 if before.model == failure.model else 0
        rotations = self._turns.rescued_after(last_turn)
        return place + rotations if rotations else 0
