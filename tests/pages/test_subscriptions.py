"""Reports by mail on the pages: asked for where the report is, managed in the profile."""

from __future__ import annotations

from typing import Any

from streamlit.testing.v1 import AppTest

from core.subscriptions import service
from core.subscriptions.service import Wish
from core.tickets import views
from tests.databases import Desk
from tests.pages.opening import checked, open_page, words


def press(app: AppTest, label: str) -> AppTest:
    next(button for button in app.button if button.label == label).click()
    return checked(app.run())


def choose(app: AppTest, label: str, value: Any) -> None:
    next(box for box in app.selectbox if box.label == label).select(value)


def rows(desk: Desk) -> list[tuple[Any, ...]]:
    return desk.rows("SELECT report, view_id, format, every, day, hour, paused FROM report_subscriptions ORDER BY id")


def test_a_manager_asks_for_the_relacion_where_it_is_read(file_desk: Desk) -> None:
    app = open_page(file_desk, "manager", "dashboard/relaciones.py", kind="missed")
    press(app, "Suscribirme")
    assert rows(file_desk) == [("missed", None, "pdf", "monthly", 1, 7, 0)]
    next(radio for radio in app.radio if radio.label == "Cada cuándo").set_value("weekly")
    checked(app.run())
    choose(app, "Día de la semana", 5)
    checked(app.run())
    press(app, "Suscribirme")
    assert rows(file_desk)[1] == ("missed", None, "pdf", "weekly", 5, 7, 0)


def test_a_saved_view_is_asked_for_from_the_grid(file_desk: Desk) -> None:
    with file_desk.begin("analyst") as work:
        view = views.save_view(work, "Abiertos *hoy*", {"status": "open"})
    app = open_page(file_desk, "analyst", "desk/tickets.py")
    app.button(key=f"grid/mail{view.id}").click()
    checked(app.run())
    app = open_page(file_desk, "analyst", "account/profile.py", view=str(view.id))
    press(app, "Suscribirme")
    assert rows(file_desk) == [("view", view.id, "xlsx", "daily", 1, 7, 0)]
    assert "Abiertos *hoy*" in words(app)


def test_it_is_paused_resumed_changed_tried_and_ended_in_the_profile(file_desk: Desk) -> None:
    with file_desk.begin("manager") as work:
        service.subscribe(work, Wish("attended", every="daily", hour=6))
    app = open_page(file_desk, "manager", "account/profile.py")
    assert "Todos los días a las 06:00" in words(app)
    press(app, "Pausar")
    assert rows(file_desk)[0][-1] == 1
    assert "En pausa" in words(app)
    press(app, "Reanudar")
    assert rows(file_desk)[0][-1] == 0
    next(box for box in app.selectbox if box.key == "subscription1.3.hour").select(9)
    checked(app.run())
    app.button(key="subscription1/save").click()
    checked(app.run())
    assert rows(file_desk)[0][5] == 9
    press(app, "Probar ahora")
    assert file_desk.rows("SELECT address FROM outbox WHERE kind = 'report'") == [("manager@example.mx",)]
    assert "Enviado con su archivo." in words(app)
    press(app, "Terminarla")
    assert rows(file_desk) == []


def test_a_refusal_stands_where_it_was_asked(file_desk: Desk) -> None:
    file_desk.run("UPDATE users SET email = NULL WHERE username = 'manager'")
    app = open_page(file_desk, "manager", "dashboard/relaciones.py")
    press(app, "Suscribirme")
    assert "no tiene correo electrónico" in words(app)
    assert rows(file_desk) == []


def test_a_view_that_is_gone_is_told_and_can_only_be_ended(file_desk: Desk) -> None:
    with file_desk.begin("analyst") as work:
        view = views.save_view(work, "Abiertos", {"status": "open"})
        service.subscribe(work, Wish("view", view.id, "csv", "daily"))
        views.delete_view(work, view.id)
    app = open_page(file_desk, "analyst", "account/profile.py", view="abc")
    assert "Una vista guardada que ya no existe" in words(app)
    assert next(button for button in app.button if button.label == "Probar ahora").disabled
    press(app, "Terminarla")
    assert rows(file_desk) == []


def test_customers_see_nothing_of_it(file_desk: Desk) -> None:
    app = open_page(file_desk, "customer", "account/profile.py")
    assert "Reportes por correo" not in words(app)
