"""What is typed into the grid's box is understood as filters where it names some, and never taken for them unasked."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from core.tickets import phrases
from core.tickets.filters import Filters
from tests.databases import Desk

TODAY = date(2026, 11, 25)  # a Wednesday


@pytest.mark.parametrize(
    ("typed", "filters", "rest"),
    [
        ("críticos", Filters(priority=("critical",)), ""),
        ("Prioridad ALTA", Filters(priority=("high",)), ""),
        ("alta de usuario", Filters(), "alta de usuario"),
        ("tickets abiertos y pendientes", Filters(status=("open", "pending")), "tickets"),
        ("en proceso", Filters(status=("in_progress",)), ""),
        ("los vencidos de facturación", Filters(overdue=True), "facturación"),
        ("sin asignar, críticas", Filters(unassigned=True, priority=("critical",)), ""),
        ("mis tickets por vencer", Filters(mine=True, due_soon=True), ""),
        ("error de facturación", Filters(), "error de facturación"),
        ("last week", Filters(created_from=date(2026, 11, 16), created_to=date(2026, 11, 22)), ""),
        ("de la semana pasada", Filters(created_from=date(2026, 11, 16), created_to=date(2026, 11, 22)), ""),
        ("mes pasado", Filters(created_from=date(2026, 10, 1), created_to=date(2026, 10, 31)), ""),
        ("hoy", Filters(created_from=TODAY, created_to=TODAY), ""),
        ("", Filters(), ""),
    ],
)
def test_words_that_name_filters_become_filters(typed: str, filters: Filters, rest: str) -> None:
    assert phrases.meant(typed, TODAY) == (filters, rest)


@pytest.mark.parametrize("today", [date(2026, 1, 5), date(2026, 3, 31), date(2028, 2, 29), date(2026, 12, 31)])
def test_periods_are_whole_weeks_and_months_that_join(today: date) -> None:
    days = {name: reckon(today) for name, reckon in phrases.PERIODS.items()}
    for kind, length in (("week", (7, 7)), ("month", (28, 31))):
        last, this = days[f"last_{kind}"], days[f"this_{kind}"]
        assert this[0] <= today <= this[1]
        assert (this[0] - last[1]).days == 1
        assert all(length[0] <= (end - begin).days + 1 <= length[1] for begin, end in (last, this))


@pytest.mark.parametrize("typed", ["e05804 críticos semana pasada", "Juriquilla, críticos de la semana pasada"])
def test_a_station_is_found_by_its_code_or_by_a_name_that_no_other_has(desk: Desk, typed: str) -> None:
    with desk.reading("operator", datetime(2026, 11, 25, 18, tzinfo=UTC)) as work:
        filters, station = phrases.understood(work, typed.replace(",", ""))
    assert station == "E05804 Juriquilla"
    assert filters == Filters(
        station_id=(filters.station_id[0],),
        priority=("critical",),
        created_from=date(2026, 11, 16),
        created_to=date(2026, 11, 22),
    )


def test_other_words_stay_a_text(desk: Desk) -> None:
    with desk.reading("operator") as work:
        assert phrases.understood(work, "bomba vencidos") == (Filters(overdue=True, text="bomba"), "")
