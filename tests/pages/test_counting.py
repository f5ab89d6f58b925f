"""The form that says how calls are counted, beside the imports."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from core.calls.rules import counting_rules
from tests.databases import Desk
from tests.exchange.test_forming import EARLY
from tests.exchange.test_import_calls import load
from tests.pages.opening import checked, open_page
from tests.pages.test_imports import upload


def opened(desk: Desk) -> AppTest:
    return checked(open_page(desk, "admin", "admin/imports.py").run())


def save(app: AppTest) -> AppTest:
    next(button for button in app.button if button.form_id == "counting/form").click()
    return checked(app.run())


def test_another_threshold_forms_the_calls_anew_and_says_how_many(file_desk: Desk) -> None:
    load(file_desk, EARLY, "queue_log")
    app = opened(file_desk)
    app.number_input(key="counting.short_s").set_value(10)
    save(app)
    assert "1" in app.success[0].value
    assert file_desk.rows("SELECT outcome FROM calls WHERE source = 'asterisk-queue-log'") == [(3,)]


def test_what_is_no_expression_is_told_at_its_field_and_stays_typed(file_desk: Desk) -> None:
    app = opened(file_desk)
    app.text_area(key="counting.trunk_contexts").set_value("trunk\n(")
    save(app)
    assert any("( no es una expresión regular" in each.value.replace("\\", "") for each in app.markdown)
    assert app.text_area(key="counting.trunk_contexts").value == "trunk\n("
    with file_desk.reading("admin") as work:
        assert "(" not in counting_rules(work).trunk_contexts


def test_how_a_file_was_read_is_told_and_may_be_corrected(file_desk: Desk) -> None:
    app = opened(file_desk)
    app.selectbox(key="imports/order").set_value("mdy")
    app = upload(app, "enero.csv", b"Fecha y hora;Resultado\n02/03/2024 10:00;Atendida\n")
    assert any("Codificación: UTF-8 · Separador: Punto y coma · Orden de la fecha: Mes/día/año" in each.value
               for each in app.caption)
    app.selectbox(key="imports/encoding").set_value("utf-16")
    checked(app.run())
    assert any("utf-16" in each.value for each in app.error)
