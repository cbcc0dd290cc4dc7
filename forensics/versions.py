"""Which OpenClaw release wrote the evidence: said outright, told by chunk names, or narrowed down by what is there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from forensics import releases
from forensics.events import Timeline
from forensics.releases import NEWEST_KNOWN, READ, Release

_KINDS = (  # an event kind that only these releases write
    ("embedded_run_failover_decision", "3.11+"),
    ("auth_profile_failure_state_updated", "3.11+"),
    ("model_fallback_decision", "3.11+"),
    ("transcript_prompt_error", "2.17+"),
    ("model_fetch_response", "5.12+"),
    ("model_fetch_error", "5.12+"),
)
_STORES = (  # a store that only these releases have
    ("auth_state", "4.9-6.1"), ("tasks_database", "3.31-5.28"), ("state_database", "6.1+"), ("agent_database", "6.5+"),
    ("trajectories", "4.24-7.1"), ("cold_transcripts", "9.1+"), ("stability", "4.24+"),
)  # fmt: skip
_QUIET = ("1.29-3.8", "embedded_run_failover_decision")  # failures in a gateway log without this event


@dataclass(frozen=True, slots=True)
class Detected:
    """`release` is what the arithmetic uses; `releases` are those the evidence names (none where it names none)."""

    release: Release
    releases: tuple[str, ...]
    basis: str  # one phrase: where this comes from
    exact: bool
    upgrades: tuple[tuple[datetime, Release], ...] = ()  # from when on which release wrote, if there were several


def detect_release(timeline: Timeline) -> Detected:
    """The release of a timeline. An unknown newer release is read with the newest known facts, and says so."""
    named = _named(timeline)
    if named:
        release = max(named.items(), key=lambda pair: (pair[1], pair[0]))[0]
        known = releases.effective(release)
        newer = "" if known == release else f"; newer than the newest known {NEWEST_KNOWN}, whose facts are used"
        names = tuple(str(r) for r in sorted(named))
        return Detected(release, names, f"named by the evidence{newer}", True, _upgrades(timeline))
    fitting = _fitting(timeline)
    release = fitting[-1]
    basis = f"fits {fitting[0]} to {fitting[-1]} by what is logged and stored"
    return Detected(release, (), basis, False)


def _upgrades(timeline: Timeline) -> tuple[tuple[datetime, Release], ...]:
    """The first line of each stretch that one release wrote, where more than one did."""
    wrote = ((e.time, Release.parse(e.release)) for e in timeline.events if e.time and e.release)
    steps: list[tuple[datetime, Release]] = []
    for time, release in wrote:
        if release and (not steps or steps[-1][1] != release):
            steps.append((time, release))
    return tuple(steps) if len(steps) > 1 else ()


def _named(timeline: Timeline) -> Counter[Release]:
    """Releases told by chunk names first; by state and banners where no chunk tells."""
    votes = releases.vote(timeline.chunks)
    if votes:
        return votes
    told = [f.release for f in timeline.files] + [e.release for e in timeline.events]
    return Counter(release for text in told if text and (release := Release.parse(text)))


def _fitting(timeline: Timeline) -> Sequence[Release]:
    """The read releases that everything found is possible in; all of them where the signs contradict."""
    spans = [span for kind, span in _KINDS if any(e.kind == kind for e in timeline.events)]
    spans += [span for store, span in _STORES if any(f.kind == store for f in timeline.files)]
    kinds = {e.kind for e in timeline.events if e.role in ("failure", "echo") and not e.kind.startswith("transcript")}
    if kinds and _QUIET[1] not in {e.kind for e in timeline.events} and not spans:
        spans.append(_QUIET[0])
    fitting = [r for r in READ if all(releases.in_span(r, span) for span in spans)]
    return fitting or READ
