"""Relaciones of calls: the same figures as the calls page, `calls summary` and the calls themselves, on both databases."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from core.calls import finding, missed, rules, service, totals
from core.calls import queries as calls
from core.calls.counting import CountingRules, Outcome
from core.calls.models import Import
from core.i18n import labels
from core.reporting import periods
from core.reporting.relaciones import queries, spans
from core.reporting.relaciones.model import Kind, Report, Section
from tests.cli.test_command_line import run
from tests.databases import Desk
from tests.reports.calling import telephone

COUNTED = ("days", "outcome", "hours", "station")
PERIODS = [periods.custom(date(2026, 9, 1), date(2026, 9, 1)), periods.custom(date(2026, 8, 1), date(2026, 11, 1)),
           spans.of_days(date(2026, 8, 20), date(2026, 10, 3))]


def report(desk: Desk, kind: Kind, period: periods.Period) -> Report:
    with desk.reading("analyst") as work:
        return queries.report(work, kind, period)


def of(found: Report, key: str) -> Section:
    return next(section for section in found.sections if section.key == key)


def test_each_month_and_day_is_that_of_the_summary(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    telephone(desk)
    found = report(desk, "received", PERIODS[1])
    for by, key in (("month", "months"), ("day", "days")):
        told = run(capsys, "calls", "summary", "--by", by, "--from", "2026-08-01", "--to", "2026-11-30")
        rows = [row for row in of(found, key).rows if row[1]]
        assert [(row[1], row[2], row[3], row[4], row[6], row[7]) for row in rows] == [
            tuple(each[name] for name in ("received", "answered", "missed", "service_level", "asa_s", "aht_s"))
            for each in told if each["received"]]
        assert len(rows) > 3


def test_a_whole_month_is_that_of_the_calls_page(desk: Desk) -> None:
    telephone(desk)
    with desk.reading("analyst") as work:
        page = calls.months(work, 202609, 202609)[202609]
    assert [each.value for each in report(desk, "received", PERIODS[0]).measures] == [
        page.received, page.answered, page.missed, page.service_level, page.abandonment, page.asa_s, page.aht_s]
    assert report(desk, "missed", PERIODS[0]).measures[0].value == page.missed > 0


@pytest.mark.parametrize("period", PERIODS, ids=spans.written)
def test_the_missed_are_the_same_by_time_reason_hour_station_and_in_the_list(desk: Desk, period: periods.Period) -> None:
    telephone(desk)
    found = report(desk, "missed", period)
    total = found.measures[0].value
    assert [of(found, key).total[1] for key in COUNTED] == [total] * len(COUNTED)
    with desk.reading("analyst") as work:
        rows = list(queries.listed(work, "missed", period))
        page = finding.call_page(work, finding.CallFilters(period.first, period.last, "missed"))
    assert found.listing is not None
    assert len(rows) == page.total == found.listing.total == total
    assert {row[0]: row[1] for row in of(found, "outcome").rows} == Counter(row[5] for row in rows)
    assert {str(row[0]) for row in of(found, "station").rows} == {str(row[3] or "Estación no reconocida") for row in rows}
    untimed = sum(type(row[0]) is date for row in rows)
    assert {row[0]: row[1] for row in of(found, "hours").rows}["Sin hora"] == untimed > 0


def test_who_was_reached_afterwards_is_that_of_the_recovery_list(desk: Desk) -> None:
    telephone(desk)
    found = report(desk, "missed", PERIODS[0])
    with desk.reading("analyst") as work:
        known = missed.missed_callers(work, PERIODS[0].first, PERIODS[0].last, None)
    assert [each.value for each in found.measures][-2:] == [known.kpis.share, known.kpis.median_s]
    assert of(found, "recovery").total[1] == len(of(found, "callers").rows) == len(known.lines) > 0
    assert sum(int(str(row[2])) for row in of(found, "callers").rows) == found.measures[0].value - known.anonymous


def test_a_report_longer_than_the_recovery_list_says_so(desk: Desk) -> None:
    telephone(desk)
    found = report(desk, "missed", PERIODS[1])
    assert "92" in found.notes[-1]
    assert not {"recovery", "callers"} & {section.key for section in found.sections}


def test_stations_beyond_thirty_are_one_row_and_lose_no_call(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    telephone(desk)
    monkeypatch.setattr("core.reporting.relaciones.telephone.STATIONS", 2)
    section = of(report(desk, "missed", PERIODS[1]), "station")
    assert [row[0] for row in section.rows][2:] == ["Otras estaciones (2)", "Estación no reconocida"]
    assert sum(int(str(row[1])) for row in section.rows) == section.total[1]
    assert len(section.drawn()[0]) == 2


def test_totals_of_days_are_counted_and_said_to_be_in_no_list(desk: Desk) -> None:
    telephone(desk)
    before = report(desk, "missed", PERIODS[0])
    with desk.begin("admin") as work:
        kept = Import(kind="calls", file_name="x.csv", at=work.now, actor_name="Admin", report={})
        work.session.add(kept)
        work.session.flush()
        taken = set(totals.days_with_calls(work, list(range(20260901, 20260931))))
        free = next(day for day in range(20260901, 20260931) if day not in taken)
        service.import_totals(work, [totals.DayTotal(free, 40, 7)], kept.id)
    found = report(desk, "missed", PERIODS[0])
    assert before.listing is not None
    assert found.listing == before.listing
    assert found.measures[0].value == before.listing.total + 7
    assert of(found, "station").rows[-1][:2] == ("De totales por día", 7)
    assert {of(found, key).total[1] for key in COUNTED} == {found.measures[0].value}
    assert any("7 llamadas perdidas" in note for note in found.notes)


def test_reasons_that_never_occurred_stand_nowhere(desk: Desk) -> None:
    telephone(desk, 0, outcome=Outcome.BUSY, direction="inbound", local_day=20260915)
    found = report(desk, "missed", PERIODS[0])
    assert [column.heading for column in of(found, "days").columns] == ["Día", "Perdidas", labels.outcome("busy")]
    assert [each.name for each in found.measures][3:4] == [labels.outcome("busy")]


def test_the_definitions_name_the_desks_own_seconds(desk: Desk) -> None:
    telephone(desk)
    with desk.begin("admin") as work:
        rules.change_rules(work, CountingRules(service_s=45, short_s=9))
    received, missed = report(desk, "received", PERIODS[0]), report(desk, "missed", PERIODS[0])
    assert "45 s" in received.measures[3].definition
    assert any("9 s" in note for note in received.notes)
    assert any("9 s" in each.definition for each in missed.measures)


def test_a_period_without_calls_is_empty(desk: Desk) -> None:
    found = report(desk, "received", periods.custom(date(2020, 1, 1), date(2020, 1, 1)))
    assert found.empty
    assert {row[1:] for row in of(found, "days").rows} == {(0, 0, 0, None, None, None, None)}
