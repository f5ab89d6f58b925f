"""A watched folder: what the exchange's logs gain comes in by itself, once, rotated or not."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.access import SYSTEM
from core.config import get_settings
from core.exchange.imports import batches
from core.exchange.imports import folder as folder_module
from core.exchange.imports.folder import Watched
from core.exchange.imports.prepared import Prepared, Upload
from core.tickets import service
from core.work import Work
from tests.databases import Desk
from tests.exchange.test_import_calls import SAMPLE, assert_summaries_equal_a_recount
from tests.exchange.test_import_legs import ANSWERED, FORMED, LOG, MISSED
from tests.factories import new_ticket


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    place = tmp_path / "cdr"
    place.mkdir()
    monkeypatch.setenv("MESA_CALLS_DIR", str(place))
    monkeypatch.setattr(folder_module, "SETTLED", -1e12)  # whatever the desk's clock says
    get_settings.cache_clear()
    return place


def look(desk: Desk) -> tuple[int, list[Watched]]:
    count = folder_module.look()
    with desk.reading(SYSTEM) as work:
        return count, folder_module.watched(work)


def test_what_a_log_gained_comes_in_once(desk: Desk, folder: Path) -> None:
    log = folder / "Master.csv"
    log.write_text(MISSED)
    assert look(desk)[0] == 1
    assert look(desk)[0] == 0
    with log.open("a") as file:
        file.write(ANSWERED)
    assert look(desk)[0] == 1
    assert desk.rows(FORMED) == [(1, 10, 50, "302")]
    assert desk.rows("SELECT count(*) FROM call_legs") == [(2,)]
    assert_summaries_equal_a_recount(desk)


def test_half_a_line_waits_for_its_other_half(desk: Desk, folder: Path) -> None:
    log = folder / "Master.csv"
    log.write_text(MISSED + ANSWERED[:40])
    assert look(desk)[0] == 1
    assert desk.rows("SELECT count(*) FROM call_legs") == [(1,)]
    log.write_text(MISSED + ANSWERED)
    look(desk)
    assert desk.rows(FORMED) == [(1, 10, 50, "302")]


def test_a_call_that_ends_after_a_look_is_counted_then(desk: Desk, folder: Path) -> None:
    lines = LOG.splitlines(keepends=True)
    log = folder / "queue_log"
    for begin in range(len(lines)):
        log.write_text("".join(lines[:begin + 1]))
        look(desk)
    assert desk.rows("SELECT outcome, wait_s, talk_s FROM calls WHERE source LIKE 'asterisk%'") == [(1, 7, 53)]
    assert desk.rows("SELECT count(*) FROM call_legs") == [(3,)]
    assert_summaries_equal_a_recount(desk)


def test_a_long_log_is_read_in_steps_from_where_it_was_left(desk: Desk, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder_module, "STEP", 300)
    monkeypatch.setattr(folder_module, "AGAIN", 250)
    lines = [MISSED.replace("1706198400", str(1706198400 + number)).replace("SIP/t-1", f"SIP/t-{number}") for number in range(12)]
    (folder / "Master.csv").write_text("".join(lines))
    passes = 0
    while look(desk)[0]:
        passes += 1
    assert passes > 3
    assert desk.rows("SELECT count(*) FROM calls WHERE source = 'asterisk-cdr'") == [(12,)]
    assert desk.rows("SELECT count(*) FROM call_legs") == [(12,)]


def test_a_pass_ends_with_the_file_that_made_it_long(desk: Desk, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder_module, "STEP", len(MISSED))
    for number in range(3):
        (folder / f"Master.csv.{number}").write_text(MISSED.replace("1706198400", str(1706198400 + number))
                                                     .replace("SIP/t-1", f"SIP/t-{number}"))
    assert [look(desk)[0] for _turn in range(4)] == [1, 1, 1, 0]
    assert desk.rows("SELECT count(*) FROM calls WHERE source = 'asterisk-cdr'") == [(3,)]


def test_rotation_neither_loses_nor_doubles(desk: Desk, folder: Path) -> None:
    log = folder / "Master.csv"
    log.write_text(MISSED)
    look(desk)
    log.rename(folder / "Master.csv.1")
    log.write_text(ANSWERED.replace("1706198400", "1706198500"))
    count, files = look(desk)
    assert (count, sorted((each.name, each.new) for each in files)) == (1, [("Master.csv", 1), ("Master.csv.1", 1)])
    assert desk.rows("SELECT count(*) FROM calls WHERE source = 'asterisk-cdr'") == [(2,)]


def test_a_log_that_was_emptied_in_place_begins_anew(desk: Desk, folder: Path) -> None:
    log = folder / "Master.csv"
    log.write_text(MISSED + ANSWERED)
    look(desk)
    log.write_text(MISSED.replace("1706198400", "1706198500").replace("5512345678", "5587654321"))
    assert look(desk)[0] == 1
    assert desk.rows("SELECT count(*) FROM calls WHERE source = 'asterisk-cdr'") == [(2,)]


def test_a_table_is_read_whole_and_known_again(desk: Desk, folder: Path) -> None:
    table = folder / "llamadas.csv"
    table.write_bytes(SAMPLE)
    assert look(desk)[0] == 1
    count = desk.rows("SELECT count(*) FROM calls WHERE source = 'table'")
    table.write_bytes(SAMPLE + SAMPLE.splitlines(keepends=True)[-1])
    assert look(desk)[0] == 1
    assert desk.rows("SELECT count(*) FROM calls WHERE source = 'table'") == count
    assert count[0][0] > 5


def test_what_cannot_be_taken_is_told_and_the_others_come_in(desk: Desk, folder: Path) -> None:
    (folder / "a.pdf").write_bytes(b"%PDF-1.7 " + b"x" * 100)
    (folder / "Master.csv").write_text(MISSED)
    count, files = look(desk)
    told = {each.name: each.error for each in files}
    assert count == 2
    assert "PDF" in told["a.pdf"]
    assert told["Master.csv"] == ""
    assert look(desk)[0] == 0


def test_a_table_is_left_alone_while_it_may_still_be_copied(desk: Desk, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder_module, "SETTLED", 1e12)
    (folder / "llamadas.csv").write_bytes(SAMPLE[:300])
    (folder / "Master.csv").write_text(MISSED)
    assert look(desk)[0] == 1
    assert desk.rows("SELECT count(*) FROM calls WHERE source = 'table'") == [(0,)]


def test_what_the_disk_refuses_is_told_and_the_others_come_in(desk: Desk, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "Master.csv").write_text(MISSED)
    (folder / "cerrado.csv").write_text(MISSED)
    opened = Path.open

    def guarded(path: Path, mode: str = "r") -> object:
        if path.name == "cerrado.csv":
            raise PermissionError(13, "Permission denied")
        return opened(path, mode)

    monkeypatch.setattr(Path, "open", guarded)
    count, files = look(desk)
    told = {each.name: each.error for each in files}
    assert (count, told) == (1, {"Master.csv": "", "cerrado.csv": "El archivo no se puede leer."})


def test_nothing_is_watched_where_no_folder_is_named(desk: Desk) -> None:
    assert look(desk) == (0, [])


def test_others_write_while_a_file_is_read_and_of_two_readers_one_saves(
    file_desk: Desk, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "Master.csv").write_text(MISSED + ANSWERED)
    prepare, other = batches.prepare, []

    def slow(work: Work, upload: Upload) -> Prepared:
        if not other:
            other.append(0)
            with file_desk.begin("operator") as writing:
                service.create(writing, new_ticket(file_desk.cast))
            other[0] = folder_module.look()
        return prepare(work, upload)

    monkeypatch.setattr(folder_module.batches, "prepare", slow)
    assert (look(file_desk)[0], other) == (0, [1])
    assert file_desk.rows("SELECT count(*) FROM imports") == [(1,)]
    assert file_desk.rows(FORMED) == [(1, 10, 50, "302")]
