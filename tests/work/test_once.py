"""Twice the same form, at once or one after the other, is one command."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from core.errors import Conflict
from core.tickets import service
from tests.databases import Desk
from tests.factories import new_ticket
from tests.tickets import recount


def test_the_same_key_again_gives_the_ticket_of_the_first_time(desk: Desk) -> None:
    found = []
    for _time in range(2):
        with desk.begin("operator") as work:
            found.append(service.create(work, new_ticket(desk.cast), key="form-1"))
    assert found[0] == found[1]
    assert desk.rows("SELECT count(*) FROM tickets") == [(5,)]
    with desk.begin("operator") as work:
        assert service.create(work, new_ticket(desk.cast), key="form-2") != found[0]


def test_a_key_answers_only_to_the_person_who_used_it(desk: Desk) -> None:
    found = []
    for who in ("operator", "agent"):
        with desk.begin(who) as work:
            found.append(service.create(work, new_ticket(desk.cast), key="form-1").number)
    assert found == [5, 6]


def test_a_reply_sent_twice_is_said_once(desk: Desk) -> None:
    changed = []
    for _time in range(2):
        with desk.begin("agent") as work:
            changed.append(service.reply(work, desk.cast.tickets["own"], "Listo", key="form-1", version=2))
    assert changed[0] == changed[1]
    assert desk.rows("SELECT count(*) FROM ticket_messages WHERE body = 'Listo'") == [(1,)]


def test_a_refused_command_does_not_use_up_its_key(desk: Desk) -> None:
    with pytest.raises(Exception, match="asunto"), desk.begin("operator") as work:
        service.create(work, new_ticket(desk.cast, subject=""), key="form-1")
    with desk.begin("operator") as work:
        assert service.create(work, new_ticket(desk.cast), key="form-1").number == 5


def at_once(*commands: Callable[[], object]) -> list[object]:
    """What comes of commands in threads of their own; errors are results too."""

    def run(command: Callable[[], object]) -> object:
        try:
            return command()
        except Exception as error:
            return error

    with ThreadPoolExecutor(len(commands)) as pool:
        return list(pool.map(run, commands))


def test_a_double_click_on_two_connections_makes_one_ticket(file_desk: Desk) -> None:
    def click(wait: float) -> Callable[[], object]:
        def command() -> object:
            time.sleep(wait)
            with file_desk.begin("operator") as work:
                filed = service.create(work, new_ticket(file_desk.cast), key="form-1")
                time.sleep(0.4)  # the first one is still at work when the second comes
                return filed

        return command

    first, second = at_once(click(0), click(0.25))
    assert first == second
    assert file_desk.rows("SELECT count(*) FROM tickets") == [(5,)]


def test_eight_people_filing_at_once_get_numbers_without_gap_or_double(file_desk: Desk) -> None:
    def file_twenty() -> list[int]:
        numbers = []
        for _time in range(20):
            with file_desk.begin("operator") as work:
                numbers.append(service.create(work, new_ticket(file_desk.cast)).number)
        return numbers

    results = at_once(*[file_twenty] * 8)
    assert [result for result in results if isinstance(result, Exception)] == []
    assert sorted(number for result in results for number in result) == list(range(5, 165))  # type: ignore[attr-defined]
    recount.check(file_desk)


@pytest.mark.postgresql_only
def test_numbers_have_no_gap_on_a_database_server_either(desk: Desk) -> None:
    def file_five() -> list[int]:
        numbers = []
        for _time in range(5):
            with desk.begin("operator") as work:
                numbers.append(service.create(work, new_ticket(desk.cast)).number)
        return numbers

    results = at_once(*[file_five] * 6)
    assert [result for result in results if isinstance(result, Exception)] == []
    assert sorted(number for result in results for number in result) == list(range(5, 35))  # type: ignore[attr-defined]
    recount.check(desk)


@pytest.mark.postgresql_only
def test_a_double_click_on_a_database_server_makes_one_ticket(desk: Desk) -> None:
    barrier = threading.Barrier(2)

    def click() -> object:
        barrier.wait()
        with desk.begin("operator") as work:
            filed = service.create(work, new_ticket(desk.cast), key="form-1")
            time.sleep(0.2)
            return filed

    results = at_once(click, click)
    assert desk.rows("SELECT count(*) FROM tickets") == [(5,)]
    assert results[0] == results[1]


def test_of_two_changes_of_the_same_version_at_once_one_is_refused(file_desk: Desk) -> None:
    barrier = threading.Barrier(2)

    def change(priority: str) -> Callable[[], object]:
        def command() -> object:
            barrier.wait()
            with file_desk.begin("agent") as work:
                return service.set_priority(work, file_desk.cast.tickets["own"], priority, version=2)

        return command

    results = at_once(change("high"), change("critical"))
    assert sorted(isinstance(result, Conflict) for result in results) == [False, True]
    assert file_desk.rows("SELECT version FROM tickets WHERE id = 1") == [(3,)]


def test_readers_are_not_held_up_by_a_writer(file_desk: Desk) -> None:
    with file_desk.begin("operator") as work:
        service.create(work, new_ticket(file_desk.cast))
        work.session.flush()
        begin = time.monotonic()
        [seen] = at_once(lambda: file_desk.rows("SELECT count(*) FROM tickets"))
        assert seen == [(4,)], "and see what is committed"
        assert time.monotonic() - begin < 1
