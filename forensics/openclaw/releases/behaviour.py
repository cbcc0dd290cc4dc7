"""What the gateway does in which release, one question each (facts 0.1, 2.6, 3.8, 3.9, 4.4, 5.3)."""

from __future__ import annotations

from datetime import timedelta

from forensics.openclaw.releases.release import Release, at, in_span

_REPROBES = (("8.2-9.3", timedelta(minutes=45)), ("9.5+", timedelta(minutes=5)))
_SKIP_REASON = (
    ("1.29-2.21", "constant rate_limit"),  # never looked at: #5240, #13909, #23996
    ("2.23-7.1", "counters"),  # the highest failureCounts, an active disabled window first
    ("8.1+", "cooldownReason"),  # as before, and the stored cooldownReason counts too
)


def extends_active_window(release: Release) -> bool:
    """A failure inside an active window moves its end (5.3); later releases keep it."""
    return in_span(release, "1.29-2.21")


def resets_count_on_expiry(release: Release) -> bool:
    """errorCount and failureCounts start again once a window is over (5.3); see `count_kept_on_expiry`.

    2026.2.17 to 3.8 reset them in memory only: the next failure goes on from what the file holds.
    """
    return in_span(release, "3.11+")


def count_kept_on_expiry(release: Release) -> str | None:
    """The reason whose failureCounts survives the end of a window, so that its ladder goes on (5.2)."""
    return "rate_limit" if in_span(release, "9.3+") else None


def replaces_window_reason(release: Release) -> bool:
    """cooldownReason and disabledReason are those of the last failure, not of the one that opened (5.3)."""
    return in_span(release, "3.28+")


def can_renew(provider: str, release: Release) -> bool:
    """Whether a login of the provider is renewed at all: 4.5 no longer has the code for Qwen's portal."""
    return provider != "qwen-portal" or not in_span(release, "4.5+")


def frozen_snapshot(release: Release) -> bool:
    """State is computed from, and the whole file rewritten with, the copy taken at start or reload (3.9)."""
    return in_span(release, "2.26-3.13")


def ignores_own_cooldowns(release: Release) -> bool:
    """The running gateway does not see the windows that it writes itself (3.9)."""
    return in_span(release, "2.26-3.28")


def writes_auth_events(release: Release) -> bool:
    """Failures, decisions and windows are structured log events (2.1-2.4)."""
    return in_span(release, "3.11+")


def error_lines_only_in_transcript(release: Release) -> bool:
    """The log does not hold what the provider said: only the transcript does (0.3)."""
    return in_span(release, "1.29-2.21")


def failed_run_marks_good(release: Release) -> bool:
    """A failed run with nowhere to go wipes counters and windows and sets lastGood (3.8, #84457)."""
    return in_span(release, "1.29-4.21")


def counts_refresh_failures(release: Release) -> bool:
    """An OAuth refresh that fails before the request marks the profile (2.6, 5.1, #125507)."""
    return in_span(release, "8.1+")


def clones_auth_file(release: Release) -> bool:
    """A new agent gets a copy of the main agent's auth file, tokens and cooldowns included (3.7)."""
    return in_span(release, "1.29-4.27")


def reads_auth_json(release: Release) -> bool:
    """The credentials stand in auth-profiles.json; from 6.5 in a database, and a file left behind is ignored (3.1)."""
    return in_span(release, "1.29-6.1")


def log_time_is_utc(release: Release) -> bool:
    """`time` of a file log line is UTC; from 3.2 it is local with its offset (1.3)."""
    return in_span(release, "1.29-2.26")


def keeps_auth_in_memory(release: Release) -> bool:
    """The running gateway answers from a copy of the auth store; a login beside it counts after a reload (3.9)."""
    return in_span(release, "2.26+")


def login_clears_windows(release: Release) -> bool:
    """`models auth login` also clears the windows of the provider's profiles (read in 4.5, 5.28, 7.1, 9.6)."""
    return in_span(release, "4.5+")


def model_reset_drops_profile_pin(release: Release) -> bool:
    """`sessions.patch` with `model: null` drops the pinned profile too (read in 2.9-4.5); 5.28 keeps it."""
    return in_span(release, "1.29-4.5")


def reprobes_blocks_every(release: Release) -> timedelta | None:
    """How often a profile blocked by a usage endpoint is tried again; None: never before the last minutes (5.2)."""
    return at(_REPROBES, release)


def logs_blocks_without_end(release: Release) -> bool:
    """The event of a block by a usage endpoint names a cooldown and no end; `blockedUntil` is never logged (5.2)."""
    return in_span(release, "5.12+")


def reset_drops_auto_pins(release: Release) -> bool:
    """`/new` and `/reset` drop what a failover pinned, model and profile (changelog of 4.20, #69419)."""
    return in_span(release, "4.21+")


def returns_to_primary(release: Release) -> bool:
    """A session that a failover moved tries the wanted model again and drops the pin (changelog of 5.17, #82544)."""
    return in_span(release, "5.18+")


def auth_commands_take_agent(release: Release) -> bool:
    """`models auth --agent <id>` says whose store is written (read in 5.28+); before, only the order's."""
    return in_span(release, "5.28+")


def skip_reason(release: Release) -> str:
    """Where the `(reason)` after "Provider … is in cooldown" comes from (4.4)."""
    return at(_SKIP_REASON, release) or "counters"
