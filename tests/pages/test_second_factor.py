"""Setting up the second factor and entering with it, on their pages."""

from __future__ import annotations

from typing import Any

import pyotp
import pytest
from streamlit.testing.v1 import AppTest

from core.access import Role
from core.accounts import passwords, recovery, second_factor
from core.work import clock
from tests.accounts.test_second_factor import enrol
from tests.databases import Desk
from tests.factories import PASSWORD
from tests.pages.opening import ROOT, SECONDS, checked, open_page, words

PROFILE = "account/profile.py"


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "ROUNDS", 4)


def field(app: AppTest, label: str) -> Any:
    return next(each for each in app.text_input if each.label == label)


def press(app: AppTest, label: str) -> AppTest:
    next(each for each in app.main.button if each.label == label).click()
    return checked(app.run())


def code_now(desk: Desk, who: str, later: int = 0) -> str:
    [(secret,)] = desk.rows("SELECT secret FROM second_factors WHERE user_id = :u", u=desk.cast.users[who])
    return pyotp.TOTP(secret).generate_otp(int(clock().timestamp()) // 30 + later)


def sign_in_page(**params: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "core" / "ui" / "main.py"), default_timeout=SECONDS)
    for name, value in params.items():
        app.query_params[name] = value
    return checked(app.run())


def after_password(username: str) -> AppTest:
    app = sign_in_page()
    field(app, "Usuario").set_value(username)
    field(app, "Contraseña").set_value(PASSWORD)
    return press(app, "Iniciar sesión")


def sessions_of(desk: Desk, who: str) -> int:
    [(count,)] = desk.rows("SELECT count(*) FROM sessions WHERE user_id = :u AND ended_at IS NULL", u=desk.cast.users[who])
    return int(count)


def test_an_app_is_set_up_in_the_profile_and_the_codes_are_shown_once(file_desk: Desk) -> None:
    app = press(open_page(file_desk, "agent", PROFILE), "Configurar segundo factor")
    secret = app.code[0].value.replace(" ", "")
    field(app, "2. Escriba los seis dígitos que muestra la aplicación").set_value("000000")
    press(app, "Activar")
    assert "no coincide" in words(app)
    field(app, "2. Escriba los seis dígitos que muestra la aplicación").set_value(pyotp.TOTP(secret).now())
    press(app, "Activar")
    assert len(app.code[0].value.splitlines()) == second_factor.CODES
    press(app, "Ya guardé los códigos")
    assert "Códigos de recuperación disponibles: 10" in words(app)
    assert not app.code


def test_after_the_password_there_is_no_session_until_the_code(file_desk: Desk) -> None:
    enrol(file_desk)
    app = after_password("agent")
    assert "Segundo paso" in words(app)
    assert sessions_of(file_desk, "agent") == 0
    field(app, "Código").set_value("000000")
    press(app, "Entrar")
    assert "no es correcto" in words(app)
    assert sessions_of(file_desk, "agent") == 0
    field(app, "Código").set_value(code_now(file_desk, "agent"))
    press(app, "Entrar")
    assert "Resumen" in words(app)
    assert sessions_of(file_desk, "agent") == 1


def test_the_second_step_is_left_without_entering(file_desk: Desk) -> None:
    enrol(file_desk)
    app = press(after_password("agent"), "Volver al inicio de sesión")
    assert "Segundo paso" not in words(app)
    assert sessions_of(file_desk, "agent") == 0


def test_the_link_of_a_forgotten_password_asks_for_the_code_too(file_desk: Desk) -> None:
    codes = enrol(file_desk)
    with file_desk.begin("system") as work:
        letter = recovery.forgotten(work, "agent", "")
    assert letter is not None
    app = sign_in_page(key=letter.body.rpartition("?key=")[2])
    for label in ("Contraseña nueva", "Repita la contraseña nueva"):
        field(app, label).set_value("Caminos-anchos-93")
    press(app, "Guardar contraseña")
    assert "Segundo paso" in words(app)
    assert sessions_of(file_desk, "agent") == 0
    field(app, "Código").set_value(codes[0])
    press(app, "Entrar")
    assert "Resumen" in words(app)


def test_who_needs_it_sets_it_up_before_anything_else(file_desk: Desk) -> None:
    app = open_page(file_desk, "admin", "admin/users.py")
    app.multiselect[0].set_value(["agent"])
    app.run()
    next(each for each in app.button if each.key == "users.factor.save").click()
    checked(app.run())
    assert file_desk.actor("agent").must_enrol
    held = open_page(file_desk, "agent", "desk/tickets.py")
    assert "Su rol requiere segundo factor" in words(held)
    assert not held.dataframe
    field(held, "2. Escriba los seis dígitos que muestra la aplicación").set_value(code_now(file_desk, "agent"))
    press(held, "Activar")
    press(held, "Ya guardé los códigos")
    assert held.dataframe


def test_it_is_removed_with_a_code_only(file_desk: Desk) -> None:
    codes = enrol(file_desk)
    app = open_page(file_desk, "agent", PROFILE)
    field(app, "Código de la aplicación, para hacer cambios aquí").set_value("111111")
    press(app, "Quitar")
    assert "no es correcto" in words(app)
    field(app, "Código de la aplicación, para hacer cambios aquí").set_value(codes[0])
    press(app, "Quitar")
    assert not second_factor.is_on(file_desk.cast.users["agent"])


def test_a_role_that_needs_it_is_offered_no_way_to_remove_it(file_desk: Desk) -> None:
    enrol(file_desk)
    with file_desk.begin("admin") as work:
        second_factor.require_for(work, [Role.AGENT])
    app = open_page(file_desk, "agent", PROFILE)
    assert "Quitar" not in [each.label for each in app.button]


def test_an_administrator_resets_it_for_somebody(file_desk: Desk) -> None:
    enrol(file_desk)
    app = open_page(file_desk, "admin", "admin/users.py", id=str(file_desk.cast.users["agent"]))
    press(app, "Restablecer segundo factor")
    assert not second_factor.is_on(file_desk.cast.users["agent"])
