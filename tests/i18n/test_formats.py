"""Numbers and times as people here write them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import i18n
from core.i18n import formats


def test_numbers_have_the_mexican_separators() -> None:
    assert [formats.number(1234567), formats.number(1234.56, 1), formats.number(-0.4, 1), formats.number(None)] == [
        "1,234,567",
        "1,234.6",
        "-0.4",
        "—",
    ]
    assert formats.percent(0.8751) == "87.5 %"
    assert formats.percent(None) == "—"


def test_a_change_has_its_sign_and_a_zero_has_none() -> None:
    assert [formats.signed(value) for value in (1512, -512, 0, -0.4)] == ["+1,512", "−512", "0", "0"]
    assert [formats.signed(value, 1) for value in (0.14, -1.25, -0.04)] == ["+0.1", "−1.2", "0.0"]


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (0, "0 s"),
        (45, "45 s"),
        (200, "3 min 20 s"),
        (3600, "1 h"),
        (14_700, "4 h 5 min"),
        (187_200, "2 d 4 h"),
        (59.6, "1 min"),
        (None, "—"),
    ],
)
def test_durations_name_the_two_largest_units(seconds: float | None, shown: str) -> None:
    assert formats.duration(seconds) == shown


def test_moments_are_in_the_desks_zone_or_the_persons() -> None:
    instant = datetime(2026, 11, 24, 5, 59, tzinfo=UTC)
    assert formats.moment(instant) == "23 nov 2026, 23:59"
    assert formats.moment(instant, ZoneInfo("America/Tijuana")) == "23 nov 2026, 21:59"
    i18n.use("en")
    assert formats.moment(instant) == "23 Nov 2026, 23:59"
    assert formats.moment(None) == "—"


def test_mexico_city_keeps_its_time_all_year_and_tijuana_does_not() -> None:
    july = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
    assert formats.moment(july) == "1 jul 2026, 06:00"
    assert formats.moment(july, ZoneInfo("America/Tijuana")) == "1 jul 2026, 05:00"


@given(st.dates(date(1970, 1, 2), date(2100, 1, 1)))
def test_a_day_number_is_the_day(value: date) -> None:
    noon = datetime(value.year, value.month, value.day, 12, tzinfo=ZoneInfo("America/Mexico_City"))
    assert formats.number_day(formats.day_number(noon)) == value
