"""A desync: one window, its two edges and how they are known, and what windows are found in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from forensics.detectors.desync.recovery import Recovery
from forensics.detectors.desync.refusals import Refusal
from forensics.detectors.desync.stored_logins import StoredLogin
from forensics.display import Facts, ShowsItself, listed
from forensics.openclaw.releases import Running
from forensics.tables import Confidence
from forensics.text import in_figures

STALE, RACE, EXPIRED, OVERWRITTEN = "stale_copy", "refresh_race", "expired_external", "overwritten"
EARLY = timedelta(minutes=5)  # so long before its end an access token is renewed (4.21+)
CLOCK = timedelta(minutes=1)  # what two clocks and the rounding of an expiry may differ by
FIRST, LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
STARTS = {
    "last_refresh": "the tool wrote down when it renewed",
    "expiry": "the newer token's end minus its lifetime",
    "token": "the newer token says when it was issued",
    "mtime": "when the file of the newer pair was written",
    "snapshot": "between two moments at which the stores were seen",
    "token_end": "the old access token's end: from then on a renewal was due",
    "refusal": "the first refusal: the renewal by the other side lies before it",
    "use": "the next success or failure: with it the gateway wrote its old copy back",
}
ENDS = {
    "sync": "OpenClaw says that it took the newer pair over",
    "login": "a new login",
    "mtime": "when the auth store with the newer pair was written",
    "restart": "the restart before the first good sign",
    "answer": "the first good answer",
    "snapshot": "the newer pair was seen in the store",
}
_CITED = 4  # places per kind of evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """One end of a window. An interval is given where the moment is but its best known point."""

    time: datetime
    basis: str  # a start: see STARTS; an end: see ENDS
    not_before: datetime | None = None
    not_after: datetime | None = None
    source: str | None = None

    @property
    def exact(self) -> bool:
        return self.not_before is None and self.not_after is None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Desync(ShowsItself):
    """One window in which agents held a login that was dead, or would be at its next renewal."""

    provider: str
    kind: str  # stale_copy, refresh_race, expired_external, overwritten
    agents: tuple[str, ...]
    profiles: tuple[str, ...]
    opened: Edge
    closed: Edge | None  # None: nothing shows that it is over
    newest: StoredLogin | None  # the pair that replaced theirs, where the evidence holds it
    outdated: tuple[StoredLogin, ...] = ()  # the copies that current stores still hold
    winner: str | None = None  # who renewed: a tool, or an agent
    refusals: tuple[Refusal, ...]
    confidence: Confidence
    evidence: tuple[str, ...]

    def _title(self) -> str:
        return f"{self.provider}: {self.kind.replace('_', ' ')}, {'over' if self.closed else 'not over'}"

    def _facts(self) -> Facts:
        closed = self.closed
        return (
            ("agents", ", ".join(self.agents)),
            ("profiles", ", ".join(self.profiles)),
            ("from", f"{in_figures(self.start)}: {STARTS.get(self.opened.basis, self.opened.basis)}"),
            ("until", f"{in_figures(closed.time)}: {ENDS.get(closed.basis, closed.basis)}" if closed else ""),
            ("renewed by", self.winner or ""),
            ("refusals", str(len(self.refusals))),
            ("confidence", self.confidence),
            ("where", listed(self.evidence)),
        )

    @property
    def start(self) -> datetime:
        return self.opened.time

    @property
    def end(self) -> datetime | None:
        return self.closed.time if self.closed else None

    @property
    def first_failure(self) -> datetime | None:
        return min((r.time for r in self.refusals), default=None)

    @property
    def bites_at(self) -> datetime | None:
        """When the first of the copies ends: its next renewal is refused. None once something was, or it is over."""
        if self.refusals or self.closed:
            return None
        return min((c.expires_at for c in self.outdated if c.expires_at), default=None)

    def covers(self, time: datetime) -> bool:
        return self.start - CLOCK <= time <= (self.end or LAST)

    def meets(self, other: Desync) -> bool:
        return self.covers(other.start) or other.covers(self.start)


@dataclass(frozen=True, slots=True, kw_only=True)
class DesyncInputs:
    """All that windows are found in. `now` is the last moment of the evidence."""

    copies: Sequence[StoredLogin]
    refusals: Sequence[Refusal]
    recovery: Recovery
    running: Running
    now: datetime


def cited(first: Iterable[str], refused: Iterable[Refusal], closed: Edge | None) -> tuple[str, ...]:
    """Where it can be read: the two pairs, the first refusals, the end."""
    places = [*list(first)[:_CITED], *[r.sources[0] for r in refused][:_CITED], closed.source if closed else None]
    return tuple(dict.fromkeys(p for p in places if p))
