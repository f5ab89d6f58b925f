"""Each kind of mail as a server gets it: both parts, the number, the link, the thread, and where answers go."""

from __future__ import annotations

from email.header import decode_header, make_header
from email.message import Message

import pytest
import yagmail

from core.i18n.catalogue import LOCALES
from core.notifications import mailer, preferences, smtp, templates
from core.notifications.kinds import SECRET, MailKind
from core.notifications.sender import ADDRESS, Sender, server
from core.notifications.tokens import reply_token, ticket_of
from core.notifications.wording import WORDINGS
from tests.databases import Desk
from tests.factories import START
from tests.notifications.mails import queued
from tests.notifications.servers import Mailbox, serving

pytestmark = pytest.mark.sqlite_only
SITE = "http://localhost:8501"
LINKS = {MailKind.SURVEY: "/survey/", MailKind.REPORT: "/reports?", MailKind.REPORT_PAUSED: "/profile",
         MailKind.UNDECIDED: "/mail?part=received", MailKind.INVITATION: "/?key=", MailKind.PASSWORD: "/?key="}

OF_THE_DESK = {MailKind.REPORT, MailKind.REPORT_PAUSED, MailKind.UNDECIDED}  # about no ticket


def parts(mail: Message) -> tuple[str, str]:
    """Plain text and HTML."""
    plain, html = (part.get_payload(decode=True) for part in mail.walk() if not part.is_multipart())
    assert isinstance(plain, bytes)
    assert isinstance(html, bytes)
    return plain.decode(), html.decode()


@pytest.mark.parametrize("language", LOCALES)
def test_every_kind_is_whole(desk: Desk, monkeypatch: pytest.MonkeyPatch, language: str) -> None:
    own = desk.cast.tickets["own"]
    with desk.begin("system", START) as work:
        work.set_setting(ADDRESS, "soporte@mesa.example")
        token = reply_token(work, own, "agent@example.mx")
        for kind in WORDINGS:
            made = templates.preview(templates.default(kind, language))
            about = {} if kind in SECRET else {"ticket_id": own, "reply_token": token}
            queued(work, "agent@example.mx", kind=kind, language=language, subject=made.subject, text=made.text, html=made.html,
                   dedupe=kind.value, **about)
    with serving(monkeypatch, Mailbox()) as box:
        assert mailer.send_due(START) == len(WORDINGS)
    assert len({mail["Message-ID"] for _from, _to, mail in box.mails}) == len(WORDINGS)
    for kind, (_from, _to, mail) in zip(WORDINGS, box.mails, strict=True):
        _is_whole(mail, kind, language)
        if kind in SECRET:
            assert (mail["Reply-To"], mail["References"]) == ("soporte@mesa.example", None)
            continue
        assert kind in OF_THE_DESK or "11768" in str(make_header(decode_header(mail["Subject"])))
        assert mail["In-Reply-To"] == mail["References"] == f"<t.{token}.0@mesa.example>"
        with desk.reading("system") as work:
            for found in (mail["Reply-To"].partition("+")[2].partition("@")[0], mail["Message-ID"].split(".")[1]):
                reply_to = ticket_of(work, found)
                assert reply_to is not None
                assert reply_to.ticket_id == own


def _is_whole(mail: Message, kind: MailKind, language: str) -> None:
    assert not mail.defects
    assert mail.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in mail.get_payload()] == ["text/plain", "text/html"]  # type: ignore[union-attr]
    plain, html = parts(mail)
    for text in (plain, html):
        assert SITE + LINKS.get(kind, "/ticket?number=11768") in text.replace("&amp;", "&")
    assert f'lang="{language}"' in html
    assert mail["Content-Language"] == language
    assert ("/preferences/" in plain) is (kind in preferences.NOTICES or kind is MailKind.REPORT)
    assert kind not in SECRET or kind not in preferences.NOTICES
    assert (mail["Auto-Submitted"], mail["MIME-Version"], bool(mail["Date"])) == ("auto-generated", "1.0", True)


def test_the_line_to_the_server_is_yagmails(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(monkeypatch, Mailbox()):
        found = server()
        assert found is not None
        connection = smtp.connect(found, Sender("Mesa", "soporte@mesa.example"))
        try:
            assert isinstance(connection._client, yagmail.SMTP)
        finally:
            connection.close()
