"""What staff do to a ticket beyond replying, on its page: merging, undoing, splitting."""

from __future__ import annotations

from typing import Any

from streamlit.testing.v1 import AppTest

from core.tickets import merging, service
from core.tickets.lifecycle import Channel
from tests.databases import Desk
from tests.factories import new_ticket
from tests.pages.opening import checked, open_page, words

UNRELATED = "4"


def labelled(elements: Any, label: str) -> Any:
    return next(each for each in elements if each.label == label)


def press(app: AppTest, label: str) -> AppTest:
    labelled(app.button, label).click()
    return checked(app.run())


def second(desk: Desk) -> service.Filed:
    """A second ticket of the customer."""
    with desk.begin("customer") as work:
        return service.create(work, new_ticket(desk.cast, channel=Channel.PORTAL, subject="Otra vez la bomba"))


def test_a_ticket_is_merged_after_the_other_one_was_shown_and_given_back(file_desk: Desk) -> None:
    twin = second(file_desk)
    app = open_page(file_desk, "agent", "desk/ticket.py", number="1")
    assert labelled(app.button, "Unir a ese ticket").disabled
    labelled(app.number_input, "Unir al ticket número").set_value(twin.number)
    checked(app.run())
    assert "Otra vez la bomba" in words(app)
    press(app, "Unir a ese ticket")
    assert f"se unió al ticket {twin.number}" in words(app)
    assert [each.label for each in app.text_area] == []
    press(app, "Deshacer la unión")
    assert file_desk.rows("SELECT * FROM ticket_merges") == []
    assert labelled(app.text_area, "Su respuesta").value == ""


def test_the_surviving_ticket_shows_what_came_and_gives_it_back(file_desk: Desk) -> None:
    twin = second(file_desk)
    with file_desk.begin("agent") as work:
        service.reply(work, file_desk.cast.tickets["own"], "Ya lo vemos.")
        merging.merge(work, file_desk.cast.tickets["own"], twin.number)
    app = open_page(file_desk, "agent", "desk/ticket.py", number=str(twin.number))
    shown = words(app)
    assert "Del ticket 1" in shown
    assert "unió otro ticket a este (1)" in shown
    press(app, "Deshacer la unión de 1")
    assert file_desk.rows("SELECT * FROM ticket_merges") == []


def test_a_refused_merge_says_why(file_desk: Desk) -> None:
    app = open_page(file_desk, "agent", "desk/ticket.py", number="1")
    labelled(app.number_input, "Unir al ticket número").set_value(file_desk.cast.numbers["other_company"])
    checked(app.run())
    press(app, "Unir a ese ticket")
    assert "empresas distintas" in str([each.value for each in app.error]) + words(app)


def test_a_customer_is_led_to_the_surviving_ticket_and_has_no_tools(file_desk: Desk) -> None:
    twin = second(file_desk)
    with file_desk.begin("agent") as work:
        merging.merge(work, file_desk.cast.tickets["own"], twin.number)
    app = open_page(file_desk, "customer", "desk/ticket.py", number="1")
    assert f"Abrir el ticket {twin.number}" in words(app)
    assert [button.label for button in app.button if "unión" in button.label] == []
    app = open_page(file_desk, "customer", "desk/ticket.py", number=str(twin.number))
    assert "Bomba cuatro" in str([each.value for each in app.text])
    assert [each.label for each in app.number_input] == []
