"""The imports page: look first, then save all of it or nothing."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from core.accounts import recovery
from core.config import ROOT
from core.exchange import offers
from core.exchange.imports import batches
from core.exchange.imports.batches import Kind, Upload
from tests.databases import Desk
from tests.pages.opening import checked, open_page, words

GOOD = b"Fecha y hora,Resultado\n25/01/2024 10:00,Atendida\n25/01/2024 11:00,Perdida\n"
MIXED = GOOD + b"99/99/2024 11:00,Perdida\n"
GUIDE = (ROOT / "data/samples/tickets_guide.csv").read_bytes()


def opened(desk: Desk, kind: str = "calls") -> AppTest:
    app = open_page(desk, "admin", "admin/imports.py")
    app.session_state["imports/kind"] = Kind(kind)
    return checked(app.run())


def upload(app: AppTest, name: str, data: bytes) -> AppTest:
    app.get("file_uploader")[0].set_value((name, data, "text/csv"))
    return checked(app.run())


def press(app: AppTest, key: str) -> AppTest:
    app.button(key=key).click()
    return checked(app.run())


def test_a_file_is_shown_before_it_is_saved(file_desk: Desk) -> None:
    before = file_desk.rows("SELECT count(*) FROM calls")[0][0]
    app = upload(opened(file_desk), "enero.csv", GOOD)
    assert [metric.value for metric in app.metric] == ["2", "2", "0"]
    assert file_desk.rows("SELECT count(*) FROM calls") == [(before,)]
    press(app, "imports/save")
    assert file_desk.rows("SELECT count(*) FROM calls") == [(before + 2,)]
    assert "enero.csv" in app.success[0].value


def test_bad_rows_block_until_they_are_left_out(file_desk: Desk) -> None:
    app = upload(opened(file_desk), "enero.csv", MIXED)
    assert app.button(key="imports/save").disabled
    app.checkbox(key="imports/accept").check()
    app.run()
    before = file_desk.rows("SELECT count(*) FROM calls")[0][0]
    press(app, "imports/save")
    assert file_desk.rows("SELECT count(*) FROM calls") == [(before + 2,)]


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7", b"\x89PNG\r\n\x1a\n", b"a,b\n1,2\n", b"\x00" * 99])
@pytest.mark.parametrize("kind", ["calls", "tickets", "stations", "users"])
def test_a_wrong_file_is_told_and_nothing_is_offered(file_desk: Desk, kind: str, data: bytes) -> None:
    app = upload(opened(file_desk, kind), "cosa.csv", data)
    assert len(app.error) == 1
    assert "imports/save" not in [button.key for button in app.button]


def test_the_guides_tickets_come_in_by_the_page(file_desk: Desk) -> None:
    press(upload(opened(file_desk, "tickets"), "tickets.csv", GUIDE), "imports/save")
    assert file_desk.rows("SELECT count(*) FROM tickets WHERE source_key IS NOT NULL") == [(4,)]


def test_a_column_can_be_corrected_and_is_remembered(file_desk: Desk) -> None:
    data = b"Fecha,Otra,Resultado\n25/01/2024 10:00,Ana,Atendida\n"
    app = upload(opened(file_desk), "a.csv", data)
    box = next(box for box in app.selectbox if box.label == "Operador")
    box.select_index(2)
    checked(app.run())
    press(app, "imports/save")
    assert file_desk.rows("SELECT operator FROM calls ORDER BY id DESC LIMIT 1") == [("Ana",)]
    with file_desk.reading("admin") as work:
        assert batches.prepare(work, Upload(Kind.CALLS, "b.csv", data)).mapping["operator"] == 1


def test_what_the_header_does_not_tell_is_chosen_on_the_page(file_desk: Desk) -> None:
    data = b"Cuando,Como quedo\n25/01/2024 10:00,Atendida\n"
    app = upload(opened(file_desk), "a.csv", data)
    assert len(app.error) == 1
    assert "imports/save" not in [button.key for button in app.button]
    for label, place in (("Fecha y hora", 1), ("Cómo terminó", 2)):
        next(box for box in app.selectbox if box.label == label).select_index(place)
        app.run()
    assert [each.value for each in checked(app).error] == []
    press(app, "imports/save")
    assert file_desk.rows("SELECT outcome FROM calls ORDER BY id DESC LIMIT 1") == [(1,)]


def test_the_history_stands_in_its_tab(file_desk: Desk) -> None:
    app = opened(file_desk)
    assert "Todavía no se ha importado nada" in words(app)
    press(upload(app, "enero.csv", GOOD), "imports/save")
    assert any("enero.csv" in str(table.value.to_dict()) for table in app.dataframe)


@pytest.mark.sqlite_only
@pytest.mark.parametrize("who", ["manager", "operator", "agent", "analyst", "customer"])
def test_the_page_is_for_administrators(desk: Desk, who: str) -> None:
    app = open_page(desk, who, "admin/imports.py")
    assert app.get("file_uploader") == []
    assert "No existe o usted no puede verlo" in words(app)


def test_people_are_imported_and_their_links_are_offered_once(file_desk: Desk) -> None:
    table = b"Nombre,Usuario,Rol\nEva Luna,eva.luna,Gerente\nMal,mal,Jefe\n"
    app = upload(opened(file_desk, "users"), "usuarios.csv", table)
    assert "No existe el rol" in str(app.dataframe[-1].value)
    app.checkbox(key="imports/accept").check()
    app.run()
    press(app, "imports/save")
    assert file_desk.rows("SELECT name FROM users WHERE username = 'eva.luna'") == [("Eva Luna",)]
    assert "1 usuario importado aún no tiene contraseña" in words(app)
    press(app, "imports/invitations/make")
    url = app.get("link_button")[0].proto.url
    admin = file_desk.actor("admin")
    made = offers.take(admin, url.removeprefix("downloads/"))
    assert "eva.luna" in made.path.read_text(encoding="utf-8-sig")
    assert made.path.stat().st_mode & 0o077 == 0
    assert recovery.who(made.path.read_text(encoding="utf-8").strip().rpartition("?key=")[2].strip('"')) is not None
    made.path.unlink()
