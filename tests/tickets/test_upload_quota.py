"""Nobody fills the disk: what one person attaches in an hour is limited, in files and in megabytes."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core import files
from core.errors import FileRefused
from core.tickets import service
from core.tickets.lifecycle import Channel
from tests.databases import Desk
from tests.factories import PDF, START, new_ticket

NOW = START + timedelta(days=1)


def attach(desk: Desk, who: str, count: int, minutes: int = 0) -> None:
    with desk.begin(who, NOW + timedelta(minutes=minutes)) as work:
        service.reply(
            work, desk.cast.tickets["own"], "Van las fotos.", attachments=[(f"foto{n}.pdf", PDF) for n in range(count)]
        )


def test_files_beyond_the_number_of_an_hour_are_refused_and_the_text_is_not_saved_either(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "MAX_HOURLY_FILES", 3)
    attach(desk, "customer", 2)
    before = desk.rows("SELECT count(*) FROM ticket_messages")
    with pytest.raises(FileRefused, match="3"):
        attach(desk, "customer", 2, minutes=59)
    assert desk.rows("SELECT count(*) FROM ticket_messages") == before
    attach(desk, "customer", 1, minutes=59)


def test_an_hour_later_there_is_room_again_and_others_always_have_their_own(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_HOURLY_FILES", 2)
    attach(desk, "customer", 2)
    attach(desk, "operator", 2)
    attach(desk, "customer", 2, minutes=61)


def test_megabytes_count_too_and_a_new_request_counts_like_a_reply(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_HOURLY_SIZE", 3 * len(PDF))
    attach(desk, "customer", 2)
    request = new_ticket(desk.cast, channel=Channel.PORTAL, files=[("a.pdf", PDF), ("b.pdf", PDF)])
    with pytest.raises(FileRefused), desk.begin("customer", NOW) as work:
        service.create(work, request)
