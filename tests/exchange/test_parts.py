"""A file that is read in parts says what it says as a whole, wherever the parts are cut."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from core.calls.counting import CountingRules
from core.errors import ImportRefused
from core.exchange.imports import batches, calls
from core.exchange.imports.prepared import Kind, Prepared, Upload
from core.exchange.imports.reading import Table, read_parts, read_table
from core.exchange.imports.seen import Seen
from core.exchange.imports.table import joined
from tests.databases import Desk
from tests.exchange.test_import_calls import assert_summaries_equal_a_recount, load

HEADER = "Folio,Fecha y hora,Teléfono,Resultado,Espera,Conversación\n"
cells = st.sampled_from(["a", "1", ",", ";", '"', '""', "\n", "\r\n", " ", "ñ", "\x85", "b\n", "x,y\n", '"q\nr",z\n'])


def told(table: Table) -> list[object]:
    return [[(number, [cell for cell in row if cell]) for number, row in table.rows], table.widths.tolist(),
            sorted((each.row, each.reason) for each in table.rejected)]


@settings(max_examples=300, deadline=None)
@given(st.lists(cells, min_size=1, max_size=80).map("".join), st.integers(401, 460))
@example('"open,3\n4,5\n6,7\n', 403)
@example('"1\n2\n3",4\n5,6\n', 405)
@example('"' + "1\n" * 60 + '2",3\n', 405)
def test_parts_together_are_the_whole(text: str, size: int) -> None:
    data = ("a,b\n" * 100 + text).encode()  # the first part tells how many fields most rows have
    parts = list(read_parts(data, "x.csv", separator=",", size=size))
    assert told(joined(parts)) == told(read_table(data, "x.csv", header=False, separator=","))


def in_parts(monkeypatch: pytest.MonkeyPatch, text: str | bytes, size: int = 150, **given: object) -> Prepared:
    monkeypatch.setattr(calls, "read_parts", partial(read_parts, size=size))
    data = text if isinstance(text, bytes) else text.encode()
    return calls.prepare(Upload(Kind.CALLS, "llamadas.csv", data, **given), {}, CountingRules())  # type: ignore[arg-type]


def frame_of(prepared: Prepared) -> list[tuple[object, ...]]:
    rows = []
    for frame in prepared.write.calls:  # type: ignore[attr-defined]  # what a table writes
        rows += list(frame.astype(object).where(frame.notna(), None).itertuples(index=False, name=None))
    return rows


def rows(count: int, when: str = "{day:02d}/01/2024 10:00:00", name: str = "L{n}") -> str:
    return "".join(f"{name.format(n=n)},{when.format(day=n % 28 + 1)},44212345{n:02d},Atendida,{n},60\n" for n in range(count))


@pytest.mark.parametrize("text", [
    HEADER + rows(40), HEADER + rows(40, name=""), HEADER + rows(30) + rows(5, name=""),
    HEADER + rows(12, "01/{day:02d}/2024 10:00:00") + rows(28, "01/{day:02d}/2024 11:00:00", "M{n}"),
    HEADER + rows(20) + rows(20), HEADER + rows(20, name="") + rows(20, name=""),
    HEADER + rows(20) + "L99,no date,1,Atendida,1,1\nL98,01/02/2024 10:00:00,2,???,1,1\nL97,01/02/2024 10:00:00\n"
    + rows(9, name="K{n}"),
    HEADER.replace("\n", ",,\n") + rows(20).replace("\n", ",,\n") + "L99,01/02/2024 10:00:00,1,Atendida,1,1,x,\n",
    "Fecha,Inicio,Estado,Estación\n" + "".join(f"{n % 28 + 1:02d}/01/2024,10:{n:02d},Perdida,E{n % 3}\n" for n in range(50)),
])
def test_a_table_of_calls_is_the_same_in_parts(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    many, one = in_parts(monkeypatch, text), in_parts(monkeypatch, text, size=1 << 20)
    assert len(list(many.write.calls)) > len(list(one.write.calls)) == 1  # type: ignore[attr-defined]
    assert frame_of(many) == frame_of(one)
    assert (many.rejected, many.assumptions, many.mapping, many.signature, many.found, many.rows_read, many.good) == (
        one.rejected, one.assumptions, one.mapping, one.signature, one.found, one.rows_read, one.good)
    assert many.head.equals(one.head.head(len(many.head)))


def test_the_same_call_in_another_part_is_rejected_by_its_line(monkeypatch: pytest.MonkeyPatch) -> None:
    found = in_parts(monkeypatch, HEADER + rows(20) + rows(1))
    assert [each.row for each in found.rejected] == [22]


def test_a_file_of_windows_letters_and_one_of_two_bytes_are_read_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    text = HEADER + rows(20, name="Ñ{n}")
    plain = frame_of(in_parts(monkeypatch, text))
    for encoding, data in (("cp1252", text.encode("cp1252")), ("utf-16", text.encode("utf-16"))):
        found = in_parts(monkeypatch, data)
        assert (found.found["encoding"], frame_of(found)) == (encoding, plain)
    with pytest.raises(ImportRefused, match="utf-8"):
        in_parts(monkeypatch, text.encode("cp1252"), encoding="utf-8")


def test_words_of_outcome_that_nobody_knows_refuse_the_file_after_its_last_part(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ImportRefused, match="Resultado"):
        in_parts(monkeypatch, HEADER + rows(20).replace("Atendida", "???"))


def test_what_is_saved_in_parts_is_exact_and_known_again(desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = tmp_path / "llamadas.csv"
    path.write_text(HEADER + rows(60), encoding="utf-8")
    monkeypatch.setattr(calls, "read_parts", partial(read_parts, size=200))
    first = load(desk, HEADER + rows(30))
    again = load(desk, path)
    third = load(desk, path)
    assert (first.new, again.new, again.known, third.new, third.known) == (30, 30, 30, 0, 60)
    assert_summaries_equal_a_recount(desk)


@given(st.lists(st.lists(st.integers(0, 6), max_size=12), max_size=8))
def test_keys_are_counted_whatever_call_brings_them(parts: list[list[int]]) -> None:
    seen, before = Seen(), [0] * 7
    for part in parts:
        expected = []
        for key in part:
            expected.append(before[key])
            before[key] += 1
        assert seen.count(np.array(part, np.uint64)).tolist() == expected


@pytest.mark.sqlite_only
def test_reading_tells_how_far_it_is(desk: Desk) -> None:
    told: list[tuple[int, int]] = []
    data = b"Fecha y hora,Resultado\n" + b"25/01/2024 10:00,Atendida\n" * 700_000
    with desk.reading("admin") as work:
        batches.prepare(work, Upload(Kind.CALLS, "a.csv", data), lambda done, total: told.append((done, total)))
    assert told == [(1, 3), (2, 3), (3, 3)]
