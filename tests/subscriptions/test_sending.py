"""What is due is sent once, to its person, with what that person may see at that moment."""

from __future__ import annotations

import csv
import io
from datetime import datetime, timedelta
from typing import Any

import pytest
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from core import files as store
from core import jobs
from core.access import Role
from core.db import rank
from core.errors import NotFound
from core.notifications import outbox
from core.subscriptions import making, sending, service
from core.subscriptions.service import Wish
from core.tickets import queries, views
from core.tickets.filters import Filters
from core.work import Work
from tests.databases import Desk
from tests.subscriptions.subscribing import DAILY, DUE, MADE, mails, sent, state, subscribed, viewed


def attached(desk: Desk) -> list[tuple[str, bytes]]:
    return [(name, store.read(file_id)) for file_id, name in desk.rows("SELECT file_id, name FROM outbox_files ORDER BY mail_id")]


def test_a_report_leaves_at_its_time_with_figures_file_and_the_way_to_end_it(desk: Desk) -> None:
    number = subscribed(desk)
    assert sent(DUE - timedelta(seconds=1)) == 0
    assert sent() == 1
    [(address, subject, text, ending)] = mails(desk)
    assert address == "manager@example.mx"
    assert subject == "Relación de tickets atendidos: 25 nov 2026"
    assert "/reports?kind=attended&period=2026-11-25..2026-11-25" in text
    assert f"/preferences/{ending}" in text
    [(name, content)] = attached(desk)
    assert name == "relación-de-tickets-atendidos-2026-11-25.xlsx"
    assert CalamineWorkbook.from_filelike(io.BytesIO(content)).sheet_names
    assert state(desk, number) == ("sent", False, DUE + timedelta(days=1))
    assert desk.rows("SELECT actor_id FROM events WHERE action = 'report_sent'") == [(desk.cast.users["manager"],)]


@pytest.mark.parametrize("report", ["attended", "received", "missed"])
def test_every_relacion_comes_as_pdf_of_the_month_before(desk: Desk, report: service.Report) -> None:
    subscribed(desk, Wish(report, format="pdf", every="monthly", day=1, hour=7))
    assert sent(MADE + timedelta(days=7)) == 1
    assert f"/reports?kind={report}&period=2026-11..2026-11" in mails(desk)[0][2]
    [(_name, content)] = attached(desk)
    assert "noviembre de 2026" in PdfReader(io.BytesIO(content)).pages[0].extract_text()


def test_a_saved_view_is_the_export_of_its_tickets(desk: Desk) -> None:
    wish = viewed(desk, status="open", sort="priority", asc="1")
    subscribed(desk, wish, "analyst")
    assert sent() == 1
    [(name, content)] = attached(desk)
    assert name == "mis-abiertos-2026-11-26.csv"
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    with desk.reading("analyst") as work:
        expected = set(queries.page(work, Filters(status=("open",))).rows["number"])
    assert {int(row["No. Ticket"]) for row in rows} == expected
    assert f"Tickets: {len(expected)}" in mails(desk)[0][2]


def test_mine_is_whoever_gets_it(desk: Desk) -> None:
    wish = viewed(desk, "analyst", shared=True, mine="1")
    subscribed(desk, wish, "agent")
    subscribed(desk, wish, "operator")
    desk.run("UPDATE tickets SET owner_id = :me, owner_name = 'Agent' WHERE id = :id", me=desk.cast.users["agent"],
             id=desk.cast.tickets["own"])
    desk.run("UPDATE tickets SET owner_id = NULL WHERE id <> :id", id=desk.cast.tickets["own"])
    assert sent() == 2
    lines = [len(content.decode("utf-8-sig").strip().splitlines()) - 1 for _name, content in attached(desk)]
    assert lines == [1, 0]


def test_it_is_sent_once_whoever_asks_and_however_often(desk: Desk) -> None:
    subscribed(desk)
    assert [sent(), sent(), sent(DUE + timedelta(hours=2))] == [1, 0, 0]
    assert sent(DUE + timedelta(days=1)) == 1
    assert len(mails(desk)) == 2


@pytest.mark.postgresql_only
def test_two_workers_that_made_the_same_report_queue_one(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    _both(desk, monkeypatch)


def test_two_workers_on_one_file_queue_one(file_desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    _both(file_desk, monkeypatch)


def _both(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    subscribed(desk)
    made, other = making.made, []

    def slow(work: Work, wish: Wish, due: datetime) -> making.Made:
        if not other:
            other.append(0)
            other[0] = sending.send_due(DUE)  # another worker, while this one makes the file
        return made(work, wish, due)

    monkeypatch.setattr(making, "made", slow)
    assert sent() == 0
    assert other == [1]
    assert len(mails(desk)) == 1


def test_a_worker_that_dies_before_its_commit_has_sent_nothing_and_the_next_one_does(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = subscribed(desk)
    queue = outbox.queue

    def dying(*args: Any, **named: Any) -> None:
        assert queue(*args, **named) is not None
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(outbox, "queue", dying)
        with pytest.raises(KeyboardInterrupt):
            sent()
    assert mails(desk) == []
    assert state(desk, number) == ("", False, DUE)
    assert sent() == 1


def test_missed_days_are_one_report_of_the_latest(desk: Desk) -> None:
    number = subscribed(desk)
    assert sent(DUE + timedelta(days=3, hours=5)) == 1
    assert "28 nov 2026" in mails(desk)[0][1]
    assert state(desk, number)[2] == DUE + timedelta(days=4)


def test_a_view_that_is_gone_pauses_and_says_so_once(desk: Desk) -> None:
    wish = viewed(desk)
    number = subscribed(desk, wish, "analyst")
    with desk.begin("analyst") as work:
        assert wish.view_id is not None
        views.delete_view(work, wish.view_id)
    assert [sent(), sent(DUE + timedelta(days=1))] == [0, 0]
    assert state(desk, number)[:2] == ("view_gone", True)
    [(_address, subject, text, _ending)] = mails(desk)
    assert "pausa" in subject
    assert "/profile" in text
    assert attached(desk) == []


def test_a_view_that_is_no_longer_shared_sends_nothing(desk: Desk) -> None:
    wish = viewed(desk, "manager", shared=True)
    number = subscribed(desk, wish, "operator")
    desk.run("UPDATE saved_views SET shared = false")
    assert sent() == 0
    assert state(desk, number)[:2] == ("view_gone", True)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("UPDATE users SET role = :role WHERE username = 'manager'", 1),
        ("UPDATE users SET active = false WHERE username = 'manager'", 0),
    ],
)
def test_who_lost_the_right_gets_no_report(desk: Desk, change: str, told: int) -> None:
    number = subscribed(desk)
    desk.run(change, **({"role": rank(Role.CUSTOMER)} if told else {}))
    assert sent() == 0
    assert state(desk, number)[:2] == ("no_right", True)
    assert len(mails(desk)) == told
    assert attached(desk) == []


def test_who_has_no_address_any_more_is_tried_again_the_next_time(desk: Desk) -> None:
    number = subscribed(desk)
    desk.run("UPDATE users SET email = NULL WHERE username = 'manager'")
    assert sent() == 0
    assert state(desk, number) == ("no_address", False, DUE + timedelta(days=1))


def test_a_large_file_stays_here_and_the_mail_says_where(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "ATTACHED", 100)
    number = subscribed(desk)
    assert sent() == 1
    assert attached(desk) == []
    assert "demasiado grande" in mails(desk)[0][2]
    assert state(desk, number)[0] == "linked"


def test_what_could_not_be_made_is_tried_again_for_a_day_and_sent_once(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    number = subscribed(desk)

    def breaking(*_about: object) -> int:
        raise ZeroDivisionError

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(making.files, "write", breaking)
        assert sending.send_due(DUE) == 0
        again = DUE + sending.PAUSE
        assert state(desk, number) == ("failed", False, again)
        assert sending.send_due(again) == 0
    assert sending.send_due(again + sending.PAUSE) == 1
    assert state(desk, number) == ("sent", False, DUE + timedelta(days=1))
    assert [dedupe for (dedupe,) in desk.rows("SELECT dedupe FROM outbox")] == [f"report:{number}:{int(DUE.timestamp())}"]


def test_what_cannot_be_made_for_a_day_waits_for_its_next_time(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    number = subscribed(desk)

    def breaking(*_about: object) -> int:
        raise ZeroDivisionError

    monkeypatch.setattr(making.files, "write", breaking)
    moment = DUE
    while moment < DUE + timedelta(days=1):
        assert sending.send_due(moment) == 0
        [(moment,)] = [(state(desk, number)[2],)]
    assert moment == DUE + timedelta(days=1)


def test_a_report_from_before_a_restore_waits_for_somebody(desk: Desk) -> None:
    subscribed(desk)
    with desk.begin("system", DUE + timedelta(hours=3)) as work:
        outbox.hold_all(work)
    sending.send_due(DUE + timedelta(hours=3, minutes=1))
    assert desk.rows("SELECT kind, state FROM outbox") == [("report", 3)]


def test_one_report_that_breaks_keeps_no_other_back(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    broken, well = subscribed(desk), subscribed(desk, who="analyst")
    write = making.files.write

    def breaking(work: Work, *args: object) -> int:
        if work.actor.username == "manager":
            raise ZeroDivisionError
        return write(work, *args)  # type: ignore[arg-type]

    monkeypatch.setattr(making.files, "write", breaking)
    assert sent() == 1
    assert state(desk, broken)[:2] == ("failed", False)
    assert state(desk, well)[0] == "sent"


def test_the_words_are_in_the_persons_language(desk: Desk) -> None:
    desk.run("UPDATE users SET locale = 'en' WHERE username = 'manager'")
    subscribed(desk)
    sent()
    assert mails(desk)[0][1].startswith("Report of tickets attended: ")


def test_nothing_temporary_is_left(desk: Desk) -> None:
    subscribed(desk)
    sent()
    folder = making.get_settings().data_dir / "exports"
    assert list(folder.iterdir()) == []


def test_trying_it_sends_at_once_and_leaves_its_times(desk: Desk) -> None:
    number = subscribed(desk)
    with desk.begin("manager") as work:
        service.pause(work, number)
    before = state(desk, number)[2]
    assert sending.send_now(desk.actor("manager"), number, MADE) == "sent"
    assert sending.send_now(desk.actor("manager"), number, MADE + timedelta(seconds=5)) == "sent"
    assert len(mails(desk)) == 1
    assert state(desk, number)[1:] == (True, before)
    with pytest.raises(NotFound):
        sending.send_now(desk.actor("analyst"), number, MADE)


def test_the_job_is_in_the_pass(desk: Desk) -> None:
    subscribed(desk)
    assert jobs.once(now=DUE)["reports"] == 1


def test_a_report_that_was_asked_for_twice_at_once_is_one_subscription(desk: Desk) -> None:
    with desk.begin("manager") as work:
        first = service.subscribe(work, DAILY, key="k")
    with desk.begin("manager") as work:
        assert service.subscribe(work, DAILY, key="k") == first
