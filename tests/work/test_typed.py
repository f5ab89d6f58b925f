"""What nobody should type but somebody will: on both databases a look-up finds nothing instead of failing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from core.accounts import credentials, passwords, people, recovery
from core.directory import queries as directory
from core.reporting.trail import TrailFilters, trail
from core.tickets import phrases, queries
from core.tickets.filters import Filters
from core.work import Work
from tests.databases import Desk

TYPED = {"a NUL": "zq9\x0004", "a NUL alone": "\x00", "one long word": "x" * 70_000, "many words": "palabra " * 9_000,
         "a digit and a NUL": "qq7\x00"}
LOOK_UPS: dict[str, Callable[[Work, str], Any]] = {
    "stations": directory.find_stations,
    "a station": directory.station_by_code,
    "a category": directory.category_by_path,
    "people": lambda work, typed: people.people(work, people.PeopleFilters(text=f"zq{typed}")).rows,
    "a forgotten password": lambda work, typed: recovery.forgotten(work, typed, "203.0.113.7"),
    "tags": lambda work, typed: queries.page(work, Filters.from_params({"tag": f"{typed},nada"})).total,
}


@pytest.mark.parametrize("typed", TYPED.values(), ids=TYPED)
@pytest.mark.parametrize("look_up", LOOK_UPS.values(), ids=LOOK_UPS)
def test_strange_input_finds_nothing(desk: Desk, look_up: Callable[[Work, str], Any], typed: str) -> None:
    with desk.begin("admin") as work:
        assert not look_up(work, typed)


@pytest.mark.parametrize("typed", TYPED.values(), ids=TYPED)
def test_strange_input_is_no_phrase(desk: Desk, typed: str) -> None:
    with desk.reading("agent") as work:
        assert phrases.understood(work, typed)[1] == ""


@pytest.mark.parametrize("typed", TYPED.values(), ids=TYPED)
def test_strange_names_and_passwords_are_wrong_ones(desk: Desk, typed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "NOBODY", passwords.hashed("x"))
    assert credentials.check(typed, typed, "203.0.113.7") is None


@pytest.mark.parametrize("params", [{"from": "0001-01-02"}, {"to": "0001-01-02"}, {"to": "9999-12-31"}, {"object": "\x00"},
                                    {"kind": "\x00"}], ids=str)
def test_the_trail_drops_what_no_calendar_or_database_can_reckon_with(desk: Desk, params: dict[str, str]) -> None:
    filters = TrailFilters.from_params(params, date(2026, 11, 25))
    assert filters == TrailFilters.from_params({}, date(2026, 11, 25))
    with desk.reading("admin") as work:
        trail(work, filters)
