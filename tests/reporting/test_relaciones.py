"""Relaciones of tickets: the same figures as the status summary, the grid and a recount, on a random desk."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from core.i18n import labels
from core.reporting import periods
from core.reporting.overview import overview
from core.reporting.queries import OverviewFilters
from core.reporting.relaciones import attended, queries, spans
from core.reporting.relaciones.model import Report, Section
from core.tickets import queries as tickets
from core.work import Work

TODAY = date(2026, 11, 25)
MONTHS = [periods.custom(periods.shift(TODAY, -back), periods.shift(TODAY, -back)) for back in range(16)]
SPANS = [spans.of_days(TODAY - timedelta(days=first), TODAY - timedelta(days=last))
         for first, last in ((0, 0), (9, 3), (45, 20), (200, 31), (365, 1), (900, 0))]


def of(report: Report, key: str) -> Section:
    return next(section for section in report.sections if section.key == key)


@pytest.mark.parametrize("period", MONTHS, ids=spans.written)
def test_a_month_has_the_attended_and_cancelled_of_the_status_summary(work: Work, period: periods.Period) -> None:
    found = queries.report(work, "attended", period)
    tiles = {tile.key: tile.value for tile in overview(work, OverviewFilters(period)).tiles}
    assert (found.measures[0].value, found.measures[3].value) == (tiles["attended"], tiles["cancelled"])
    assert found.measures[2].value == overview(work, OverviewFilters(period)).created


@pytest.mark.parametrize("period", [*MONTHS[:3], *SPANS], ids=spans.written)
def test_every_table_sums_to_the_total_and_the_list_has_as_many(work: Work, period: periods.Period) -> None:
    found = queries.report(work, "attended", period)
    total = found.measures[0].value
    assert {section.key: section.total[1] for section in found.sections} == dict.fromkeys(
        (section.key for section in found.sections), total)
    for section in found.sections:
        assert sum(int(str(row[1])) for row in section.rows) == total
    rows = list(queries.listed(work, "attended", period))
    assert found.listing is not None
    assert len(rows) == found.listing.total == total == tickets.total(work, attended.filters(period))[0]


def test_the_groups_are_those_of_the_list(work: Work) -> None:
    period = SPANS[3]
    found, rows = queries.report(work, "attended", period), list(queries.listed(work, "attended", period))
    for key, place in (("category", 3), ("owner", 4), ("priority", 5)):
        names = [str(row[place]) for row in rows]
        assert {row[0]: row[1] for row in of(found, key).rows} == {name: names.count(name) for name in names}
    assert [row[0] for row in of(found, "priority").rows] == [
        labels.priority(code) for code in ("critical", "high", "medium", "low")]
    assert [row[7] for row in rows] == sorted(row[7] for row in rows if row[7] is not None)  # type: ignore[type-var]


def test_on_time_is_counted_from_the_due_times(work: Work) -> None:
    period = SPANS[4]
    rows = [row for row in tickets.page(work, attended.filters(period), size=400).rows.itertuples() if row.due_at is not None]
    share = queries.report(work, "attended", period).measures[1].value
    assert share == sum(row.done_at <= row.due_at for row in rows) / len(rows)
    assert len(rows) > 100


def test_a_running_month_ends_today_and_says_so(work: Work) -> None:
    found = queries.report(work, "attended", periods.named("this_month", TODAY))
    assert len(of(found, "days").rows) == 25
    assert "25 nov 2026" in found.notes[0]


def test_a_long_report_has_months_only_and_says_so(work: Work) -> None:
    found = queries.report(work, "attended", SPANS[5])
    assert [section.key for section in found.sections] == ["months", "owner", "category", "priority"]
    assert "366" in found.notes[-1]


@pytest.mark.parametrize(("text", "first", "last"), [
    ("2026-03", "2026-03-01", "2026-03-31"), ("2026-04..2026-01", "2026-01-01", "2026-04-30"),
    ("2026-11-09..2026-11-03", "2026-11-03", "2026-11-09"), ("2026-02-28", "2026-02-28", "2026-02-28"),
    ("this_month", "2026-11-01", "2026-11-30"), (None, "2026-10-01", "2026-10-31"), ("nothing", "2026-10-01", "2026-10-31"),
    ("2026-02-30..2026-03-01", "2026-10-01", "2026-10-31"), ("2026-02-01..x", "2026-10-01", "2026-10-31"),
    ("0001-01-01..9999-12-31", "2026-10-01", "2026-10-31"), ("1970-01-01..2026-11-25", "2016-11-18", "2026-11-25")])
def test_the_period_of_an_address(text: str | None, first: str, last: str) -> None:
    found = spans.chosen(text, TODAY)
    assert (found.first.isoformat(), found.last.isoformat()) == (first, last)
    assert spans.chosen(spans.written(found), TODAY) == found


def test_a_period_is_told_in_words() -> None:
    found = [spans.chosen(text, TODAY) for text in ("2026-01", "2026-01..2026-04", "2026-11-03..2026-11-09")]
    assert [spans.words(period) for period in found] == [
        "enero de 2026", "enero de 2026 a abril de 2026", "3 nov 2026 a 9 nov 2026"]
    assert [spans.file_words(period) for period in found] == ["2026-01", "2026-01_2026-04", "2026-11-03_2026-11-09"]
