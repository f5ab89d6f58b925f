"""The recovery list and the undocumented calls on the screen: what they say and what a click does."""

from __future__ import annotations

from datetime import timedelta

import pytest
from streamlit.testing.v1 import AppTest

from core.calls import service as calls
from core.calls.counting import Direction, Outcome
from core.calls.service import NewCall
from core.work import clock
from tests.databases import Desk
from tests.pages.opening import checked, open_page, words

MISSED, UNDOCUMENTED, INTAKE = "desk/missed_calls.py", "desk/undocumented.py", "desk/new_ticket.py"
KNOWN, UNKNOWN = "442 100 2001", "55 9999 8888"


def ring(desk: Desk, minutes: int, outcome: Outcome, caller: str = KNOWN, **more: object) -> int:
    with desk.begin("operator") as work:
        new = NewCall(clock() - timedelta(minutes=minutes), outcome, caller=caller, dialled="55 5550 7000", talk_s=60,
                      **more)  # type: ignore[arg-type]
        return calls.record_call(work, new)


def press(app: AppTest, label: str, place: int = 0) -> AppTest:
    [button for button in app.button if button.label == label][place].click()
    return checked(app.run())


def tiles(app: AppTest) -> list[str]:
    return [str(each.value) for each in app.metric]


def test_missed_callers_are_one_line_each_with_station_attempts_and_ways_to_act(file_desk: Desk) -> None:
    for minutes, caller in ((50, KNOWN), (40, UNKNOWN), (30, "044 442 100 2001"), (20, "anonymous"), (10, "")):
        ring(file_desk, minutes, Outcome.ABANDONED, caller)
    app = open_page(file_desk, "operator", MISSED)
    shown = words(app)
    assert shown.count("E05804 Juriquilla") == 1
    assert "2 intentos · el último hace 30 min" in shown
    assert "número desconocido" in shown
    assert tiles(app) == ["0 %", "—", "2", "2"]
    assert [button.label for button in app.button if button.label == "Devuelta"] == ["Devuelta"] * 2
    addresses = [str(each.proto.url) for each in app.get("link_button")]
    assert addresses == ["tel:+524421002001", "tel:+525599998888"]


def test_a_caller_who_was_reached_leaves_the_list_by_itself(file_desk: Desk) -> None:
    ring(file_desk, 60, Outcome.ABANDONED)
    ring(file_desk, 50, Outcome.TIMEOUT, UNKNOWN)
    ring(file_desk, 40, Outcome.ANSWERED)
    with file_desk.begin("operator") as work:
        calls.record_call(work, NewCall(clock() - timedelta(minutes=20), Outcome.ANSWERED, Direction.OUTBOUND, dialled=UNKNOWN))
    app = open_page(file_desk, "operator", MISSED)
    assert "nadie espera" in "\n".join(str(each.value) for each in app.success)
    assert tiles(app) == ["100 %", "25 min", "0", "0"]
    shown = words(open_page(file_desk, "manager", MISSED, state="recovered"))
    assert "Volvió a llamar y se le atendió · Operator · después de 20 min" in shown
    assert "Devuelta · Operator · después de 30 min" in shown


def test_a_mark_is_made_and_taken_back(file_desk: Desk) -> None:
    ring(file_desk, 60, Outcome.ABANDONED)
    app = press(open_page(file_desk, "operator", MISSED), "Devuelta")
    assert "442 100 2001 quedó marcada como devuelta." in words(app)
    assert tiles(app)[2] == "0"
    assert tiles(press(app, "Deshacer"))[2] == "1"
    app = press(app, "Número equivocado")
    assert tiles(app) == ["—", "—", "0", "0"]
    app = press(open_page(file_desk, "operator", MISSED, state="wrong_number"), "Volver a abrir")
    assert file_desk.rows("SELECT result FROM calls WHERE outcome = 2") == [(None,)]


def test_who_may_not_file_tickets_reads_only(file_desk: Desk) -> None:
    ring(file_desk, 60, Outcome.ANSWERED)
    ring(file_desk, 50, Outcome.ABANDONED)
    for page in (MISSED, UNDOCUMENTED):
        app = open_page(file_desk, "manager", page)
        assert "442 100 2001" in words(app)
        assert {button.label for button in app.button} & {"Devuelta", "Número equivocado", "No requiere ticket"} == set()
    for page in (MISSED, UNDOCUMENTED):
        assert "442" not in words(open_page(file_desk, "customer", page))


def test_only_the_calls_of_the_chosen_days_and_station_are_listed(file_desk: Desk) -> None:
    ring(file_desk, 60 * 24 * 20, Outcome.ABANDONED)
    ring(file_desk, 30, Outcome.ABANDONED, UNKNOWN)
    station = str(file_desk.cast.stations["north"])
    assert tiles(open_page(file_desk, "operator", MISSED))[2] == "1"
    assert tiles(open_page(file_desk, "operator", MISSED, period="30d"))[2] == "2"
    assert tiles(open_page(file_desk, "operator", MISSED, period="30d", station=station))[2] == "1"
    for broken in ({"period": "x", "station": "-1", "state": "y", "page": "99999"}, {"period": "2026-99"}):
        assert tiles(open_page(file_desk, "operator", MISSED, **broken))[2] == "1"


def test_own_calls_are_documented_with_one_click_each(file_desk: Desk) -> None:
    ring(file_desk, 60, Outcome.ANSWERED)
    ring(file_desk, 50, Outcome.ANSWERED, UNKNOWN)
    ring(file_desk, 40, Outcome.ANSWERED, operator="Otra Persona")
    assert "2 llamadas suyas por documentar" in words(open_page(file_desk, "operator", "desk/queues.py"))
    app = open_page(file_desk, "operator", UNDOCUMENTED)
    assert "**2** llamadas por documentar" in words(app)
    app = press(app, "No requiere ticket")
    assert "La llamada de 55 9999 8888: No requiere ticket." in words(app)
    assert "**1** llamada por documentar" in words(app)
    app = press(app, "Deshacer")
    assert "**2** llamadas por documentar" in words(app)
    app = open_page(file_desk, "operator", UNDOCUMENTED, operator="all")
    assert "**3** llamadas por documentar" in words(app)
    app = open_page(file_desk, "operator", UNDOCUMENTED, operator="=Otra Persona")
    assert "**1** llamada por documentar" in words(app)


def test_a_ticket_is_filed_from_a_call_and_linked_to_it(file_desk: Desk) -> None:
    missed = ring(file_desk, 60, Outcome.ABANDONED)
    app = open_page(file_desk, "operator", INTAKE, call=str(missed))
    fields = {each.label: each.value for each in app.text_input}
    assert fields["Estación de servicio *"] == "E05804 Juriquilla"
    assert fields["Teléfono"] == "442 100 2001"
    assert "quedará vinculado" in words(app)
    for label, text in (("Solicitante *", "Rosa Peña"), ("Asunto *", "Bomba"), ):
        next(each for each in app.text_input if each.label == label).set_value(text)
    app.text_area[0].set_value("No despacha.")
    next(radio for radio in app.radio if radio.label == "Tipo *").set_value("incident")
    next(box for box in app.selectbox if box.label == "Categoría *").set_value(file_desk.cast.categories["point_of_sale"])
    checked(app.run())
    press(app, "Guardar")
    [(number, counted, result)] = file_desk.rows("SELECT t.number, t.calls, c.result FROM calls c JOIN tickets t "
                                                 "ON t.id = c.ticket_id WHERE c.id = :c", c=missed)
    assert (counted, result) == (1, 1)
    shown = words(open_page(file_desk, "operator", MISSED, state="recovered"))
    assert f"ticket [{number}]" in shown


def test_a_half_written_ticket_is_not_written_over_by_a_call(file_desk: Desk) -> None:
    missed = ring(file_desk, 60, Outcome.ABANDONED)
    app = open_page(file_desk, "operator", INTAKE)
    next(each for each in app.text_input if each.label == "Asunto *").set_value("A medias")
    checked(app.run())
    app = open_page(file_desk, "operator", INTAKE, call=str(missed))
    fields = {each.label: each.value for each in app.text_input}
    assert (fields["Asunto *"], fields["Teléfono"]) == ("A medias", "")
    assert "Últimas llamadas" in words(app)
    app = press(app, "Descartarlo y usar la llamada")
    fields = {each.label: each.value for each in app.text_input}
    assert (fields["Asunto *"], fields["Teléfono"]) == ("", "442 100 2001")


@pytest.mark.parametrize("typed", ["4421002001", "+52 1 442 100 2001", "01 442 100 2001", "045 (442) 100-2001",
                                   "0052 442 100 2001", "521 442 100 2001", "044 442.100.2001"])
def test_a_pasted_number_shows_station_calls_and_tickets_at_once(file_desk: Desk, typed: str) -> None:
    ring(file_desk, 60, Outcome.ABANDONED)
    app = open_page(file_desk, "operator", INTAKE)
    next(each for each in app.text_input if each.label == "Estación de servicio *").set_value(typed)
    shown = words(checked(app.run()))
    for expected in ("E05804 Juriquilla", "Últimas llamadas", "Abandonada", "Bomba cuatro"):
        assert expected in shown, expected
    assert next(each for each in app.text_input if each.label == "Teléfono").value == "442 100 2001"


def test_an_unknown_number_says_so_and_stays_in_the_form(file_desk: Desk) -> None:
    app = open_page(file_desk, "operator", INTAKE, phone="5599998888")
    assert "Número desconocido" in words(app)
    assert next(each for each in app.text_input if each.label == "Teléfono").value == "5599998888"
    for text in ("E05804", "Pedro", "12345", "=cmd|x", "0" * 40):
        app = open_page(file_desk, "operator", INTAKE, phone=text, call="99999999")
        assert "Últimas llamadas" not in words(app)


def test_what_was_said_of_a_call_is_chosen_anew(file_desk: Desk) -> None:
    ring(file_desk, 60, Outcome.ANSWERED)
    press(open_page(file_desk, "operator", UNDOCUMENTED), "No requiere ticket")
    app = open_page(file_desk, "operator", UNDOCUMENTED, show="documented")
    assert "**1** llamada documentada" in words(app)
    assert "**No requiere ticket**" in words(app)
    assert "queda por documentar" in words(press(app, "Volver a documentar"))
    assert "**1** llamada por documentar" in words(open_page(file_desk, "operator", UNDOCUMENTED))
