"""The business clock: properties that hold for every calendar, and days of this desk worked out by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from core.directory.calendar import Calendar, add_working, calendar_of, is_open, working_seconds
from tests.databases import Desk
from tests.hours import standard_week

HOUR = 3600
ZONES = ("America/Mexico_City", "America/Tijuana", "America/Hermosillo", "America/Cancun", "UTC")
NINE_TO_SIX = (((540, 840), (900, 1080)),) * 5 + ((), ())
ROUND_THE_CLOCK = (((0, 1440),),) * 7


@st.composite
def blocks(draw: st.DrawFn) -> tuple[tuple[int, int], ...]:
    edges = sorted(draw(st.sets(st.integers(0, 1440), max_size=6)))
    return tuple(zip(edges[::2], edges[1::2], strict=False))


calendars = st.builds(
    Calendar, st.tuples(*[blocks()] * 7), st.sampled_from(ZONES), st.booleans(),
    st.frozensets(st.dates(date(2025, 12, 1), date(2027, 2, 1)), max_size=5))
instants = st.datetimes(datetime(2025, 12, 1), datetime(2027, 2, 1), timezones=st.just(UTC)).map(
    lambda at: at.replace(microsecond=0))


def at(text: str, zone: str = "America/Mexico_City") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


@given(calendars, instants, instants, instants)
def test_working_time_grows_and_is_the_sum_of_its_parts(calendar: Calendar, a: datetime, b: datetime, c: datetime) -> None:
    first, middle, last = sorted((a, b, c))
    whole = working_seconds(calendar, first, last)
    assert 0 <= working_seconds(calendar, first, middle) <= whole <= (last - first).total_seconds()
    assert working_seconds(calendar, first, middle) + working_seconds(calendar, middle, last) == whole


@given(calendars, instants)
def test_a_second_counts_exactly_when_the_desk_is_open(calendar: Calendar, moment: datetime) -> None:
    assert working_seconds(calendar, moment, moment + timedelta(seconds=1)) == int(is_open(calendar, moment))


@given(calendars, instants)
def test_a_whole_day_off_has_no_working_time(calendar: Calendar, moment: datetime) -> None:
    zone = ZoneInfo(calendar.zone)
    day = moment.astimezone(zone).date()
    free = Calendar(calendar.week, calendar.zone, calendar.public_holidays, calendar.days_off | {day})
    begin, end = (datetime(each.year, each.month, each.day, tzinfo=zone) for each in (day, day + timedelta(days=1)))
    assert working_seconds(free, begin, end) == 0


@given(calendars, instants, st.integers(1, 400 * HOUR))
def test_the_end_of_a_term_is_the_first_instant_at_which_so_much_was_worked(calendar: Calendar, start: datetime,
                                                                            seconds: int) -> None:
    assume(sum(last - first for day in calendar.week for first, last in day) >= 60)
    end = add_working(calendar, start, seconds)
    assert working_seconds(calendar, start, end) == seconds
    assert working_seconds(calendar, start, end - timedelta(seconds=1)) == seconds - 1


@given(calendars, instants, st.integers(0, 100 * HOUR), st.integers(0, 100 * HOUR))
def test_a_longer_term_never_ends_earlier(calendar: Calendar, start: datetime, some: int, more: int) -> None:
    assume(sum(last - first for day in calendar.week for first, last in day) >= 60)
    assert add_working(calendar, start, some) <= add_working(calendar, start, some + more)
    assert add_working(calendar, add_working(calendar, start, some), more) == add_working(calendar, start, some + more)


def test_nothing_to_work_is_due_at_once_and_a_calendar_that_never_opens_is_refused() -> None:
    night = at("2026-07-04 23:00")
    assert add_working(Calendar(NINE_TO_SIX, "America/Mexico_City"), night, 0) == night
    with pytest.raises(ValueError, match="open hours"):
        add_working(Calendar(((),) * 7, "America/Mexico_City"), night, 1)


@pytest.mark.parametrize(("start", "hours", "due"), [
    ("2026-11-25 10:00", 2, "2026-11-25 12:00"),
    ("2026-11-25 13:00", 2, "2026-11-25 16:00"),  # the lunch break does not count
    ("2026-11-25 14:30", 1, "2026-11-25 16:00"),  # filed during it
    ("2026-11-25 17:00", 8, "2026-11-26 17:00"),
    ("2026-11-27 17:00", 2, "2026-11-30 10:00"),  # over a weekend
    ("2026-11-25 16:00", 2, "2026-11-25 18:00"),  # due at the end of the day, not at the beginning of the next
    ("2026-12-24 17:00", 2, "2026-12-28 10:00"),  # Christmas, then a weekend
    ("2026-11-13 17:00", 2, "2026-11-17 10:00"),  # the third Monday of November
    ("2026-09-15 17:00", 2, "2026-09-17 10:00"),  # the Day of Independence
])
def test_terms_of_a_desk_with_a_lunch_break(start: str, hours: int, due: str) -> None:
    calendar = Calendar(NINE_TO_SIX, "America/Mexico_City")
    assert add_working(calendar, at(start), hours * HOUR) == at(due)


def test_a_holiday_counts_where_the_desk_works_on_it() -> None:
    calendar = Calendar(NINE_TO_SIX, "America/Mexico_City", public_holidays=False)
    assert add_working(calendar, at("2026-12-24 17:00"), 2 * HOUR) == at("2026-12-25 10:00")
    own = Calendar(NINE_TO_SIX, "America/Mexico_City", False, frozenset({date(2026, 12, 25)}))
    assert add_working(own, at("2026-12-24 17:00"), 2 * HOUR) == at("2026-12-28 10:00")


def test_a_summer_in_mexico_city_has_no_daylight_saving() -> None:
    """Since 2022 the clock there is six hours behind UTC all year: nothing happens in March, April, October, November."""
    calendar = Calendar(ROUND_THE_CLOCK, "America/Mexico_City", public_holidays=False)
    for start, end in (("2026-03-08", "2026-03-09"), ("2026-04-05", "2026-04-06"), ("2026-10-25", "2026-10-26"),
                       ("2026-11-01", "2026-11-02")):
        assert working_seconds(calendar, at(start), at(end)) == 24 * HOUR
    office = Calendar(NINE_TO_SIX, "America/Mexico_City")
    assert add_working(office, at("2026-07-10 17:00"), 2 * HOUR) == datetime(2026, 7, 13, 16, tzinfo=UTC)
    assert add_working(office, at("2026-01-09 17:00"), 2 * HOUR) == datetime(2026, 1, 12, 16, tzinfo=UTC)


def test_a_summer_in_tijuana_has_daylight_saving() -> None:
    """The border follows California: 8 March 2026 has 23 hours, 1 November 25; nine o'clock is another UTC hour."""
    day = Calendar(ROUND_THE_CLOCK, "America/Tijuana", public_holidays=False)
    zone = "America/Tijuana"
    assert working_seconds(day, at("2026-03-08", zone), at("2026-03-09", zone)) == 23 * HOUR
    assert working_seconds(day, at("2026-11-01", zone), at("2026-11-02", zone)) == 25 * HOUR
    assert add_working(day, at("2026-03-08 01:30", zone), HOUR) == at("2026-03-08 03:30", zone)
    office = Calendar(NINE_TO_SIX, zone)
    assert add_working(office, at("2026-03-06 17:00", zone), 2 * HOUR) == datetime(2026, 3, 9, 17, tzinfo=UTC)
    assert add_working(office, at("2026-10-30 17:00", zone), 2 * HOUR) == datetime(2026, 11, 2, 18, tzinfo=UTC)
    assert working_seconds(office, at("2026-03-06 09:00", zone), at("2026-03-10 09:00", zone)) == 16 * HOUR


def test_a_block_that_ends_in_an_hour_that_never_was_is_not_counted_twice() -> None:
    """01:00 to 02:30 and 03:00 to 04:00 of 8 March: from 03:00 (which is 02:00) on the second hour follows at once."""
    calendar = Calendar((((60, 150), (180, 240)),) * 7, "America/Tijuana", public_holidays=False)
    assert working_seconds(calendar, at("2026-03-08", "America/Tijuana"), at("2026-03-09", "America/Tijuana")) == 2 * HOUR


def test_a_desk_that_never_chose_has_the_standard_week_in_its_own_zone(desk: Desk) -> None:
    standard_week(desk)
    with desk.reading("operator") as work:
        calendar = calendar_of(work)
        assert calendar_of(work, next(iter(desk.cast.companies.values()))) == calendar
    assert calendar.zone == "America/Mexico_City"
    assert is_open(calendar, at("2026-11-25 10:00"))
    assert not is_open(calendar, at("2026-11-25 14:30"))
