"""Setting up the second factor and entering with it, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator

import pyotp
import pytest
from playwright.sync_api import Page, expect

from core.accounts import second_factor
from core.work import clock
from tests.browser.conftest import Server, clear_lock, enter, own_menu, sign_in, sign_out

COOKIE = "mesa_session"


@pytest.fixture(autouse=True)
def _as_before(server: Server) -> Iterator[None]:
    clear_lock(server)
    yield
    with server.begin() as work:
        second_factor.reset(work, server.cast.users["analyst"])


def _code(secret: str, later: int = 0) -> str:
    return pyotp.TOTP(secret).generate_otp(int(clock().timestamp()) // 30 + later)


def test_an_app_is_set_up_and_its_codes_are_the_only_way_in(page: Page, server: Server) -> None:
    enter(page, "analyst", path="/profile")
    page.get_by_role("button", name="Configurar segundo factor").click()
    picture = page.get_by_alt_text("Código QR para la aplicación de autenticación")
    expect(picture).to_be_visible()
    assert (picture.get_attribute("src") or "").startswith("data:"), "the secret is at no address of its own"
    secret = page.get_by_test_id("stCode").first.inner_text().replace(" ", "").strip()
    page.get_by_label("2. Escriba los seis dígitos que muestra la aplicación").fill(_code(secret))
    page.get_by_role("button", name="Activar").click()
    kept = page.get_by_role("button", name="Ya guardé los códigos")
    expect(kept).to_be_visible()
    codes = page.get_by_test_id("stCode").inner_text().split()
    assert len(codes) == second_factor.CODES
    kept.click()
    expect(page.get_by_role("heading", name="Su perfil")).to_be_visible()
    sign_out(page)

    sign_in(page, "analyst", path="/profile")
    expect(page.get_by_role("heading", name="Segundo paso")).to_be_visible()
    assert COOKIE not in {cookie["name"] for cookie in page.context.cookies()}
    page.get_by_label("Código", exact=True).fill("000000")
    page.get_by_role("button", name="Entrar").click()
    expect(page.get_by_text("El código no es correcto")).to_be_visible()
    page.get_by_label("Código", exact=True).fill(_code(secret, 1))
    with page.expect_response("**/auth/session"):
        page.get_by_role("button", name="Entrar").click()
    expect(page.get_by_role("heading", name="Su perfil")).to_be_visible()
    page.reload()
    expect(own_menu(page)).to_contain_text("Analista")
    sign_out(page)

    sign_in(page, "analyst")
    expect(page.get_by_role("heading", name="Segundo paso")).to_be_visible()
    page.reload()
    expect(page.get_by_label("Contraseña", exact=True)).to_be_visible()
    sign_in(page, "analyst", path=None)
    page.get_by_label("Código", exact=True).fill(codes[0])
    with page.expect_response("**/auth/session"):
        page.get_by_role("button", name="Entrar").click()
    expect(own_menu(page)).to_contain_text("Analista")
    assert not [secret for secret in (*codes, secret) if secret in server.log()]
