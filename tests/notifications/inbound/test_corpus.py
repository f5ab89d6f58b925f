"""Real messages of others go the whole way: none fails, and no machine opens anything."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.notifications.inbound import taking
from tests.databases import Desk

CORPUS = Path(__file__).parents[4] / "shared/data/mail"
pytestmark = [pytest.mark.skipif(not CORPUS.is_dir(), reason="the shared data are not here"), pytest.mark.sqlite_only]


def taken(folder: str) -> None:
    for path in files(folder):
        taking.receive(path.read_bytes())


def files(folder: str) -> list[Path]:
    return sorted(path for path in (CORPUS / folder).rglob("*") if path.is_file())


@pytest.mark.parametrize("folder", ["cpython", "django_helpdesk", "redmine", "reply_text_en", "reply_trimmer", "sisimai",
                                    "talon_replies"])
def test_no_message_fails(desk: Desk, monkeypatch: pytest.MonkeyPatch, folder: str) -> None:
    monkeypatch.setattr(taking, "HOURLY", 1_000)
    taken(folder)
    assert desk.rows("SELECT count(*) FROM inbound_mails WHERE state = 1 OR reason IN ('failed', 'refused', 'unreadable') "
                     "OR attempts <> 1") == [(0,)]
    assert desk.rows("SELECT count(*) FROM inbound_mails")[0][0] >= len({path.read_bytes() for path in files(folder)}) * 0.6


def test_returned_mails_and_automatic_answers_open_nothing(desk: Desk) -> None:
    before = desk.rows("SELECT count(*) FROM tickets")[0][0]
    taken("sisimai")
    opened = desk.rows("SELECT requester_email FROM tickets ORDER BY id LIMIT 10 OFFSET :n", n=before)
    assert opened == [("shironeko@example.com",)]  # not__is-not-bounce-01.eml
    assert desk.rows("SELECT count(*) FROM outbox") == [(0,)]
    assert desk.rows("SELECT count(*) FROM bad_addresses") == [(0,)]
