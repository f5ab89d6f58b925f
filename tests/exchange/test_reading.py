"""Tables are read out of files as they really come."""

from __future__ import annotations

import io
import zipfile

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import ImportRefused
from core.exchange.imports import workbook
from core.exchange.imports.reading import Table, read_table


def cells(table: Table) -> list[list[str]]:
    return [row for _number, row in table.rows]


def numbers(table: Table) -> list[int]:
    found: list[int] = table.numbers.tolist()
    return found


def sheet(*rows: list[object]) -> bytes:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    for row in rows:
        page.append(row)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_separator_and_line_ends_are_found(separator: str, line_end: str) -> None:
    text = line_end.join(separator.join(row) for row in (["a", "b", "c"], ["1", "x y", "3"], ["4", "", "6"]))
    table = read_table(text.encode(), "x.csv")
    assert (table.columns, cells(table), table.separator) == (["a", "b", "c"], [["1", "x y", "3"], ["4", "", "6"]], separator)
    assert numbers(table) == [2, 3]


def test_mixed_line_ends_keep_the_physical_line_numbers() -> None:
    assert numbers(read_table(b"a,b\r\n1,2\r\r3,4\n\n5,6", "x.csv")) == [2, 4, 6]


def test_a_byte_order_mark_is_no_part_of_the_header() -> None:
    assert read_table("\ufeffdía,b\n1,2".encode(), "x.csv").columns == ["día", "b"]
    assert read_table("día\tb\n1\t2".encode("utf-16"), "x.csv").columns == ["día", "b"]


def test_a_few_foreign_lines_are_read_as_windows_1252_and_told() -> None:
    table = read_table("a,b\nñandú,1\n".encode() + "Peña,2\n".encode("cp1252"), "x.csv")
    assert cells(table) == [["ñandú", "1"], ["Peña", "2"]]
    assert table.encoding == "utf-8"
    assert any("1 línea" in note and "Windows-1252" in note for note in table.assumptions)


def test_a_file_without_any_utf8_is_windows_1252() -> None:
    assert read_table("año,b\nPeña,2\n".encode("cp1252"), "x.csv").encoding == "cp1252"


def test_doubled_quotes_and_values_over_lines_are_read() -> None:
    table = read_table(b'a,b\n"say ""hi"", now",2\n"two\nlines",3\n4,5\n', "x.csv")
    assert cells(table) == [['say "hi", now', "2"], ["two\nlines", "3"], ["4", "5"]]
    assert numbers(table) == [2, 3, 5]


def test_broken_quotes_cost_only_their_own_row() -> None:
    table = read_table(b'a,b\n1,2\n"open,3\n4,5\n6,"in"side"\n7,8\n', "x.csv")
    assert cells(table) == [["1", "2"], ["4", "5"], ["7", "8"]]
    assert [each.row for each in table.rejected] == [3, 5]


def test_a_huge_cell_costs_its_own_row_and_is_called_by_its_name() -> None:
    table = read_table(f"a,b\n1,2\n3,{'x' * 200_000}\n5,6\n".encode(), "a.csv")
    assert [(each.row, "demasiado larga" in each.reason) for each in table.rejected] == [(3, True)]


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7 x", b"<html></html>", b"\x00\x01" * 99, b"PK\x03\x04x"])
def test_a_refused_file_says_that_nothing_was_saved_once(data: bytes) -> None:
    with pytest.raises(ImportRefused) as refused:
        read_table(data, "a.csv")
    assert str(refused.value).lower().count("no se guardó nada") == 1


def test_a_cut_last_row_costs_only_itself() -> None:
    table = read_table(b"a,b,c\n1,2,3\n4,5", "x.csv")
    assert (cells(table), [each.row for each in table.rejected]) == ([["1", "2", "3"]], [3])
    quoted = read_table(b'a,b,c\n1,2,3\n4,5,"cu', "x.csv")
    assert (cells(quoted), [each.row for each in quoted.rejected]) == ([["1", "2", "3"]], [3])


def test_empty_excess_cells_are_harmless_and_filled_ones_are_not() -> None:
    table = read_table(b"a,b\n1,2,,\n3,4,x\n5,6\n", "x.csv")
    assert (cells(table), [each.row for each in table.rejected]) == ([["1", "2"], ["5", "6"]], [3])


def test_a_title_above_the_header_is_left_out_and_told() -> None:
    table = read_table(b"Reporte de llamadas\n\nFecha,Estado\n2026-01-01,Atendida\n", "x.csv")
    assert table.columns == ["Fecha", "Estado"]
    assert len(table.assumptions) == 1


def test_without_header_every_row_keeps_its_own_width() -> None:
    table = read_table(b"1,2\n3,4,5\n6,7\n", "x.csv", header=False)
    assert (table.columns, table.widths.tolist()) == ([], [2, 3, 2])
    assert cells(table)[0] == ["1", "2", ""]


def test_the_separator_line_of_a_spreadsheet_is_obeyed() -> None:
    table = read_table(b"sep=;\na;b\n1;2,5\n", "x.csv")
    assert (cells(table), numbers(table)) == ([["1", "2,5"]], [3])


def test_a_sheet_is_read_as_text() -> None:
    import datetime

    table = read_table(
        sheet(
            ["Fecha", "Hora", "N", "Nombre"],
            [datetime.datetime(2026, 1, 31, 14, 5), datetime.time(9, 12, 58), 7.0, " Ana "],
            [None, None, None, None],
            ["2026-02-01", None, 1.5, "Eva"],
        ),
        "x.xlsx",
    )
    assert cells(table) == [["2026-01-31 14:05:00", "09:12:58", "7", "Ana"], ["2026-02-01", "", "1.5", "Eva"]]
    assert numbers(table) == [2, 4]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n \n",
        b"\xef\xbb\xbf",
        b",,\n,,\n",
        b"%PDF-1.7 x",
        b"\x89PNG\r\n\x1a\n0000",
        b"\xff\xd8\xff\xe0 JFIF\x00",
        b"PK\x03\x04 broken",
        b"<html><table></table></html>",
        b"<?xml version='1.0'?><a/>",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b"abc\x00def",
        bytes(range(256)) * 4,
    ],
)
def test_what_is_no_table_is_refused_in_words(data: bytes) -> None:
    with pytest.raises(ImportRefused, match="CSV"):
        read_table(data, "x.csv")


def archive(entries: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in entries.items():
            file.writestr(name, content)
    return target.getvalue()


def test_another_archive_is_refused() -> None:
    with pytest.raises(ImportRefused, match="comprimido"):
        read_table(archive({"a.txt": b"hello"}), "x.zip")


def test_an_archive_bomb_is_refused_while_it_unpacks() -> None:
    with pytest.raises(ImportRefused, match="100 MB"):
        read_table(archive({"xl/workbook.xml": b"<x/>", "xl/big": b"0" * (101 * 1024 * 1024)}), "x.xlsx")


def test_too_many_parts_are_refused() -> None:
    with pytest.raises(ImportRefused, match="100"):
        read_table(archive({"xl/workbook.xml": b"<x/>"} | {f"xl/{n}": b"" for n in range(101)}), "x.xlsx")


def test_a_lone_cell_in_the_last_corner_asks_for_no_memory() -> None:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page["A1"], page["XFD1048576"] = "a", "b"
    target = io.BytesIO()
    book.save(target)
    with pytest.raises(ImportRefused, match="memoria"):
        read_table(target.getvalue(), "x.xlsx")


def test_a_damaged_workbook_is_refused() -> None:
    good = sheet(["a", "b"], [1, 2])
    for place in range(0, len(good), 211):
        damaged = good[:place] + bytes(40) + good[place + 40 :]
        try:
            workbook._measure(damaged)
        except workbook.WorkbookBroken:
            continue
    with pytest.raises(ImportRefused):
        read_table(good[: len(good) // 2], "x.xlsx")


pieces = st.sampled_from(
    ["a", "1", ",", ";", '"', '""', "\n", "\r", "\r\n", "\t", "|", " ", "ñ", "\u2028", "=1", "01/02/2026", "\x85", "\x1c"]
)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.one_of(
        st.binary(max_size=300),
        st.lists(pieces, max_size=60).map(lambda parts: "".join(parts).encode()),
        st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace")),
    ),
    st.booleans(),
)
def test_garbage_is_read_or_refused_and_nothing_else(data: bytes, header: bool) -> None:
    try:
        table = read_table(data, "x.csv", header=header)
    except ImportRefused as refusal:
        assert str(refusal)  # noqa: PT017 (either outcome is right)
        return
    assert sum(1 for _row in table.rows) == len(table)
    assert len(set(numbers(table)) | {each.row for each in table.rejected}) == len(table) + len(table.rejected)
    assert all(len(row) == (len(table.columns) if header else len(table.data)) for _number, row in table.rows)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.lists(
            st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zs", "Zl", "Zp"]), max_size=8).map(str.strip),
            min_size=3,
            max_size=3,
        ).filter(any),
        min_size=2,
        max_size=12,
    )
)
def test_what_a_writer_wrote_is_read_back(rows: list[list[str]]) -> None:
    import csv

    target = io.StringIO()
    csv.writer(target).writerows([["id", "nombre", "nota"], ["0", "x", "y"], ["0", "x", "y"], *rows])
    table = read_table(target.getvalue().encode(), "x.csv")
    assert cells(table)[2:] == rows
    assert not table.rejected
