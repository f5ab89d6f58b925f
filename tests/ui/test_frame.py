"""The script of every run, without a browser: ready or not, signed in or not, and errors nobody expected."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from streamlit.testing.v1 import AppTest

from core import db
from core.accounts import sessions
from core.config import ROOT
from core.errors import DeskError
from core.ui import incidents, session
from tests.databases import Desk
from tests.factories import PASSWORD

pytestmark = pytest.mark.sqlite_only

FORGOTTEN = "Nombre de usuario o correo electrónico"


def _app() -> AppTest:
    return AppTest.from_file(str(ROOT / "core" / "ui" / "main.py"), default_timeout=30)


def _as(desk: Desk, username: str) -> AppTest:
    app = _app()
    with desk.begin("system") as work:
        app.session_state[session.SESSION_ID] = sessions.start(work, desk.cast.users[username]).session_id
    return app


def test_without_a_database_the_page_says_what_to_run(own_settings: Path) -> None:
    db.use_engine(db.make_engine(f"sqlite:///{own_settings / 'mesa.db'}"))
    try:
        app = _app().run()
    finally:
        db.engine().dispose()
        db.use_engine(None)
    assert "python -m core init" in app.error[0].value
    assert not app.text_input


def test_nobody_sees_the_sign_in_form_and_gets_in_with_it(desk: Desk) -> None:
    app = _app().run()
    assert [field.label for field in app.text_input] == ["Usuario", "Contraseña", FORGOTTEN]
    app.text_input[0].set_value("Agent")
    app.text_input[1].set_value(PASSWORD)
    app.button[0].click().run()
    assert not app.exception
    assert app.session_state[session.SESSION_ID]


def test_the_library_s_own_word_signs_nobody_in(desk: Desk) -> None:
    app = _app()
    app.session_state["authentication_status"] = True
    app.session_state["username"] = "admin"
    app.run()
    assert [field.label for field in app.text_input] == ["Usuario", "Contraseña", FORGOTTEN]
    assert session.SESSION_ID not in app.session_state


def test_a_page_of_another_role_is_not_drawn(desk: Desk) -> None:
    app = _as(desk, "operator").run()
    app.switch_page("../../pages/admin/users.py").run()
    assert [title.value for title in app.title] == ["Página no disponible"]
    assert not app.dataframe


def test_an_ended_session_draws_the_sign_in_form_in_the_same_tab(desk: Desk) -> None:
    app = _as(desk, "admin").run()
    app.switch_page("../../pages/admin/users.py").run()
    assert [title.value for title in app.title] == ["Usuarios"]
    with desk.begin("admin") as work:
        sessions.end_all(work.session, desk.cast.users["admin"], work.now)
    app.run()
    assert "Contraseña" in [field.label for field in app.text_input]
    assert not app.dataframe


def test_an_incident_is_logged_with_its_number_and_without_values(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(DBAPIError) as caught, desk.reading("system") as work:
        work.session.execute(text("SELECT :secret FROM no_such_table"), {"secret": "-".join(["muy", "secreta"])})
    with caplog.at_level(logging.ERROR):
        number = incidents.report(caught.value)
    assert number in caplog.text
    assert "no_such_table" in caplog.text
    assert "muy-secreta" not in caplog.text


def _broken(error: Exception) -> str:
    def script() -> None:
        import streamlit as st

        from core.ui import incidents

        incidents.on_script_error(st.session_state["error"])

    app = AppTest.from_function(script)
    app.session_state["error"] = error
    return str(app.run().error[0].value)


def test_an_unexpected_error_shows_a_number_and_nothing_of_itself() -> None:
    shown = _broken(ZeroDivisionError("un secreto"))
    assert "incidente" in shown
    assert "no se guardó" in shown
    assert "secreto" not in shown
    assert "Traceback" not in shown


def test_a_refusal_that_nobody_caught_shows_its_own_sentence() -> None:
    assert _broken(DeskError("La estación ya existe.")) == "La estación ya existe."
