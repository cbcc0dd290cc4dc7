"""Places a source whose times lack date or zone by the records that another source saw with full times."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from forensics.parsers.clocks.days import DAY

K = TypeVar("K", bound=Hashable)
_Steps = tuple[tuple[int, timedelta], ...]
"""(position in the source from which a shift holds, the shift); the first position is 0."""

_TOLERANCE = timedelta(seconds=2)  # one record reaches file and console within it
_GRID = timedelta(minutes=15)  # every zone's offset is a multiple
_WEST, _EAST = timedelta(hours=12, seconds=2), timedelta(hours=-14, seconds=-2)  # from UTC-12 and UTC+14 to UTC
_CLOCK_CHANGES = (timedelta(minutes=30), timedelta(hours=1))
_STEP_COST = 1.5  # in votes: a change of shift must be backed by more than one record
_CANDIDATES = 12
_MOST_PAIRS = 5_000  # a key more common than this tells nothing
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Step:
    """From which record on, and from which of the source's own times on, a shift holds."""

    position: int
    since: datetime
    shift: timedelta


@dataclass(frozen=True, slots=True)
class Alignment:
    """What to add to a source's times to get UTC."""

    steps: tuple[Step, ...]  # the first holds from the beginning
    agreeing: int  # records that coincide
    contradicting: int  # records seen exactly once on either side that do not
    basis: str = "aligned"

    def place(self, local: Sequence[datetime]) -> list[datetime]:
        """The very sequence of times that was aligned -> UTC instants."""
        starts = [step.position for step in self.steps]
        held = [self.steps[bisect_right(starts, position) - 1].shift for position in range(len(local))]
        return [_as_utc(moment) + shift for moment, shift in zip(local, held, strict=True)]

    def instant(self, moment: datetime) -> datetime:
        """Any time of the source -> UTC instant; in an hour that came twice, as if it had been its second coming."""
        held = [step.shift for step in self.steps[1:] if step.since <= _wall(moment)]
        return _as_utc(moment) + (held[-1] if held else self.steps[0].shift)


@dataclass(frozen=True, slots=True)
class _Vote:
    position: int
    shifts: frozenset[timedelta]
    unique: bool  # its key stands once on either side

    @property
    def weight(self) -> float:
        return 1 / len(self.shifts) if self.shifts else 0.0

    def agrees(self, steps: _Steps) -> bool:
        return next(shift for start, shift in reversed(steps) if start <= self.position) in self.shifts


def align(
    local: Sequence[tuple[K, datetime]], dated: Mapping[K, Sequence[datetime]], *, dateless: bool
) -> Alignment | None:
    """Find the shift that makes most records with equal keys coincide; None where that would be a guess.

    `local` is one source in file order, `dated` holds the instants at which others saw a key. The shift is a multiple
    of 15 minutes (of whole days where the offset is stated) and changes on the way only where the votes say so: by 30
    or 60 minutes (daylight saving) or, dateless, by whole days (silence). A record with several possible partners
    divides its vote among them. Two records must agree, or one whose key is unique on both sides and undisputed.
    """
    votes = _votes(local, dated, dateless=dateless)
    steps = _best_steps(votes, dateless=dateless)
    agreeing = [vote for vote in votes if vote.agrees(steps)] if steps else []
    contradicting = sum(vote.unique for vote in votes) - sum(vote.unique for vote in agreeing)
    enough = len(agreeing) >= 2 or any(vote.unique for vote in agreeing)
    if not enough or contradicting >= len(agreeing) or not _decisive(votes, steps):
        return None
    found = tuple(Step(position, _wall(local[position][1]), shift) for position, shift in steps)
    return Alignment(found, len(agreeing), contradicting)


def _votes(
    local: Sequence[tuple[K, datetime]], dated: Mapping[K, Sequence[datetime]], *, dateless: bool
) -> list[_Vote]:
    count = Counter(key for key, _ in local)
    return [
        _Vote(position, _shifts(moment, partners, dateless=dateless), count[key] == len(partners) == 1)
        for position, (key, moment) in enumerate(local)
        if (partners := dated.get(key)) and count[key] * len(partners) <= _MOST_PAIRS
    ]


def _shifts(moment: datetime, partners: Sequence[datetime], *, dateless: bool) -> frozenset[timedelta]:
    grid = DAY if moment.tzinfo else _GRID
    apart = [partner - _as_utc(moment) for partner in partners]
    return frozenset(
        round(shift / grid) * grid
        for shift in apart
        if abs(shift - round(shift / grid) * grid) <= _TOLERANCE and (dateless or _EAST <= shift <= _WEST)
    )


_Path = tuple[float, _Steps]
"""What a way through the votes has gained, and its steps."""


def _best_steps(votes: Sequence[_Vote], *, dateless: bool) -> _Steps:
    """The way through the votes in file order that gains most, where every change of shift has its cost."""
    tally = Counter(shift for vote in votes for shift in vote.shifts)
    shifts = sorted(tally, key=lambda shift: (-tally[shift], abs(shift), shift))[:_CANDIDATES]
    before = {s: [p for p in shifts if _may_follow(s - p, dateless=dateless)] for s in shifts}
    paths: dict[timedelta, _Path] = {shift: (0.0, ((0, shift),)) for shift in shifts}
    for vote in votes:
        paths |= {
            shift: _voted(vote, shift, paths[shift], [paths[p] for p in before[shift]])
            for shift in shifts
            if shift in vote.shifts
        }
    return max(paths.values(), key=lambda path: (path[0], -len(path[1])), default=(0.0, ()))[1]


def _voted(vote: _Vote, shift: timedelta, stay: _Path, others: Sequence[_Path]) -> _Path:
    change = max(others, key=lambda path: path[0], default=stay)
    if change[0] - _STEP_COST > stay[0]:
        return change[0] - _STEP_COST + vote.weight, (*change[1], (vote.position, shift))
    return stay[0] + vote.weight, stay[1]


def _may_follow(step: timedelta, *, dateless: bool) -> bool:
    if abs(step) in _CLOCK_CHANGES:
        return True
    silences = [step, *(step + sign * change for change in _CLOCK_CHANGES for sign in (1, -1))]
    return dateless and any(silence >= DAY and not silence % DAY for silence in silences)


def _decisive(votes: Sequence[_Vote], steps: _Steps) -> bool:
    """Against every rival shift a whole vote must speak for ours alone, and twice what speaks for the rival alone."""
    used = {shift for _, shift in steps}
    shared: defaultdict[timedelta, float] = defaultdict(float)
    rival_only: defaultdict[timedelta, float] = defaultdict(float)
    ours = 0.0
    for vote in votes:
        agrees = vote.agrees(steps)
        ours += vote.weight if agrees else 0
        for rival in vote.shifts - used:
            (shared if agrees else rival_only)[rival] += vote.weight
    rivals = shared.keys() | rival_only.keys()
    return ours > 1 - _ROUNDING and all(
        ours - shared[rival] > max(1.0, 2 * rival_only[rival]) - _ROUNDING for rival in rivals
    )


def _wall(moment: datetime) -> datetime:
    return moment.replace(tzinfo=None)


def _as_utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
