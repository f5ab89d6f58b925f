"""Satisfaction on the pages: the summary's figures, the answers behind them, and the settings of the survey."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.access import SYSTEM
from core.i18n import formats
from core.surveys import asking
from core.tickets import ratings, service
from core.work import Work, clock
from tests.databases import Desk
from tests.pages.opening import checked, open_page, words


@pytest.fixture
def rated(file_desk: Desk) -> Desk:
    """Three surveys this month, two of them answered: 5 with a comment, and 2."""
    now = clock()
    with file_desk.begin("system", now - timedelta(minutes=2)) as work:
        for name in ("own", "same_company", "other_company"):
            service.assign(work, file_desk.cast.tickets[name], file_desk.cast.users["agent"])
            service.set_status(work, file_desk.cast.tickets[name], "resolved")
    with file_desk.begin("system", now) as work:
        assert asking.ask(work) == 3
    for who, name, score, comment in (("customer", "own", 5, "Muy *amable* <b>"), ("stranger", "other_company", 2, "")):
        with file_desk.begin(who, now) as work:
            ratings.rate(work, file_desk.cast.tickets[name], score, comment)
    return file_desk


@pytest.mark.parametrize("file", ["dashboard/overview.py", "dashboard/satisfaction.py"])
def test_the_figures_come_with_n_and_response_rate(rated: Desk, file: str) -> None:
    app = open_page(rated, "manager", file)
    shown = {metric.label: metric.value for metric in app.metric}
    assert (shown["Clientes satisfechos"], shown["Tasa de respuesta"]) == (formats.percent(0.5, 0), formats.percent(2 / 3, 0))
    text = words(app)
    assert "2 respuestas" in text
    assert "2 de 3 encuestas" in text
    assert "Agent" in text
    assert "Sistemas - Punto de venta" in text
    assert "4 o 5" in str(next(metric for metric in app.metric if metric.label == "Clientes satisfechos").help)


def test_a_desk_that_asked_nobody_shows_nothing_on_the_summary_and_says_so_on_the_page(file_desk: Desk) -> None:
    assert "Satisfacción" not in [each.value for each in open_page(file_desk, "manager", "dashboard/overview.py").subheader]
    assert "sale una encuesta" in words(open_page(file_desk, "manager", "dashboard/satisfaction.py"))


def test_the_answers_are_listed_as_they_were_written_and_narrowed(rated: Desk) -> None:
    app = open_page(rated, "analyst", "dashboard/satisfaction.py")
    text = words(app)
    assert "Muy *amable* <b>" in text
    assert f"number={rated.cast.numbers['own']}" in text
    assert "Customer ·" in text
    next(radio for radio in app.radio if radio.label == "Respuestas que se muestran").set_value("dissatisfied")
    text = words(checked(app.run()))
    assert "amable" not in text
    assert "Stranger ·" in text


def test_limits_of_the_address_hold(rated: Desk) -> None:
    app = open_page(rated, "manager", "dashboard/satisfaction.py", owner=str(rated.cast.users["second_agent"]), show="nonsense")
    assert "Ningún ticket cumple estos filtros." in words(app)


def test_customers_do_not_open_it(rated: Desk) -> None:
    app = open_page(rated, "customer", "dashboard/satisfaction.py")
    assert "amable" not in words(app)
    assert not app.metric


def test_an_administrator_switches_the_survey_off(file_desk: Desk) -> None:
    app = open_page(file_desk, "admin", "admin/automation.py")
    app.toggle(key="survey.on").set_value(False)
    app.number_input(key="survey.days").set_value(14)
    next(button for button in app.button if button.label == "Guardar la encuesta").click()
    checked(app.run())
    with file_desk.begin("admin") as work:
        from core.tickets import surveys

        assert surveys.survey_rules(work) == surveys.SurveyRules(on=False, days=14)
        assert surveys.waiting(Work(work.session, SYSTEM, work.now)) == []
