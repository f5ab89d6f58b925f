"""Letters about accounts: queued with their link, printed where no mail leaves."""

from __future__ import annotations

import pytest

from core.accounts import recovery
from core.accounts.recovery import Invitation
from core.config import get_settings
from core.notifications import letters, templates
from core.notifications.kinds import MailKind
from tests.databases import Desk


def invited(desk: Desk, who: str = "agent") -> Invitation:
    with desk.begin("admin") as work:
        made = recovery.invite(work, desk.cast.users[who])
        assert made.letter is not None
        letters.send(work, made.letter)
    return made


def test_an_invitation_is_queued_in_the_words_of_the_desk(desk: Desk) -> None:
    with desk.begin("admin") as work:
        templates.save_template(work, MailKind.INVITATION, "es", "Bienvenido a la mesa", "Hola {nombre}: {enlace}", version=0)
    made = invited(desk)
    [row] = desk.rows("SELECT kind, address, subject, body, expires_at - created_at FROM outbox")
    assert row == ("invitation", "agent@example.mx", "Bienvenido a la mesa", f"Hola Agent: {made.link}", 72 * 3600)


def test_the_letter_of_a_forgotten_password_says_the_same_as_the_console(desk: Desk) -> None:
    with desk.begin("system") as work:
        letter = recovery.forgotten(work, "agent", "")
        assert letter is not None
        letters.send(work, letter)
    assert desk.rows("SELECT kind, subject, body FROM outbox") == [("password", letter.subject, letter.body)]


@pytest.mark.sqlite_only
def test_the_console_prints_letters_only_where_no_mail_leaves(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    made = invited(desk)
    assert made.letter is not None
    letters.printed(made.letter)
    assert made.link in capsys.readouterr().err
    monkeypatch.setenv("SMTP_URL", "smtp://127.0.0.1:25")
    get_settings.cache_clear()
    letters.printed(made.letter)
    assert capsys.readouterr().err == ""
