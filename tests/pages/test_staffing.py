"""The staffing page: people for the goal in the address, the forecast, and what is said when calls are too few."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import delete, insert

from core import work as clockwork
from core.calls import service
from core.calls.counting import Direction, Outcome
from core.calls.models import Call
from core.calls.queries import day_number
from core.config import get_settings
from tests.databases import Desk
from tests.pages.opening import open_page, words

pytestmark = pytest.mark.sqlite_only
PAGE = "dashboard/staffing.py"


def lay(desk: Desk, days: int) -> None:
    """Twelve answered calls a day at noon in Mexico City, up to yesterday."""
    noon = clockwork.clock().astimezone(get_settings().zone).replace(hour=12, minute=0, second=0)
    rows = []
    for number in range(days * 12):
        started = noon - timedelta(days=1 + number // 12) + timedelta(seconds=number % 12 * 100)
        rows.append({"source_key": f"p:{number}", "source": "table", "direction": Direction.INBOUND, "outcome": Outcome.ANSWERED,
                     "started_at": started, "local_day": day_number(started.date()), "local_hour": 12, "caller": "4421234567",
                     "operator": ("Ana", "Beto")[number % 2], "wait_s": 8, "talk_s": 180, "estimated": False})
    with desk.begin("system") as work:
        work.session.execute(delete(Call))
        if rows:
            work.session.execute(insert(Call), rows)
        work.session.flush()
        service.rebuild_rollups(work)


def test_the_goal_in_the_address_decides_how_many_people_are_needed(file_desk: Desk) -> None:
    lay(file_desk, 56)
    plan = open_page(file_desk, "manager", PAGE, goal="80", model="Erlang C", shrinkage="0", talk="180", documentation="60")
    assert plan.metric[0].value == "4"  # the published vector: 12 calls of 240 s
    strict = open_page(file_desk, "manager", PAGE, goal="99", model="Erlang C", shrinkage="0", talk="180", documentation="60")
    assert int(strict.metric[0].value) > 4
    away = open_page(file_desk, "manager", PAGE, goal="80", model="Erlang C", shrinkage="50", talk="180", documentation="60")
    assert away.metric[0].value == "8"


def test_documentation_begins_at_what_was_measured_on_enough_calls(file_desk: Desk) -> None:
    lay(file_desk, 56)
    slider = "Documentación tras la llamada (s)"
    assert next(each for each in open_page(file_desk, "manager", PAGE).slider if each.label == slider).value == 60
    file_desk.run("UPDATE calls SET result = 3, result_at = started_at + 8 + 180 + 90")
    measured = next(each for each in open_page(file_desk, "manager", PAGE).slider if each.label == slider)
    assert measured.value == 90
    assert "672 llamadas" in str(measured.help)


def test_forecast_and_comparison_are_on_the_page(file_desk: Desk) -> None:
    lay(file_desk, 56)
    said = words(open_page(file_desk, "manager", PAGE))
    assert "Qué tanto falló el pronóstico" in said
    assert "Igual que la última semana, por día" in said
    assert "672 100.0 %" in said  # every call was answered within 20 s


def test_too_few_weeks_are_told_and_nothing_is_forecast(file_desk: Desk) -> None:
    lay(file_desk, 20)
    said = words(open_page(file_desk, "manager", PAGE))
    assert "faltan 8 días" in said
    assert "Qué tanto falló" not in said


def test_a_desk_without_calls_says_what_will_be_here(file_desk: Desk) -> None:
    lay(file_desk, 0)
    assert "Aquí verá cuántas personas" in words(open_page(file_desk, "manager", PAGE))


def test_a_customer_does_not_see_it(file_desk: Desk) -> None:
    lay(file_desk, 30)
    app = open_page(file_desk, "customer", PAGE)
    assert "No existe o usted no puede verlo" in words(app)
    assert not app.metric


def test_nonsense_in_the_address_is_not_believed(file_desk: Desk) -> None:
    lay(file_desk, 30)
    app = open_page(file_desk, "manager", PAGE, goal="abc", talk="-5", patience="1e9", within="7", model="x")
    assert app.metric[0].value.isdigit()
