"""Messages no browser would send: old buttons, hidden pages, other people's fragments. What a person may do is asked in core."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import select, update
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.WidgetStates_pb2 import WidgetState

from core.access import Role
from core.accounts.models import SignInSession, User
from core.audit import Event
from core.tickets.models import Ticket, TicketMessage
from tests.browser.conftest import Server
from tests.browser.wire import Answer, Wire, press, states, token, wire

SECRET = "Sospechamos del inversor"  # an internal note of the cast
HIDDEN = ("users", "imports", "audit", "overview", "calls", "tickets", "queues", "new_ticket")


def number(server: Server, name: str) -> int:
    """The number of a ticket of the cast."""
    with server.begin() as work:
        return work.session.get_one(Ticket, server.cast.tickets[name]).number


def life(server: Server) -> tuple[int, int, int]:
    """How many events and messages there are, and the sum of all versions: what any write would change."""
    with server.begin() as work:
        session = work.session
        return (len(session.scalars(select(Event.id)).all()), len(session.scalars(select(TicketMessage.id)).all()),
                sum(session.scalars(select(Ticket.version)).all()))


@pytest.fixture
def restored(server: Server) -> Iterator[None]:
    """People as they were before the test."""
    with server.begin() as work:
        before = {row.id: (row.role, row.active) for row in work.session.execute(select(User.id, User.role, User.active))}
    yield
    with server.begin() as work:
        for user, (role, active) in before.items():
            work.session.execute(update(User).where(User.id == user).values(role=role, active=active))


def reply_of(answer: Answer, text: str) -> list[WidgetState]:
    """The composer filled in."""
    return [WidgetState(id=answer.widget("text_area", "Su respuesta").id, string_value=text)]


def main_part(answer: Answer) -> list[str]:
    """What stands on the page beside the frame that every page has."""
    frame = {"button", "text_input", "menu_button", "html"}
    return [str(element) for element in answer.elements if element.WhichOneof("type") not in frame]


def pressed(tab: Wire, answer: Answer, button: str, *others: WidgetState, query: str) -> Answer:
    """A button of the page that was drawn, pressed in its fragment."""
    drawn = answer.widget("button", button)
    return tab.send(ClientState(page_script_hash=answer.pages["ticket"], query_string=query,
                                fragment_id=answer.fragments[drawn.id], widget_states=press(drawn, *others)))


def test_the_forged_click_itself_works_while_the_session_lives(server: Server) -> None:
    query = f"number={number(server, 'own')}"
    with wire(server, token(server, "operator")) as tab:
        answer = tab.open("ticket", query)
        before = life(server)
        pressed(tab, answer, "Responder", *reply_of(answer, "Va en camino el técnico."), query=query)
    assert life(server)[1] == before[1] + 1


@pytest.mark.parametrize("end", ["deactivated", "session ended", "session deleted"])
@pytest.mark.usefixtures("restored")
def test_an_old_button_of_somebody_who_is_out_does_nothing(server: Server, end: str) -> None:
    query = f"number={number(server, 'own')}"
    with wire(server, token(server, "operator")) as tab:
        answer = tab.open("ticket", query)
        with server.begin() as work:
            user = server.cast.users["operator"]
            if end == "deactivated":
                work.session.execute(update(User).where(User.id == user).values(active=False))
            elif end == "session ended":
                work.session.execute(update(SignInSession).where(SignInSession.user_id == user).values(ended_at=work.now))
            else:
                for session in work.session.scalars(select(SignInSession).where(SignInSession.user_id == user)):
                    work.session.delete(session)
        before = life(server)
        after = pressed(tab, answer, "Responder", *reply_of(answer, "Ya no debería."), query=query)
        again = tab.open("ticket", query)
    assert life(server) == before
    assert SECRET not in after.text + again.text


@pytest.mark.usefixtures("restored")
def test_an_old_button_is_refused_to_who_lost_the_permission(server: Server) -> None:
    query = f"number={number(server, 'own')}"
    with wire(server, token(server, "operator")) as tab:
        answer = tab.open("ticket", query)
        with server.begin() as work:
            work.session.execute(update(User).where(User.id == server.cast.users["operator"]).values(role=Role.ANALYST))
        before = life(server)
        pressed(tab, answer, "Responder", *reply_of(answer, "Ya no me toca."), query=query)
    assert life(server) == before


@pytest.mark.parametrize("page", HIDDEN)
def test_a_hidden_page_asked_for_by_name_or_by_its_hash_is_none(server: Server, page: str) -> None:
    with wire(server, token(server, "admin")) as tab:
        shown = tab.open(page)
    with wire(server, token(server, "customer")) as tab:
        own = tab.open("home")
        missing = tab.open("ticket", "number=0")
        forged = [tab.open(page), tab.send(ClientState(page_script_hash=own.pages[page]))]
    assert [element for element in shown.elements if element.WhichOneof("type") == "heading"]
    for answer in forged:
        assert answer.page == page
        assert main_part(answer) == main_part(missing) != main_part(shown)


def test_a_fragment_of_a_hidden_page_draws_nothing_for_a_stranger(server: Server) -> None:
    query = f"number={number(server, 'own')}"
    with wire(server, token(server, "operator")) as tab:
        staff = tab.open("ticket", query)
    assert SECRET in staff.text
    fragment = staff.fragments[staff.widget("button", "Responder").id]
    assert fragment
    sessions = (token(server, "customer"), token(server, "stranger"), None)
    before = life(server)
    for session in sessions:
        with wire(server, session) as tab:
            tab.open("home")
            # Streamlit says nothing at all to a fragment that this tab never drew.
            forged = tab.send(ClientState(page_script_hash=staff.pages["ticket"], query_string=query, fragment_id=fragment,
                                          widget_states=press(staff.widget("button", "Responder"), *reply_of(staff, "Ajeno"))),
                              silence=2.0)
            direct = tab.open("ticket", query, widget_states=press(staff.widget("button", "Asignármelo")))
        assert SECRET not in forged.text + direct.text
    assert life(server) == before


def test_a_customer_cannot_choose_what_is_not_offered(server: Server) -> None:
    query = f"number={number(server, 'own')}"
    with wire(server, token(server, "operator")) as tab:
        staff = tab.open("ticket", query)
    kind, status, owner = (staff.widget("radio", "Clase"), staff.widget("selectbox", "Estatus"),
                           staff.widget("selectbox", "Propietario"))
    forged = states(WidgetState(id=kind.id, int_value=1), WidgetState(id=status.id, string_value="Cancelado"),
                    WidgetState(id=owner.id, string_value="Agent"))
    with wire(server, token(server, "customer")) as tab:
        tab.open("ticket", query)
        before = life(server)
        answer = tab.open("ticket", query, widget_states=forged)
    assert SECRET not in answer.text
    assert life(server) == before
