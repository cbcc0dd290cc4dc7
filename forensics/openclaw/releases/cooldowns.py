"""Cooldown arithmetic: which failures are counted, and how long a window they open (facts 5.1, 5.2)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple

from forensics.openclaw.releases.release import Release, at, in_span
from forensics.tables import WindowKind

_LAST_STEP = 13  # 30 s doubled twelve times is more than a day
_HOUR, _MINUTE, _SECOND = timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1)

_LADDER = (  # by errorCount
    ("1.29-3.24", (1 * _MINUTE, 5 * _MINUTE, 25 * _MINUTE, 60 * _MINUTE)),
    ("3.28+", (30 * _SECOND, 1 * _MINUTE, 5 * _MINUTE)),
)


@dataclass(frozen=True, slots=True)
class Doubling:
    """`base`, twice that, four times that, … up to `most`, by failureCounts[reason]."""

    base: timedelta
    most: timedelta

    def length(self, count: int) -> timedelta:
        """Length of the window that failure number `count` opens."""
        return min(self.most, self.base * (1 << min(max(count, 1), _LAST_STEP) - 1))


_DOUBLING = {  # the other reasons take the ladder
    "billing": (("1.29-9.1", Doubling(5 * _HOUR, 24 * _HOUR)), ("9.3+", Doubling(10 * _MINUTE, 24 * _HOUR))),
    "auth_permanent": (
        ("2.26-4.2", Doubling(5 * _HOUR, 24 * _HOUR)),
        ("4.5+", Doubling(10 * _MINUTE, 60 * _MINUTE)),
    ),
    "rate_limit": (("9.3+", Doubling(30 * _SECOND, 24 * _HOUR)),),
}
_DISABLED = {"billing": "all", "auth_permanent": "2.26+"}

_BILLING_KEYS = ("billingBackoffHours", "billingMaxHours", _HOUR)
_CONFIG = {  # auth.cooldowns.* of openclaw.json: base, most, unit
    "billing": (("1.29-7.1", _BILLING_KEYS),),
    "auth_permanent": (
        ("2.26-4.2", _BILLING_KEYS),
        ("4.5-7.1", ("authPermanentBackoffMinutes", "authPermanentMaxMinutes", _MINUTE)),
    ),
}

_NOT_COUNTED = (  # (releases, reason): no state change at all
    ("2.23-5.18", "timeout"),
    ("5.7+", "format"),
    ("5.12+", "server_error"),
    ("5.18+", "empty_response"),
    ("7.1+", "context_overflow"),
    ("8.1+", "overloaded"),
    ("8.1+", "tls_certificate"),
)
_NEVER_COOLED = frozenset({"openrouter", "kilocode"})  # from 2.26
_LOCAL_POLICY = {"local": "4.27+", "local_transient": "6.8+"}
_TRANSIENT = frozenset({"overloaded", "rate_limit"})

_WHAM = {"openai-codex": "4.1-6.1", "openai": "6.5+"}  # provider -> releases that ask ChatGPT for its usage
_WHAM_FIXED = (12 * _HOUR, 24 * _HOUR, 5 * _MINUTE, 30 * _SECOND, 15 * _SECOND)  # 401, 403, HTTP, failed, burst
_WHAM_CAPS = (("4.1-5.7", (2 * _HOUR, 4 * _HOUR)),)  # half of the remaining reset time, at most this


class Length(NamedTuple):
    """A window length a release can produce. `reason` None: any; `n` is the count behind it, 0 for WHAM."""

    length: timedelta
    kind: WindowKind
    reason: str | None
    n: int


def window_kind(release: Release, reason: str) -> WindowKind:
    """`disabled` (disabledUntil) or `cooldown` (cooldownUntil)."""
    span = _DISABLED.get(reason)
    return "disabled" if span and in_span(release, span) else "cooldown"


def counted(
    release: Release,
    reason: str,
    provider: str,
    *,
    policy: str | None = None,
    provider_started: bool = True,
) -> bool:
    """Whether such a failure changes the profile's state at all.

    `policy` is that of helper runs (`local`, `local_transient`). `provider_started`: the provider had begun to
    answer; it decides for `timeout` from 5.22 on. Where nobody knows it is taken as true: one candidate too many
    is better than the opener missed.
    """
    if provider in _NEVER_COOLED and in_span(release, "2.26+"):
        return False
    if policy and in_span(release, _LOCAL_POLICY.get(policy, "all")):
        return policy == "local_transient" and reason not in _TRANSIENT
    if reason == "timeout" and in_span(release, "5.22+"):
        return provider_started
    if reason == "no_error_details" and in_span(release, "7.1+"):
        return _asks_wham(release, provider)
    return not any(reason == name and in_span(release, span) for span, name in _NOT_COUNTED)


def window_length(
    release: Release,
    reason: str,
    errors: int,
    reason_count: int,
    config: Mapping[str, object],
    provider: str | None = None,
) -> timedelta:
    """Length of the window that a counted failure opens.

    `errors` and `reason_count` are errorCount and failureCounts[reason] after it, `config` is the whole
    openclaw.json; `provider` selects an entry of billingBackoffHoursByProvider.
    """
    if doubling := _doubling(release, reason, config, provider):
        return doubling.length(reason_count)
    ladder = at(_LADDER, release) or ()
    return ladder[min(max(errors, 1), len(ladder)) - 1]


def failure_window(release: Release, config: Mapping[str, object]) -> timedelta:
    """After this long without a failure errorCount and all failureCounts start again."""
    hours = _positive(_cooldowns(config).get("failureWindowHours")) if in_span(release, "1.29-7.1") else None
    return (hours or 24) * _HOUR


def possible_lengths(release: Release, config: Mapping[str, object], provider: str | None = None) -> tuple[Length, ...]:
    """Every window length the release can write for a provider (None: any), for recipe 5.5."""
    ladder = at(_LADDER, release) or ()
    steps = [Length(length, "cooldown", None, n) for n, length in enumerate(ladder, 1)]
    for reason in _DOUBLING:
        if doubling := _doubling(release, reason, config, provider):
            kind = window_kind(release, reason)
            steps += [Length(length, kind, reason, n) for n, length in _steps(doubling)]
    if _asks_wham(release, provider):
        fixed = _WHAM_FIXED + (at(_WHAM_CAPS, release) or ())
        steps += [Length(length, "cooldown", None, 0) for length in fixed]
    return tuple(steps)


def _steps(doubling: Doubling) -> Iterator[tuple[int, timedelta]]:
    for count in range(1, _LAST_STEP + 1):
        yield count, doubling.length(count)
        if doubling.length(count) == doubling.most:
            return


def _asks_wham(release: Release, provider: str | None) -> bool:
    spans = _WHAM.values() if provider is None else [_WHAM[provider]] if provider in _WHAM else []
    return any(in_span(release, span) for span in spans)


def _doubling(release: Release, reason: str, config: Mapping[str, object], provider: str | None) -> Doubling | None:
    default = at(_DOUBLING.get(reason, ()), release)
    keys = at(_CONFIG.get(reason, ()), release)
    return _configured(default, keys, _cooldowns(config), provider) if default and keys else default


def _configured(
    default: Doubling,
    keys: tuple[str, str, timedelta],
    cooldowns: Mapping[str, object],
    provider: str | None,
) -> Doubling:
    """The configured ladder; OpenClaw never goes below a minute, nor caps below the base."""
    base_key, most_key, unit = keys
    own = cooldowns.get("billingBackoffHoursByProvider") if base_key == "billingBackoffHours" else None
    value = own.get(provider) if isinstance(own, Mapping) and provider in own else cooldowns.get(base_key)
    wanted, most = _positive(value), _positive(cooldowns.get(most_key))
    base = max(_MINUTE, wanted * unit) if wanted else default.base
    return Doubling(base, max(base, most * unit if most else default.most))


def _cooldowns(config: Mapping[str, object]) -> Mapping[str, object]:
    auth = config.get("auth")
    cooldowns = auth.get("cooldowns") if isinstance(auth, Mapping) else None
    return cooldowns if isinstance(cooldowns, Mapping) else {}


def _positive(value: object) -> float | None:
    """A usable number of hours or minutes; OpenClaw ignores anything else, and more than a century is a lie."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return value if 0 < value <= 1_000_000 else None
