"""The page of service times: figures with their definitions, the tickets behind each, the limits of the address."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.i18n import formats
from core.tickets import service
from core.tickets.lifecycle import Channel
from core.work import clock
from tests.databases import Desk
from tests.factories import new_ticket
from tests.pages.test_satisfaction import checked, open_page, words


@pytest.fixture
def served(file_desk: Desk) -> tuple[Desk, int, int]:
    """One ticket answered and resolved, one reopened."""
    now = clock() - timedelta(minutes=30)
    with file_desk.begin("customer", now) as work:
        one, two = (service.create(work, new_ticket(file_desk.cast, channel=Channel.PORTAL, subject=subject)).number
                    for subject in ("Cobro doble", "Bomba sin señal"))
        ids = [work.session.connection().exec_driver_sql(f"SELECT id FROM tickets WHERE number = {each}").scalar()
               for each in (one, two)]
    for number in ids:
        with file_desk.begin("agent", now + timedelta(minutes=10)) as work:
            service.reply(work, number, "Quedó listo.")
            service.set_status(work, number, "resolved")
    with file_desk.begin("agent", now + timedelta(minutes=20)) as work:
        service.set_status(work, ids[1], "open")
    return file_desk, one, two


def test_every_figure_says_how_it_is_counted(served: tuple[Desk, int, int]) -> None:
    app = open_page(served[0], "manager", "dashboard/performance.py")
    found = {metric.label.partition("] ")[2]: metric for metric in app.metric}
    assert found["Solución (mediana)"].value == "10 min"
    assert found["Tasa de reapertura"].value == found["Primer contacto (FCR)"].value == formats.percent(0.5, 1)
    assert all(metric.help for metric in found.values())
    assert "(1 de 2)" in str(found["Tasa de reapertura"].help)
    assert "horas hábiles" in str(found["Primera respuesta (mediana)"].help)


def test_a_figure_opens_its_tickets(served: tuple[Desk, int, int]) -> None:
    desk, one, two = served
    app = open_page(desk, "manager", "dashboard/performance.py", show="reopened")
    assert f"number={two}" in words(app)
    assert f"number={one}" not in words(app)
    next(radio for radio in app.radio if radio.label == "Tickets que se muestran").set_value("once")
    text = words(checked(app.run()))
    assert f"number={one}" in text
    assert f"number={two}" not in text


def test_limits_of_the_address_hold_and_nonsense_shows_all(served: tuple[Desk, int, int]) -> None:
    app = open_page(served[0], "manager", "dashboard/performance.py", owner=str(served[0].cast.users["second_agent"]),
                    show="nonsense")
    assert "Ningún ticket cumple estos filtros." in words(app)


def test_a_desk_that_served_nobody_says_what_will_be_here(file_desk: Desk) -> None:
    with file_desk.begin("system") as work:
        work.session.connection().exec_driver_sql("DELETE FROM ticket_figures")
    assert "qué tan rápido" in words(open_page(file_desk, "manager", "dashboard/performance.py"))


def test_customers_do_not_open_it(served: tuple[Desk, int, int]) -> None:
    assert not open_page(served[0], "customer", "dashboard/performance.py").metric
