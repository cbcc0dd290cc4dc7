"""Times without date or zone find their place, or say that they are assumed; noise never finds one."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta, timezone
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.errors import ParameterError
from forensics.parsers.clocks import (
    EPOCH,
    Assumption,
    DayCounter,
    Hints,
    Placement,
    align,
    fallback,
    is_dateless,
    placement,
    to_utc,
    zone_named,
)
from forensics.tables import TIME_BASES

START = datetime(2026, 11, 20, 20, 0, tzinfo=UTC)
naive = datetime.fromisoformat
DAY = timedelta(days=1)


def clocks(*texts: str) -> list[time]:
    return [time.fromisoformat(text) for text in texts]


def seen(instants: Iterable[datetime], zone: str) -> list[datetime]:
    """What a pretty console in that zone leaves of instants: clocks, counted from the epoch again."""
    days = DayCounter()
    return [days.place(i.astimezone(ZoneInfo(zone)).time().replace(microsecond=0)) for i in instants]


def keyed(moments: Sequence[datetime]) -> list[tuple[str, datetime]]:
    return [(f"record {number}", moment) for number, moment in enumerate(moments)]


def evenings(count: int = 40, step: timedelta = timedelta(minutes=37, seconds=11)) -> list[datetime]:
    return [START + n * step + timedelta(milliseconds=n) for n in range(count)]


@pytest.mark.parametrize(
    ("stated", "days"),
    [
        (clocks("08:00:00", "12:00:00", "23:59:59"), [0, 0, 0]),
        (clocks("23:59:59", "00:00:00", "12:00:00", "23:00:00", "01:00:00"), [0, 1, 1, 1, 2]),
        (clocks("10:00:00", "09:59:58", "10:00:01"), [0, 0, 0]),
        (clocks("23:59:59", "00:00:01", "23:59:58", "00:00:02"), [0, 1, 0, 1]),
        (clocks("02:59:59", "02:00:00", "02:30:00"), [0, 0, 0]),
        (clocks("18:00:00", "06:00:01"), [0, 0]),
        (clocks("18:00:00", "05:59:59"), [0, 1]),
        (clocks("23:30:00+01:00", "00:30:00+01:00"), [0, 1]),
    ],
    ids=["one day", "two midnights", "disorder", "disorder at midnight", "clock change", "12 h", "over 12 h", "offset"],
)
def test_midnight_is_a_clock_that_goes_back_more_than_twelve_hours(stated: list[time], days: list[int]) -> None:
    counter = DayCounter()
    assert [counter.feed(clock) for clock in stated] == days


def test_a_clock_is_placed_on_its_day_with_its_offset() -> None:
    counter = DayCounter()
    assert counter.place(time(23)) == datetime.combine(EPOCH, time(23))
    offset = timezone(timedelta(hours=1))
    assert counter.place(time(1, tzinfo=offset)) == datetime(2000, 1, 2, 1, tzinfo=offset)


@pytest.mark.parametrize("zone", ["UTC", "Asia/Kathmandu", "Europe/Berlin", "America/New_York", "Pacific/Kiritimati"])
def test_a_console_without_dates_is_placed_by_records_the_file_dates(zone: str) -> None:
    true = evenings()
    local = keyed(seen(true, zone))
    dated = {key: [instant] for (key, _), instant in zip(local, true, strict=True)}
    found = align(local, dated, dateless=True)
    assert found is not None
    assert (found.basis, found.agreeing, found.contradicting, len(found.steps)) == ("aligned", 40, 0, 1)
    assert found.place([m for _, m in local]) == [i.replace(microsecond=0) for i in true]


@pytest.mark.parametrize("zone", ["Asia/Kathmandu", "Europe/Berlin", "America/New_York"])
def test_a_date_without_zone_is_placed_the_same_way(zone: str) -> None:
    true = evenings()
    local = keyed([i.astimezone(ZoneInfo(zone)).replace(tzinfo=None) for i in true])
    found = align(local, {key: [i] for (key, _), i in zip(local, true, strict=True)}, dateless=False)
    assert found is not None
    assert found.place([m for _, m in local]) == true


def test_a_stated_offset_leaves_only_whole_days_to_find() -> None:
    offset = timezone(timedelta(hours=5, minutes=45))
    local = keyed([datetime(2000, 1, 1, 8, tzinfo=offset), datetime(2000, 1, 1, 9, tzinfo=offset)])
    true = [datetime(2026, 11, 20, 8, tzinfo=offset), datetime(2026, 11, 20, 9, tzinfo=offset)]
    found = align(local, {key: [i] for (key, _), i in zip(local, true, strict=True)}, dateless=True)
    assert found is not None
    assert found.place([m for _, m in local]) == true
    an_hour_off = {key: [i + timedelta(hours=1)] for (key, _), i in zip(local, true, strict=True)}
    assert align(local, an_hour_off, dateless=True) is None


@pytest.mark.parametrize(
    ("zone", "change"),
    [
        ("Europe/Berlin", datetime(2026, 10, 25, 1, tzinfo=UTC)),
        ("Europe/Berlin", datetime(2026, 3, 29, 1, tzinfo=UTC)),
        ("America/New_York", datetime(2026, 11, 1, 6, tzinfo=UTC)),
        ("Australia/Lord_Howe", datetime(2026, 4, 4, 15, tzinfo=UTC)),
    ],
)
def test_a_source_over_a_clock_change_is_right_on_both_sides(zone: str, change: datetime) -> None:
    true = [change + n * timedelta(minutes=13) for n in range(-30, 30)]
    local = keyed(seen(true, zone))
    found = align(local, {key: [i] for (key, _), i in zip(local, true, strict=True)}, dateless=True)
    assert found is not None
    assert len(found.steps) == 2
    assert found.place([m for _, m in local]) == true


def test_days_of_silence_in_a_dateless_source_are_found_again() -> None:
    true = [*evenings(10), *(i + 6 * DAY for i in evenings(20)[10:])]
    local = keyed(seen(true, "Europe/Berlin"))
    found = align(local, {key: [i] for (key, _), i in zip(local, true, strict=True)}, dateless=True)
    assert found is not None
    assert [step.position for step in found.steps] == [0, 10]
    assert found.place([m for _, m in local]) == [i.replace(microsecond=0) for i in true]


def test_records_the_other_source_has_not_are_carried_along() -> None:
    true = evenings()
    local = keyed(seen(true, "Asia/Kathmandu"))
    dated = {local[n][0]: [true[n]] for n in (7, 21)}
    found = align(local, dated, dateless=True)
    assert found is not None
    assert found.agreeing == 2
    assert found.place([m for _, m in local]) == [i.replace(microsecond=0) for i in true]


def test_one_record_is_enough_where_it_is_unique_and_undisputed() -> None:
    local = [("heartbeat", naive("2000-01-01T09:00")), ("refresh failed", naive("2000-01-01T09:30"))]
    true = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)
    found = align(local, {"refresh failed": [true]}, dateless=True)
    assert found is not None
    assert found.place([m for _, m in local]) == [true - timedelta(minutes=30), true]
    assert align(local, {"refresh failed": [true, true + timedelta(hours=3)]}, dateless=True) is None
    disputed = {"refresh failed": [true], "heartbeat": [true + timedelta(hours=3)]}
    assert align(local, disputed, dateless=True) is None


def test_a_record_that_returns_every_hour_places_nothing() -> None:
    beats = [START + n * timedelta(hours=1) for n in range(24)]
    local = [("heartbeat", moment) for moment in seen(beats[5:10], "UTC")]
    assert align(local, {"heartbeat": beats}, dateless=True) is None
    assert align(local, {"heartbeat": beats[5:10]}, dateless=True) is None


def test_repeated_records_do_not_outvote_unique_ones() -> None:
    beats = [START + n * timedelta(hours=1) for n in range(48)]
    errors = [START + timedelta(hours=h, minutes=m) for h, m in ((6, 17), (8, 41))]
    true = sorted([*beats[5:10], *errors])
    names = ["heartbeat" if instant in beats else f"error at {instant:%H%M}" for instant in true]
    local = list(zip(names, seen(true, "Europe/Berlin"), strict=True))
    dated = {"heartbeat": beats, **{f"error at {i:%H%M}": [i] for i in errors}}
    found = align(local, dated, dateless=True)
    assert found is not None
    assert found.place([m for _, m in local]) == true


def test_one_late_stranger_does_not_change_the_shift() -> None:
    true = evenings(20)
    local = keyed(seen(true, "UTC"))
    dated = {key: [i] for (key, _), i in zip(local, true, strict=True)}
    dated["record 19"] = [true[19] + timedelta(hours=1)]
    found = align(local, dated, dateless=True)
    assert found is not None
    assert (len(found.steps), found.agreeing, found.contradicting) == (1, 19, 1)


def test_two_sources_that_have_nothing_in_common_do_not_align() -> None:
    pick = random.Random(7)  # a fixed sequence
    local = [
        (str(pick.randrange(50)), naive("2000-01-01T00:00") + timedelta(seconds=pick.randrange(86400)))
        for _ in range(300)
    ]
    dated = {str(n): [START + timedelta(seconds=pick.randrange(10 * 86400)) for _ in range(20)] for n in range(50)}
    assert align(local, dated, dateless=True) is None
    assert align([], dated, dateless=True) is None
    assert align(local, {}, dateless=False) is None


AT_NINE = [naive("2000-01-01T09:00"), naive("2000-01-01T23:00"), naive("2000-01-02T01:00")]
SPAN = (datetime(2026, 11, 20, 8, tzinfo=UTC), datetime(2026, 11, 21, 2, tzinfo=UTC))
MTIME = datetime(2026, 11, 25, 1, 0, 5, tzinfo=UTC)
BANNER = (AT_NINE[2], "log file: /home/u/logs/openclaw-2026-11-23.log")


@pytest.mark.parametrize(
    ("hints", "rests_on", "first_day"),
    [
        (Hints("c/console-2026-11-18.txt", [BANNER], SPAN, MTIME), "file name", date(2026, 11, 18)),
        (Hints("2026-11-18/console.txt", [BANNER], SPAN, MTIME), "banner", date(2026, 11, 22)),
        (Hints("console-2026-13-45.txt", (), SPAN, MTIME), "other evidence", date(2026, 11, 20)),
        (
            Hints("console.txt", [(AT_NINE[0], "log file: /home/u/openclaw.log")], None, MTIME),
            "nothing",
            None,
        ),
        (Hints(log_file="/home/u/logs/openclaw-2026-11-22.log", mtime=MTIME), "banner", date(2026, 11, 21)),
        (Hints(log_file=r"C:\Temp\2026\openclaw-2026-11-22.log", span=SPAN), "banner", date(2026, 11, 21)),
        (Hints(epochs=[(AT_NINE[1], naive("2026-11-22T09:00:00+00:00"))], span=SPAN), "epochs", date(2026, 11, 21)),
        (Hints(mtime=MTIME - timedelta(hours=1)), "nothing", None),
        (Hints(span=(START + 90 * DAY, START + 90 * DAY), mtime=MTIME), "nothing", None),
        (Hints(), "nothing", None),
    ],
    ids=["name", "banner", "span", "mtime", "logs", "logs on Windows", "epoch", "pasted", "span without room", "none"],
)
def test_the_date_is_taken_from_the_best_hint_there_is(hints: Hints, rests_on: str, first_day: date | None) -> None:
    found = fallback(AT_NINE, dateless=True, hints=hints)
    assert found == Assumption("assumed_date" if first_day else "unknown_date", rests_on, UTC, first_day)
    placed, day = found.place(AT_NINE), first_day or EPOCH
    assert placed == [datetime.combine(day, m.time(), UTC) + (m.date() - EPOCH) for m in AT_NINE]


def test_of_days_that_fit_equally_the_mtime_chooses_and_else_the_last() -> None:
    week = (datetime(2026, 11, 16, tzinfo=UTC), datetime(2026, 11, 23, tzinfo=UTC))
    local = [naive("2000-01-01T09:00"), naive("2000-01-01T10:00")]
    assert fallback(local, dateless=True, hints=Hints(span=week)).first_day == date(2026, 11, 22)
    hints = Hints(span=week, mtime=datetime(2026, 11, 18, 10, 0, 1, tzinfo=UTC))
    assert fallback(local, dateless=True, hints=hints).first_day == date(2026, 11, 18)


def test_offsets_and_clocks_without_any_may_stand_in_one_source() -> None:
    local = [datetime(2000, 1, 1, 9, tzinfo=timezone(timedelta(hours=1))), naive("2000-01-01T10:00")]
    found = fallback(local, dateless=True, hints=Hints(span=SPAN))
    assert found.place(local) == [datetime(2026, 11, 20, 8, tzinfo=UTC), datetime(2026, 11, 20, 10, tzinfo=UTC)]


@pytest.mark.parametrize(
    ("name", "offset_at_noon"),
    [(None, 0), ("Asia/Kathmandu", 345), ("Europe/Berlin", 60), ("America/New_York", -300)],
)
def test_a_stated_date_needs_only_the_zone_that_was_named_or_utc(name: str | None, offset_at_noon: int) -> None:
    local = [naive("2026-11-20T12:00")]
    found = fallback(local, dateless=False, hints=Hints(mtime=MTIME), zone=zone_named(name))
    assert (found.basis, found.first_day) == ("assumed_zone", None)
    assert found.place(local) == [datetime(2026, 11, 20, 12, tzinfo=UTC) - timedelta(minutes=offset_at_noon)]


def test_any_time_of_a_placed_source_becomes_an_instant_with_its_basis() -> None:
    true = [*evenings(10), *(i + 6 * DAY for i in evenings(20)[10:])]
    local = keyed(seen(true, "Asia/Kathmandu"))
    dated = {key: [i] for (key, _), i in zip(local, true, strict=True)}
    placed = placement(local, dated, dateless=True, times=[m for _, m in local], hints=Hints())
    assert [placed.instant(m) for _, m in local] == [(i.replace(microsecond=0), "aligned") for i in true]
    between = local[3][1] + timedelta(minutes=1)
    assert placed.instant(between) == (true[3].replace(microsecond=0) + timedelta(minutes=1), "aligned")
    assert placed.instant(true[0].astimezone(ZoneInfo("Europe/Berlin"))) == (true[0], "exact")
    assert placed.instant(None) == (None, "none")


def test_a_source_nobody_dates_is_assumed_or_keeps_the_time_of_day_alone() -> None:
    found = placement([], {}, dateless=True, times=AT_NINE, hints=Hints(span=SPAN), timezone="Europe/Berlin")
    assert found.instant(AT_NINE[0]) == (datetime(2026, 11, 20, 8, tzinfo=UTC), "assumed_date")
    offset = AT_NINE[0].replace(tzinfo=timezone(timedelta(hours=5)))
    assert found.instant(offset) == (datetime(2026, 11, 20, 4, tzinfo=UTC), "assumed_date")
    nothing = placement([], {}, dateless=True, times=AT_NINE, hints=Hints())
    assert nothing == Placement(Assumption("unknown_date", "nothing", UTC))
    assert nothing.instant(AT_NINE[0]) == (AT_NINE[0].replace(tzinfo=UTC), "unknown_date")
    with pytest.raises(ParameterError):
        placement([], {}, dateless=True, times=AT_NINE, hints=Hints(), timezone="Europe/Nowhere")


def test_a_counted_day_is_told_from_a_real_one() -> None:
    days = DayCounter()
    assert all(is_dateless(days.place(clock)) for clock in clocks("00:00:01", "23:59:59", "12:00:00", "01:00:00"))
    assert not is_dateless(START)
    assert not is_dateless(datetime(1970, 1, 1, tzinfo=UTC))  # a machine whose clock was never set


def test_every_basis_is_one_the_tables_know() -> None:
    bases = {fallback(AT_NINE, dateless=d, hints=h).basis for d in (True, False) for h in (Hints(), Hints(span=SPAN))}
    assert {*bases, "aligned"} <= set(TIME_BASES)


@pytest.mark.parametrize("name", ["Europe/Nowhere", "", "../etc/passwd", "Europe"])
def test_an_unknown_zone_is_refused_in_one_sentence(name: str) -> None:
    with pytest.raises(ParameterError, match="no such time zone") as raised:
        zone_named(name)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("zone", "day", "local", "utc"),
    [
        # 03:00 becomes 02:00: the hour from two to three exists twice
        ("Europe/Berlin", "2026-10-25", "01:30 02:10 02:50 02:05 02:50 03:00", "-1:30 00:10 00:50 01:05 01:50 02:00"),
        # a little disorder inside it is not its second half
        ("Europe/Berlin", "2026-10-25", "02:50 02:49 02:51", "00:50 00:49 00:51"),
        # 02:00 becomes 03:00: what lies between never existed
        ("Europe/Berlin", "2026-03-29", "01:59 02:30 03:00", "00:59 01:00 01:00"),
        ("America/New_York", "2026-11-01", "01:30 01:10 02:00", "05:30 06:10 07:00"),
        ("Asia/Kathmandu", "2026-11-20", "05:45 23:45", "00:00 18:00"),
    ],
    ids=["twice", "disorder", "never", "New York", "Kathmandu"],
)
def test_a_clock_change_never_turns_the_order_of_a_source_round(zone: str, day: str, local: str, utc: str) -> None:
    placed = to_utc([naive(f"{day}T{clock}") for clock in local.split()], ZoneInfo(zone))
    since = [moment - datetime.fromisoformat(f"{day}T00:00+00:00") for moment in placed]
    assert since == [timedelta(hours=int(clock[:2]), minutes=int(clock[3:])) for clock in utc.split()]


@given(
    st.sampled_from(["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"]),
    st.datetimes(naive("2024-01-01T00:00"), naive("2027-01-01T00:00")),
    st.lists(st.integers(0, 3 * 3600), max_size=40),
)
def test_true_local_times_come_back_in_order_at_most_an_hour_off(zone: str, start: datetime, gaps: list[int]) -> None:
    true = [start.replace(microsecond=0, tzinfo=UTC)]
    for gap in gaps:
        true.append(true[-1] + timedelta(seconds=gap))
    local = [i.astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0) for i in true]
    placed = list(to_utc(local, ZoneInfo(zone)))
    assert all(later >= earlier - timedelta(minutes=5) for earlier, later in pairwise(placed))
    assert all(timedelta() <= t - p <= timedelta(hours=1) for t, p in zip(true, placed, strict=True))
