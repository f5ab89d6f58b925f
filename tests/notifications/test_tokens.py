"""An answer finds its ticket by a token that nobody can make up."""

from __future__ import annotations

import pytest

from core.config import get_settings
from core.notifications import tokens
from core.notifications.sender import Sender
from core.notifications.tokens import ReplyTo, reply_token, ticket_of
from tests.databases import Desk
from tests.notifications.mails import queued


def test_a_token_belongs_to_one_address_and_one_ticket(desk: Desk) -> None:
    own, other = desk.cast.tickets["own"], desk.cast.tickets["same_company"]
    with desk.begin("system") as work:
        token = reply_token(work, own, "Customer@example.mx")
        assert token == reply_token(work, own, "customer@example.mx ")
        assert len({token, reply_token(work, own, "x@example.mx"), reply_token(work, other, "customer@example.mx")}) == 3
        assert (len(token), token.lower()) == (52, token)
        assert ticket_of(work, token) == ReplyTo(own, "customer@example.mx", desk.cast.users["customer"])
        assert ticket_of(work, f" {token.upper()} ") == ticket_of(work, token)
        assert ticket_of(work, reply_token(work, own, "x@example.mx")) == ReplyTo(own, "x@example.mx", None)


@pytest.mark.parametrize("change", [lambda t: t[:-1], lambda t: t + "a", lambda t: ("b" if t[0] == "a" else "a") + t[1:],
                                    lambda _t: "", lambda _t: "ñ" * 52])
def test_another_text_is_no_token(desk: Desk, change) -> None:  # type: ignore[no-untyped-def]
    with desk.begin("system") as work:
        assert ticket_of(work, change(reply_token(work, desk.cast.tickets["own"], "customer@example.mx"))) is None


@pytest.mark.sqlite_only
def test_a_row_that_the_desk_did_not_sign_opens_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    with desk.begin("system") as work:
        token = reply_token(work, desk.cast.tickets["own"], "customer@example.mx")
    desk.run("UPDATE mail_tokens SET ticket_id = :other", other=desk.cast.tickets["other_company"])
    with desk.reading("system") as work:
        assert ticket_of(work, token) is None
    desk.run("UPDATE mail_tokens SET ticket_id = :own", own=desk.cast.tickets["own"])
    monkeypatch.setenv("MESA_SECRET_KEY", "ab" * 32)
    get_settings.cache_clear()
    with desk.reading("system") as work:
        assert ticket_of(work, token) is None


@pytest.mark.sqlite_only
def test_two_people_with_one_address_are_nobody_unless_one_of_them_asked(desk: Desk) -> None:
    desk.run("UPDATE users SET email = 'caja@example.mx' WHERE username IN ('customer', 'neighbour')")
    with desk.begin("system") as work:
        for relation, whose in (("own", "customer"), ("same_company", "neighbour"), ("unrelated", None)):
            found = ticket_of(work, reply_token(work, desk.cast.tickets[relation], "caja@example.mx"))
            assert found is not None
            assert found.user_id == (desk.cast.users[whose] if whose else None)


@pytest.mark.sqlite_only
def test_the_token_stands_in_the_name_of_the_message_and_where_answers_go(desk: Desk) -> None:
    own = desk.cast.tickets["own"]
    with desk.begin("system") as work:
        token = reply_token(work, own, "customer@example.mx")
        queued(work, "customer@example.mx", ticket_id=own, reply_token=token)
    [(name,)] = desk.rows("SELECT message_id FROM outbox")
    assert name.startswith(f"<t.{token}.")
    assert tokens.thread_id(token, "mesa.example") == f"<t.{token}.0@mesa.example>"
    assert Sender("x", "soporte@mesa.example").reply_to(token) == f"soporte+{token}@mesa.example"
    assert Sender("x", "mesa.de.ayuda.general@mesa.example").reply_to(token) == "mesa.de.ayuda.general@mesa.example"
