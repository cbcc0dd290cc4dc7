"""Windows: the intervals in which OpenClaw would not use a profile, who opened and who prolonged them.

Releases that log `auth profile failure state updated` (2026.3.11+) say it themselves. For the others the release's
own arithmetic is run over the failures and held against the state that the last writer left behind.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple

from forensics.incidents.answer_attribution import ProviderResponses
from forensics.incidents.attempts import AttributedFailure, is_refresh
from forensics.incidents.auth_profiles import Profiles
from forensics.incidents.failures import place
from forensics.incidents.stored_windows import stored_windows
from forensics.incidents.usage_blocks import logged_block, opened_block, stored_block
from forensics.incidents.window_inputs import WRITTEN, WindowInputs
from forensics.openclaw import reasons, releases
from forensics.parsers.stores.reading.auth_record import ProfileStats
from forensics.tables import WINDOW_KINDS, Event, Window, WindowKind


class _Update(NamedTuple):
    time: datetime
    line: int
    until: datetime
    event: Event


def build_windows(history: WindowInputs) -> tuple[Window, ...]:
    """Windows of a case, in order of start. `start_basis` tells how each start is known."""
    updates = _updates(history)
    windows = _with_updates(_computed(history, logged=bool(updates)), updates, history)
    windows += _logged_blocks(history)
    for window in stored_windows(history):
        windows = _with_stored(windows, window)
    return tuple(sorted(windows, key=lambda w: (w.start, w.profile or "", w.kind)))


def _updates(history: WindowInputs) -> dict[tuple[str, WindowKind], list[_Update]]:
    """What the log says of each profile's windows, by (profile, kind)."""
    by_profile: dict[tuple[str, WindowKind], list[_Update]] = defaultdict(list)
    for event in history.events:
        if event.role == "window" and event.time and event.window_until:
            named = event.profile or history.profiles.resolve(event.profile_hash, event.provider)
            update = _Update(event.time, event.line, event.window_until, event)
            by_profile[named or event.profile_hash or "?", _kind_of(event)].append(update)
    return by_profile


def _kind_of(event: Event) -> WindowKind:
    return next((kind for kind in WINDOW_KINDS if kind == event.window_kind), "cooldown")


def _with_updates(
    computed: Sequence[Window], updates: Mapping[tuple[str, WindowKind], Sequence[_Update]], history: WindowInputs
) -> list[Window]:
    """Windows of a release that logs them go on where those of the one before it, which did not, ended."""
    found = [w for w in computed if (w.profile, w.kind) not in updates]
    for (profile, kind), told in sorted(updates.items()):
        before = [w for w in computed if (w.profile, w.kind) == (profile, kind)]
        found += _merge_updates(before, profile, kind, sorted(told, key=lambda update: update[:3]), history)
    return found


def _merge_updates(
    before: Sequence[Window], profile: str, kind: WindowKind, updates: Sequence[_Update], history: WindowInputs
) -> list[Window]:
    """Updates of one profile -> windows: a reused window, or one set again while it ran, is prolonged."""
    merged, again = list(before), [list[str]() for _ in before]
    for time, _, until, event in updates:
        last = merged[-1] if merged else None
        if last and last.end and (event.window_reused or time < last.end):
            merged[-1] = replace(
                last,
                end=max(last.end, until),
                prolonged=last.prolonged + 1,
                reason_recorded=event.recorded_reason or last.reason_recorded,
            )
            again[-1].append(place(event))
            continue
        again.append([])
        merged.append(
            Window(
                kind=kind, provider=event.provider or history.profiles.provider_of(profile), agent=event.agent,
                profile=profile, start=time, end=until, reason_recorded=event.recorded_reason,
                opened_by=place(event), start_basis="event", sources=(place(event),),
            )
        )  # fmt: skip
    return [replace(w, sources=(*w.sources, *places)) for w, places in zip(merged, again, strict=True)]


def _computed(history: WindowInputs, *, logged: bool) -> list[Window]:
    """The arithmetic, for the time in which no window was logged, and for those logged without their end."""
    by_profile: dict[str, list[AttributedFailure]] = defaultdict(list)
    listening = logged or history.gateway_log
    for attempt in (a for a in history.attempts if not opened_block(a, history)):
        told = listening and releases.writes_auth_events(history.running.at(attempt.failure.time))
        guessed = attempt.last_of_turn and not attempt.absorbed and not told
        profile = attempt.profile or attempt.failure.profile_hash
        if _opened_without_end(attempt) and profile:
            by_profile[profile].append(replace(attempt, profile=profile))
        elif attempt.profile and guessed:
            by_profile[attempt.profile].append(attempt)
    found: list[Window] = []
    answers, ended_well = ProviderResponses(history.events), _ended_well(history)
    for _, attempts in sorted(by_profile.items()):
        windows = _Ladder(history, answers, ended_well).climb(attempts)
        endless = not history.exact and any(map(_opened_without_end, attempts))
        found += [replace(w, end=None) for w in windows] if endless else windows
    return found


def _logged_blocks(history: WindowInputs) -> list[Window]:
    """Blocks by a usage endpoint of which only the log tells, and that without their end."""
    blocks = ((a, logged_block(a, history)) for a in history.attempts if not stored_block(a, history))
    return [
        Window(
            kind="blocked", provider=attempt.failure.provider or "", agent=attempt.failure.agent,
            profile=attempt.profile or event.profile_hash, start=attempt.failure.time, end=None,
            reason_recorded=event.recorded_reason, opened_by=place(event), start_basis="event", sources=(place(event),),
        )
        for attempt, event in blocks
        if event
    ]  # fmt: skip


def _opened_without_end(attempt: AttributedFailure) -> bool:
    """A console tells that a window was opened, but not until when."""
    return any(e.role == "window" and e.window_kind and not e.window_until for e in attempt.failure.events)


class _Ladder:
    """The release's arithmetic run over the failures of one profile."""

    def __init__(self, history: WindowInputs, answers: ProviderResponses, ended_well: Container[str]) -> None:
        self._history, self._answers, self._ended_well = history, answers, ended_well
        self._errors = 0
        self._counts: dict[str, int] = defaultdict(int)
        self._last: datetime | None = None

    def _unmarked(self, attempt: AttributedFailure) -> bool:
        return _unmarked(attempt, self._history, ended_well=attempt.failure.source in self._ended_well)

    def climb(self, attempts: Sequence[AttributedFailure]) -> list[Window]:
        windows: list[Window] = []
        for attempt in attempts:
            failure = attempt.failure
            release, provider = self._history.running.at(failure.time), failure.provider or ""
            reason = _filed(attempt, self._history)
            if not releases.counted(release, reason, provider) or self._unmarked(attempt):
                if _opened_without_end(attempt):  # as the log says, whatever the arithmetic makes of it
                    self._add(windows, attempt, reason, None)
                continue
            self._reset(attempt, windows)
            self._errors += 1
            self._counts[reason] += 1
            length = releases.window_length(
                release, reason, self._errors, self._counts[reason], self._history.config, provider
            )
            self._add(windows, attempt, reason, failure.time + length)
            self._last = failure.time
        return windows

    def _reset(self, attempt: AttributedFailure, windows: Sequence[Window]) -> None:
        """Counters start again after a day, after an answer that this profile gave, and (3.11+) after its window."""
        time, history = attempt.failure.time, self._history
        if self._last is None:
            return
        release, end = history.running.at(time), windows[-1].end if windows else None
        long_ago = time - self._last > releases.failure_window(release, history.config)
        if long_ago or self._answered(attempt, max(self._last, end or self._last)):
            self._errors, self._counts = 0, defaultdict(int)
        elif end and end <= time and releases.resets_count_on_expiry(release):
            kept = releases.count_kept_on_expiry(release)
            self._errors, self._counts = 0, defaultdict(int, {r: n for r, n in self._counts.items() if r == kept})

    def _answered(self, attempt: AttributedFailure, free: datetime) -> bool:
        """Whether it answered once it was free again: the first profile is the one that is used then."""
        time, provider = attempt.failure.time, attempt.failure.provider
        own = attempt.profile in self._history.profiles.by_provider.get(provider or "", ())[:1]
        return own and self._answers.between(provider or "", free, time)

    def _add(self, windows: list[Window], attempt: AttributedFailure, reason: str, until: datetime | None) -> None:
        failure, release = attempt.failure, self._history.running.at(attempt.failure.time)
        last = windows[-1] if windows else None
        if last and last.end and failure.time < last.end:
            end = until if releases.extends_active_window(release) else last.end
            windows[-1] = replace(last, end=end, prolonged=last.prolonged + 1)
            return
        windows.append(
            Window(
                kind=releases.window_kind(release, reason),
                provider=failure.provider or "",
                agent=failure.agent,
                profile=attempt.profile,
                start=failure.time,
                end=until,
                reason_recorded=reason,
                opened_by=failure.source,
                start_basis="computed",
                sources=failure.sources,
            )
        )


def _filed(attempt: AttributedFailure, history: WindowInputs) -> str:
    """The reason this release files the failure under: as recorded beside it, else by its own rules."""
    failure = attempt.failure
    beside = next((r for r, _ in failure.recorded), None)
    if beside:
        return beside
    stored = next((s.values.get("failureCounts") for s in history.profiles.stats_of(attempt.profile or "")), None)
    if isinstance(stored, dict) and len(stored) == 1:
        return str(next(iter(stored)))
    release = history.running.at(failure.time)
    filed = reasons.recorded(release, failure.http_status, failure.error_type, failure.text, failure.provider)
    return filed.reason or "unknown"


def _unmarked(attempt: AttributedFailure, history: WindowInputs, *, ended_well: bool) -> bool:
    """Failures that leave no mark: refused refreshes (facts 2.6), and, up to about 2026.4.21, runs that ended in an
    error with nowhere to go, which marked their profile good (facts 3.8)."""
    release = history.running.at(attempt.failure.time)
    if _never_marked(attempt, history.profiles) and not releases.frozen_snapshot(release):
        return True
    if is_refresh(attempt.failure):
        return not releases.counts_refresh_failures(release)
    surfaced = any(e.kind == "surfaced_provider_error" for e in attempt.failure.events)
    wiped = ended_well or surfaced or any(_wiped(s, attempt) for s in history.profiles.stats_of(attempt.profile or ""))
    return wiped and releases.failed_run_marks_good(release)


def _never_marked(attempt: AttributedFailure, profiles: Profiles) -> bool:
    """`lastFailureAt` survives every reset: a store written later that holds an earlier one did not count this."""
    time = attempt.failure.time
    later = [s for s in profiles.stats_of(attempt.profile or "") if s.observed_at and s.observed_at > time]
    marked = (s.instant("lastFailureAt") for s in later)
    return bool(later) and all(at is None or at < time - WRITTEN for at in marked)


def _ended_well(history: WindowInputs) -> frozenset[str]:
    """Places of the last failures of cron runs that are recorded as ok all the same: the error was their reply."""
    runs = (e.session for e in history.events if e.kind == "cron_run" and e.decision == "ok" and e.session)
    well = {session.partition(":run:")[2] or session for session in runs}
    return frozenset(
        {a.failure.session: a.failure.source for a in history.attempts if a.failure.session in well}.values()
    )


def _wiped(stats: ProfileStats, attempt: AttributedFailure) -> bool:
    """The sign of it in the state: marked used within a second or so of this very failure, and no error counted."""
    failed, used = stats.instant("lastFailureAt"), stats.instant("lastUsed")
    if failed is None or used is None or stats.values.get("errorCount"):
        return False
    mine = abs(failed - attempt.failure.time) <= WRITTEN
    return mine and timedelta(0) <= used - failed <= timedelta(seconds=1.5)


def _with_stored(windows: list[Window], stored: Window) -> list[Window]:
    """A stored window confirms the one already known with the same end, or overrules a computed guess."""
    for n, window in enumerate(windows):
        if window.profile != stored.profile or window.kind != stored.kind or window.end is None:
            continue
        if stored.end is None:
            continue
        if abs(window.end - stored.end) <= WRITTEN:
            confirmed = replace(window, end=stored.end, sources=(*window.sources, *stored.sources))
            return [*windows[:n], confirmed, *windows[n + 1 :]]
        if window.start_basis == "computed" and abs(window.start - stored.start) <= WRITTEN:
            told = replace(stored, opened_by=window.opened_by, sources=(*stored.sources, *window.sources))
            return [*windows[:n], told, *windows[n + 1 :]]
    return [*windows, stored]
