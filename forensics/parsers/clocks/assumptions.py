"""Places a source that no other source can place: what its name, a banner, a number in it or its neighbours suggest.

When a file was written is no witness: of a paste it is the day of pasting.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo

from forensics.parsers.clocks.days import DAY
from forensics.parsers.clocks.zones import to_utc
from forensics.timeless import EPOCH

_DATE = re.compile(r"(?<!\d)(20\d\d)-(\d\d)-(\d\d)(?!\d)")
_BANNER = re.compile(r"log file: (?P<path>.+)", re.I)
_LATE = timedelta(minutes=1)  # a file's last line may be stamped this long after its mtime
_MOST_DAYS = 1000


@dataclass(frozen=True, slots=True)
class Hints:
    """What may tell the date of a source. All of it may be missing."""

    name: str = ""  # shown path of the file: `console-2026-11-20.txt`, `openclaw-2026-11-20.log`
    banners: Sequence[tuple[datetime, str]] = ()  # (local time, text) of records that name a log file with a date
    span: tuple[datetime, datetime] | None = None  # first and last instant of the rest of the evidence
    mtime: datetime | None = None
    log_file: str | None = None  # the file that `openclaw logs` says its newest line is from
    epochs: Sequence[tuple[datetime, datetime]] = ()  # (local time, instant that its record names)


@dataclass(frozen=True, slots=True)
class Assumption:
    """Where a source is assumed to lie. `first_day` is the real date of EPOCH, None for a source with dates."""

    basis: str  # assumed_zone, assumed_date, unknown_date or none
    rests_on: str  # one word or two, for people: file name, banner, epochs, other evidence, nothing
    zone: tzinfo
    first_day: date | None = None

    def place(self, local: Sequence[datetime]) -> list[datetime | None]:
        """The source's times in file order -> UTC instants; None for all where no date was found."""
        if self.basis == "none":
            return [None] * len(local)
        moved = (self.first_day or EPOCH) - EPOCH
        return [*to_utc((moment + moved for moment in local), self.zone)]

    def instant(self, moment: datetime) -> datetime | None:
        """Any time of the source -> UTC instant; in an hour that came twice, as if it had been its first coming."""
        return self.place([moment])[0]


def fallback(local: Sequence[datetime], *, dateless: bool, hints: Hints, zone: tzinfo | None = None) -> Assumption:
    """Zone: the one given, else UTC. Date, if none is stated: name, banner, epochs, other evidence, in that order."""
    in_zone = zone or UTC
    if not dateless:
        return Assumption("assumed_zone", "--timezone" if zone else "UTC", in_zone)
    for rests_on, day in _days(local, hints, in_zone):
        if day is not None:
            return Assumption("assumed_date", rests_on, in_zone, day)
    return Assumption("unknown_date" if local else "none", "nothing", in_zone)


def _days(local: Sequence[datetime], hints: Hints, zone: tzinfo) -> Iterator[tuple[str, date | None]]:
    yield "file name", _date_in(_last_name(hints.name))
    yield "banner", _from_banners(hints.banners) or _from_log_file(local, hints.log_file)
    yield "epochs", _from_epochs(hints.epochs, zone)
    yield "other evidence", _from_span(local, hints, zone)


def _date_in(text: str) -> date | None:
    for year, month, day in _DATE.findall(text):
        try:
            return date(int(year), int(month), int(day))
        except ValueError:
            continue
    return None


def _from_banners(banners: Sequence[tuple[datetime, str]]) -> date | None:
    """A gateway names its log file, with the local date, at its start."""
    for moment, text in banners:
        banner = _BANNER.search(text)
        if banner and (day := _date_in(_last_name(banner["path"]))):
            return day - (moment.date() - EPOCH)
    return None


def _from_log_file(local: Sequence[datetime], log_file: str | None) -> date | None:
    """The command shows the end of that file: the newest line is of its day, older ones may be of the day before."""
    day = _date_in(_last_name(log_file)) if log_file and local else None
    return day - (max(moment.date() for moment in local) - EPOCH) if day else None


def _from_epochs(epochs: Sequence[tuple[datetime, datetime]], zone: tzinfo) -> date | None:
    """Ids and ends of windows hold instants: the day that brings most of them within half a day of their line."""
    days = Counter(
        round((instant.astimezone(moment.tzinfo or zone).replace(tzinfo=None) - moment.replace(tzinfo=None)) / DAY)
        for moment, instant in epochs
    )
    best, count = max(days.items(), key=lambda item: (item[1], -item[0]), default=(0, 0))
    return EPOCH + best * DAY if count and 2 * count > days.total() else None


def _last_name(path: str) -> str:
    return re.split(r"[/\\]", path)[-1]


def _from_span(local: Sequence[datetime], hints: Hints, zone: tzinfo) -> date | None:
    """The day that puts most times inside the other evidence; of equals the one the mtime says, else the last."""
    if hints.span is None or not local:
        return None
    start, end = hints.span
    length = max(moment.date() for moment in local) - EPOCH
    first = start.date() - length - DAY
    days = [first + n * DAY for n in range(min((end.date() - first).days + 2, _MOST_DAYS))]
    inside = _inside(local, days, (start, end), zone)
    best = [day for day, count in zip(days, inside, strict=True) if count == max(inside) > 0]
    by_mtime = _from_mtime(local, hints.mtime, zone)
    return by_mtime if by_mtime in best else max(best, default=None)


def _inside(
    local: Sequence[datetime], days: Sequence[date], span: tuple[datetime, datetime], zone: tzinfo
) -> list[int]:
    own = local[0].tzinfo or zone
    times = sorted(moment.replace(tzinfo=None) for moment in local)
    counts = []
    for day in days:
        start, end = (edge.astimezone(own).replace(tzinfo=None) - (day - EPOCH) for edge in span)
        counts.append(bisect_right(times, end) - bisect_left(times, start))
    return counts


def _from_mtime(local: Sequence[datetime], mtime: datetime | None, zone: tzinfo) -> date | None:
    """A file was last written when its last line was."""
    if mtime is None or not local:
        return None
    last = max(local, key=lambda moment: moment.replace(tzinfo=None))
    written = mtime.astimezone(last.tzinfo or zone).replace(tzinfo=None) + _LATE
    day = written.date() if last.time() <= written.time() else written.date() - DAY
    return day - (last.date() - EPOCH)
