"""The way out of a mail: in its head for mail programs, at its end for people; on no mail that one must get."""

from __future__ import annotations

import email
import re
from datetime import timedelta
from email.message import Message

import pytest

from core.config import get_settings
from core.notifications import composing, mailer, preferences
from core.notifications.sender import sender
from core.surveys import asking
from core.tickets import service
from core.work import clock
from tests.databases import Desk
from tests.subscriptions.subscribing import DUE, sent, subscribed


@pytest.fixture
def https(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MESA_BASE_URL", "https://mesa.example.mx")
    get_settings.cache_clear()


def composed(desk: Desk, kind: str) -> Message:
    """The newest mail of a kind as it goes over the wire."""
    desk.run("DELETE FROM outbox_files WHERE mail_id IN (SELECT id FROM outbox WHERE kind <> :kind)", kind=kind)
    desk.run("DELETE FROM outbox WHERE kind <> :kind", kind=kind)
    with desk.begin("system", clock() + timedelta(days=2)) as work:
        mail = mailer.take(work)
        assert mail is not None
        return email.message_from_bytes(composing.composed(mail, sender(work)))


def parts(message: Message) -> dict[str, str]:
    found = {}
    for part in message.walk():
        content = part.get_payload(decode=True)
        if part.get_content_maintype() == "text" and isinstance(content, bytes):
            found.setdefault(part.get_content_type(), content.decode())
    return found


def resolved(desk: Desk) -> None:
    with desk.begin("agent") as work:
        service.set_status(work, desk.cast.tickets["own"], "resolved")
    with desk.begin("system", clock() + timedelta(seconds=40)) as work:
        asking.ask(work)


def checked(desk: Desk, message: Message) -> str:
    """The token in the head, which is the one at the end of both parts."""
    link = message["List-Unsubscribe"]
    token = re.fullmatch(r"<https://mesa\.example\.mx/preferences/([A-Za-z0-9_-]+)>", link)
    assert token is not None
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert all(link.strip("<>") in text for text in parts(message).values())
    assert set(parts(message)) >= {"text/plain", "text/html"}
    return token[1]


@pytest.mark.usefixtures("https")
def test_a_survey_says_how_to_get_no_more_of_them(desk: Desk) -> None:
    resolved(desk)
    token = checked(desk, composed(desk, "survey"))
    with desk.begin("system") as work:
        preferences.stop(work, token)
    assert desk.rows("SELECT notify FROM users WHERE username = 'customer'")[0][0] is not None


@pytest.mark.usefixtures("https")
def test_a_report_says_how_to_end_it(desk: Desk) -> None:
    subscribed(desk)
    sent(DUE)
    desk.run("UPDATE outbox SET next_at = 0, since = :now", now=int(clock().timestamp()) + 86_400)
    checked(desk, composed(desk, "report"))


def test_without_https_the_one_click_is_not_promised(desk: Desk) -> None:
    resolved(desk)
    message = composed(desk, "survey")
    assert message["List-Unsubscribe"].startswith("<http://localhost:8501/preferences/")
    assert "List-Unsubscribe-Post" not in message


def test_a_mail_without_the_way_out_has_no_such_head(desk: Desk) -> None:
    resolved(desk)
    desk.run("UPDATE outbox SET unsubscribe = NULL")
    assert "List-Unsubscribe" not in composed(desk, "survey")
