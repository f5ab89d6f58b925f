"""The telephone exchange on pages: its tokens, extensions of people, calls now, and who is told of a call."""

from __future__ import annotations

from typing import Any

from streamlit.testing.v1 import AppTest

from core.calls import receiving, tokens
from core.calls.counting import Direction
from core.calls.live import CallEvent, EventKind
from tests.databases import Desk
from tests.pages.opening import checked, open_page, words


def field(app: AppTest, kind: str, label: str) -> Any:
    return next(each for each in app.main.get(kind) if each.label == label)  # type: ignore[attr-defined]


def press(app: AppTest, label: str) -> AppTest:
    next(each for each in app.main.button if each.label == label).click()
    return checked(app.run())


def ring(desk: Desk, kind: EventKind = EventKind.NEW_CALL, **values: Any) -> None:
    with desk.begin("system") as work:
        at = int(work.now.timestamp())
        receiving.receive(work, CallEvent(kind, values.pop("call_id", "1"), at, direction=Direction.INBOUND, **values))


def listening(desk: Desk) -> None:
    with desk.begin("admin") as work:
        tokens.add_token(work, "Central")


def test_a_token_is_shown_once_and_revoked(file_desk: Desk) -> None:
    app = open_page(file_desk, "admin", "admin/telephone.py")
    field(app, "text_input", "Nombre de la central").set_value("FreePBX")
    press(app, "Crear la llave")
    secret = app.code[1].value.removeprefix("Authorization: Bearer ")
    with file_desk.reading("system") as work:
        assert tokens.accepted(work, secret) is not None
    app.run()
    assert secret not in repr([each.value for each in app.code])
    press(app, "Revocar")
    assert "Revocada" in words(app)
    with file_desk.reading("system") as work:
        assert tokens.accepted(work, secret) is None


def test_a_token_without_a_name_is_refused_at_its_field(file_desk: Desk) -> None:
    app = press(open_page(file_desk, "admin", "admin/telephone.py"), "Crear la llave")
    assert "Escriba un nombre para la llave" in words(app)
    assert file_desk.rows("SELECT * FROM call_tokens") == []


def test_a_second_token_of_the_same_name_waits_until_the_first_is_revoked(file_desk: Desk) -> None:
    app = open_page(file_desk, "admin", "admin/telephone.py")
    for _press in range(2):  # as the two halves of a double click
        field(app, "text_input", "Nombre de la central").set_value("FreePBX")
        press(app, "Crear la llave")
    assert "Ya hay una llave vigente con ese nombre" in words(app)
    assert file_desk.rows("SELECT count(*) FROM call_tokens") == [(1,)]
    press(app, "Revocar")
    field(app, "text_input", "Nombre de la central").set_value("FreePBX")
    press(app, "Crear la llave")
    assert file_desk.rows("SELECT count(*) FROM call_tokens") == [(2,)]


def test_an_extension_belongs_to_one_person_and_stands_in_the_profile(file_desk: Desk) -> None:
    for who, typed, told in (("operator", " 301 ", ""), ("agent", "301", "Esa extensión ya es de Operator"),
                             ("agent", "3 1", "Escriba la extensión")):
        app = open_page(file_desk, "admin", "admin/users.py", id=str(file_desk.cast.users[who]))
        field(app, "text_input", "Extensión").set_value(typed)
        press(app, "Guardar")
        assert told in words(app)
    assert file_desk.rows("SELECT username, extension FROM users WHERE extension IS NOT NULL") == [("operator", "301")]
    app = open_page(file_desk, "operator", "account/profile.py")
    assert field(app, "text_input", "Extensión").value == "301"
    assert field(app, "text_input", "Extensión").disabled


def test_a_customer_has_no_extension(file_desk: Desk) -> None:
    app = open_page(file_desk, "admin", "admin/users.py", id=str(file_desk.cast.users["customer"]))
    assert "Extensión" not in [each.label for each in app.main.text_input]


def test_calls_now_are_listed_with_their_station_and_the_way_to_the_intake(file_desk: Desk) -> None:
    assert "No hay llamadas en curso" in words(open_page(file_desk, "analyst", "desk/live_calls.py"))
    ring(file_desk, caller="442 100 2001", users=("operator",))
    told = words(open_page(file_desk, "operator", "desk/live_calls.py"))
    assert "1 timbrando · 0 en conversación" in told
    assert "[442 100 2001](new_ticket?phone=4421002001)" in told
    assert "E05804 Juriquilla" in told
    ring(file_desk, EventKind.ANSWER, users=("operator",))
    told = words(open_page(file_desk, "analyst", "desk/live_calls.py"))
    assert "0 timbrando · 1 en conversación" in told
    assert "new_ticket" not in told


def test_the_notice_is_for_who_is_called_and_goes_when_put_away(file_desk: Desk) -> None:
    listening(file_desk)
    ring(file_desk, caller="442 100 2001", users=("operator",))
    ring(file_desk, caller="", users=("operator",), call_id="2")
    for who in ("agent", "manager", "analyst", "admin"):
        assert "Llama " not in words(open_page(file_desk, who, "desk/queues.py"))
    app = open_page(file_desk, "operator", "desk/queues.py")
    assert "Llama número oculto" in words(app)
    assert "Suena 1 llamada más" in words(app)
    press(app, "Ahora no")
    assert "Llama 442 100 2001" in words(app)
    assert "1 ticket abierto" in words(app)
    press(app, "Ahora no")
    assert "Llama " not in words(app)
    assert "Llama " not in words(open_page(file_desk, "operator", "desk/queues.py"))


def test_without_a_living_token_no_page_asks_for_calls(file_desk: Desk) -> None:
    ring(file_desk, caller="442 100 2001", users=("operator",))
    assert "Llama " not in words(open_page(file_desk, "operator", "desk/queues.py"))
