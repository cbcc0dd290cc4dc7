"""Which OpenClaw release wrote the evidence: said outright, told by chunk names, or narrowed down by what is there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from forensics.openclaw import releases
from forensics.openclaw.releases import NEWEST_KNOWN, OLDEST_KNOWN, READ, Release, Running
from forensics.parsers.timeline import VERSION_KEYS, Timeline
from forensics.text import clip

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
_FEWEST = 3  # such failures: a line or two that somebody copied prove no absence


@dataclass(frozen=True, slots=True)
class Detected:
    """Who wrote the evidence: `releases` are those it names (none where it names none), `running` says which when."""

    running: Running
    releases: tuple[str, ...]
    basis: str  # where this comes from, and what had to be assumed
    exact: bool
    assumed: str | None = None  # one sentence, where the facts of another release stand in

    @property
    def release(self) -> Release:
        """The one that runs now: what to do is asked of it."""
        return self.running.now

    def at(self, time: datetime | None) -> Release:
        """The one that ran then: what happened is judged by it."""
        return self.running.at(time)


def detect_release(timeline: Timeline) -> Detected:
    """The releases of a timeline. One that was not read is taken to behave as the one before it, and it is said so."""
    votes, told, wrote = releases.vote(timeline.chunks), _told(timeline), _wrote(timeline)
    later = {release for release in told if not votes or release > max(votes)}
    if not votes and not later:
        fitting = _fitting(timeline)
        basis = f"fits {fitting[0]} to {fitting[-1]} by what is logged and stored"
        if len(fitting) == len(READ):
            basis = f"not told by the evidence; the facts of {fitting[-1]} are used"
        return _detected(Running(fitting[-1]), (), basis, _garbled(timeline))
    last = wrote[-1][1] if wrote else max(votes, key=lambda r: (votes[r], r), default=None)
    now = max(later) if later else last
    assert now is not None  # noqa: S101 - one of the two is there; tells mypy
    named = tuple(sorted({*votes, *later}))
    return _detected(Running(now, wrote), named, "named by the evidence", _stood_in(named))


def _detected(running: Running, named: Sequence[Release], basis: str, assumed: str | None) -> Detected:
    whole = "; ".join(filter(None, (basis, assumed)))
    sentence = f"{assumed[0].upper()}{assumed[1:]}." if assumed else None
    return Detected(running, tuple(map(str, named)), whole, bool(named), sentence)


def _stood_in(named: Sequence[Release]) -> str | None:
    """Which of the releases were not read, and by which they are judged instead."""
    return "; ".join(_instead(release) for release in named if not releases.was_read(release)) or None


def _instead(release: Release) -> str:
    known = releases.effective(release)
    if release > NEWEST_KNOWN:
        return f"release {release} is newer than the newest known, {known}, whose facts are used"
    if release < OLDEST_KNOWN:
        return f"release {release} is older than the oldest known, {known}, whose facts are used"
    return f"release {release} is not known itself; the facts of {known} are used"


def _garbled(timeline: Timeline) -> str | None:
    """A version that the evidence states and that is none of OpenClaw's."""
    stated = {row.value.strip('"') for row in timeline.state if row.key in VERSION_KEYS}
    odd = sorted(text for text in stated if text and not Release.parse(text))
    return f'the release it names, "{clip(odd[0], 40)}", is none of OpenClaw\'s' if odd else None


def _wrote(timeline: Timeline) -> tuple[tuple[datetime, Release], ...]:
    """The first line of each stretch that one release logged."""
    logs = {file.path for file in timeline.files if file.kind == "log"}
    wrote = ((e.time, Release.parse(e.release)) for e in timeline.events if e.time and e.release and e.source in logs)
    steps: list[tuple[datetime, Release]] = []
    for time, release in wrote:
        if release and (not steps or steps[-1][1] != release):
            steps.append((time, release))
    return tuple(steps)


def _told(timeline: Timeline) -> set[Release]:
    """Releases that state and banners name."""
    told = [f.release for f in timeline.files] + [e.release for e in timeline.events]
    return {release for text in told if text and (release := Release.parse(text))}


def _fitting(timeline: Timeline) -> Sequence[Release]:
    """The read releases that everything found is possible in; all of them where the signs contradict."""
    spans = [span for kind, span in _KINDS if any(e.kind == kind for e in timeline.events)]
    spans += [span for store, span in _STORES if any(f.kind == store for f in timeline.files)]
    logged = [e for e in timeline.events if e.role in ("failure", "echo") and not e.kind.startswith("transcript")]
    if len(logged) >= _FEWEST and _QUIET[1] not in {e.kind for e in timeline.events} and not spans:
        spans.append(_QUIET[0])
    fitting = [r for r in READ if all(releases.in_span(r, span) for span in spans)]
    return fitting or READ
