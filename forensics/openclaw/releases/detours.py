"""Reasons that the classifier did not give: constant, counted up, or read out of a summary again (facts 4.4)."""

from __future__ import annotations

from dataclasses import dataclass

from forensics.openclaw.releases.release import Release, in_span


@dataclass(frozen=True, slots=True)
class Detour:
    """How a reason gets to a place (`where` as in filings) past the classifier. `reason` None: whatever it is."""

    where: str
    reason: str | None
    span: str
    what: str
    issues: tuple[int, ...] = ()


_COUNTED = "a skip takes the reason counted most often, an active disabled window first: old counts can outweigh this"

DETOURS = (  # constants first: they say most
    Detour(
        "echo",
        "rate_limit",
        "1.29-2.21",
        "every skip of a provider in cooldown carries the constant rate_limit; nobody looks at what really failed",
        (5240, 13909, 23996),
    ),
    Detour("echo", "rate_limit", "2.23-3.8", "a run without any usable profile carries the constant rate_limit"),
    Detour("window", "rate_limit", "5.12+", "a block until a subscription renews is always written as rate_limit"),
    Detour("echo", None, "2.23-7.1", _COUNTED),
    Detour("echo", None, "8.1+", f"{_COUNTED}, and so can a stored cooldownReason"),
    Detour(
        "cron",
        None,
        "3.11+",
        "the classifier reads the whole summary of a job: one attempt printed with (rate_limit) or timed out decides",
    ),
)


def detour(release: Release, where: str, reason: str) -> Detour | None:
    """The way past the classifier by which this reason gets to this place in this release, if one is known."""
    return next(
        (d for d in DETOURS if d.where == where and d.reason in (None, reason) and in_span(release, d.span)), None
    )
