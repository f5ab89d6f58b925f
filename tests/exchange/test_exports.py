"""Exports: the filtered set, every row, safe against formulas, numbers still numbers, customers' scope and permission."""

from __future__ import annotations

import csv
from pathlib import Path

import openpyxl
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import DeskError
from core.exchange import exports
from core.exchange.headings import COLUMNS, GUIDE_COLUMNS, heading
from core.tickets import queries, service
from core.tickets.filters import Filters
from tests import factories
from tests.databases import Desk

GUIDE = ["No. Ticket", "Estatus", "Destino", "Llamadas", "Estación de servicio", "Nombre corto", "Nombre solicitante",
         "Categoría", "Propietario", "Prioridad"]
NASTY = ["=1+1", "+52 442", "-2", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "\u00a0=1", "\u3000=1", "\u200b=1", "\ufeff=1",
         "＝1", "＋1", "－1", "＠A", "﹦1", " ＝1", "−1"]
HARMLESS = ["Juriquilla", "E05804", "a=b", "Peña + hijos", "5 - 3", "'comillas'", "ñandú", ""]


def read_csv(path: Path) -> list[list[str]]:
    return list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))


def read_xlsx(path: Path) -> list[list[object]]:
    return [[cell.value for cell in row] for row in openpyxl.load_workbook(path).active.iter_rows()]


def export(desk: Desk, format: exports.Format, path: Path, filters: Filters | None = None, who: str = "analyst",
           **order: object) -> int:
    with desk.reading(who) as work:
        return exports.write_tickets(work, filters or Filters(), format, path, **order)  # type: ignore[arg-type]


def test_the_guides_columns_come_first_in_its_order_and_words() -> None:
    assert [heading(name) for name in GUIDE_COLUMNS] == GUIDE
    assert COLUMNS[:10] == GUIDE_COLUMNS


@pytest.mark.parametrize("text", NASTY)
def test_csv_takes_the_sting_out_of_formulas(text: str) -> None:
    assert exports.neutral(pa.array([text])).to_pylist() == ["'" + text]


def test_csv_leaves_harmless_text_and_gaps_alone() -> None:
    assert exports.neutral(pa.array([*HARMLESS, None])).to_pylist() == [*HARMLESS, None]


@given(st.text(st.characters(blacklist_categories=["Cs"]), max_size=30))
def test_csv_text_is_given_back_whole_behind_at_most_one_mark(text: str) -> None:
    (safe,) = exports.neutral(pa.array([text])).to_pylist()
    assert safe in (text, "'" + text)
    assert not safe.lstrip().startswith(("=", "+", "-", "@"))


def test_csv_holds_every_ticket_in_the_grids_order(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "tickets.csv"
    assert export(desk, "csv", path) == 4
    head, *rows = read_csv(path)
    assert head[:10] == GUIDE
    assert [row[0] for row in rows] == ["4", "3", "2", "1"]
    assert rows[0][:10] == ["4", "Abierto", "3001", "1", "E14137", "La Rumorosa", "Rosa Peña", "Sistemas - Punto de venta", "",
                            "Media"]


def test_an_export_holds_exactly_the_filtered_tickets(desk: Desk, tmp_path: Path) -> None:
    chosen = Filters(station_id=(desk.cast.stations["north"], desk.cast.stations["south"]))
    assert export(desk, "csv", tmp_path / "t.csv", chosen, sort="station_code", descending=False) == 2
    assert [row[4] for row in read_csv(tmp_path / "t.csv")[1:]] == ["E05804", "E14109"]


def test_an_export_of_many_batches_misses_and_doubles_nothing(desk: Desk, tmp_path: Path,
                                                              monkeypatch: pytest.MonkeyPatch) -> None:
    with desk.begin("operator") as work:
        for number in range(17):
            service.create(work, factories.new_ticket(desk.cast, priority=("low", "high")[number % 2]))
    monkeypatch.setattr(exports, "BATCH", 4)
    for sort in queries.SORTS:
        assert export(desk, "csv", tmp_path / "t.csv", sort=sort) == 21
        assert sorted(int(row[0]) for row in read_csv(tmp_path / "t.csv")[1:]) == list(range(1, 22)), sort


def test_xlsx_keeps_formulas_as_text_numbers_as_numbers_and_times_local(desk: Desk, tmp_path: Path) -> None:
    with desk.begin("operator") as work:
        service.create(work, factories.new_ticket(desk.cast, requester_name="=cmd|' /C calc'!A0", subject="http://example.mx"))
    path = tmp_path / "tickets.xlsx"
    assert export(desk, "xlsx", path) == 5
    sheet = openpyxl.load_workbook(path).active
    rows = list(sheet.iter_rows())
    assert [cell.value for cell in rows[0]][:10] == GUIDE
    assert (rows[1][6].value, rows[1][6].data_type) == ("=cmd|' /C calc'!A0", "s")
    assert (rows[1][0].value, rows[1][0].data_type) == (5, "n")
    assert rows[1][12].hyperlink is None
    created = COLUMNS.index("created_at")
    assert rows[-1][created].value == factories.START.astimezone(_zone()).replace(tzinfo=None) + pd.Timedelta(hours=1)


def _zone() -> object:
    from core.config import get_settings

    return get_settings().zone


def test_parquet_speaks_in_codes_and_utc(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "tickets.parquet"
    assert export(desk, "parquet", path) == 4
    frame = pd.read_parquet(path)
    assert tuple(frame.columns) == COLUMNS
    assert set(frame["status"]) == {"open"}
    assert frame["created_at"].iloc[-1] == pd.Timestamp(factories.START) + pd.Timedelta(hours=1)


def test_control_characters_and_overlong_texts_survive_as_far_as_a_cell_can_hold_them(tmp_path: Path) -> None:
    frame = pd.DataFrame({"texto": ["a\x01b\x0bc", "x" * 40_000, None], "n": [1, 2, 3]})
    assert exports.write_table(frame, "xlsx", tmp_path / "t.xlsx") == 3
    values = [row[0] for row in read_xlsx(tmp_path / "t.xlsx")[1:]]
    assert openpyxl.utils.escape.unescape(str(values[0])) == "a\x01b\x0bc"
    assert values[1] == "x" * exports.MAX_CELL
    assert values[2] is None


def test_a_table_of_any_columns_is_written_in_each_format(tmp_path: Path) -> None:
    frame = pd.DataFrame({"=mes": ["2026-01", "2026-02"], "llamadas": [3, 4], "razón": [0.5, None], "mezcla": [1, "x"],
                          "nada": [None, None], "hora": pd.to_datetime(["2026-11-23T20:05:00Z", None])})
    for format in exports.FORMATS:
        assert exports.write_table(frame, format, tmp_path / f"t.{format}") == 2
    head, first, _second = read_csv(tmp_path / "t.csv")
    assert head == ["'=mes", "llamadas", "razón", "mezcla", "nada", "hora"]
    assert first == ["2026-01", "3", "0.5", "1", "", "2026-11-23 14:05:00"]
    assert pd.read_parquet(tmp_path / "t.parquet")["hora"].iloc[0] == pd.Timestamp("2026-11-23T20:05:00Z")


def test_an_empty_export_still_has_its_headings(desk: Desk, tmp_path: Path) -> None:
    for format in exports.FORMATS:
        assert export(desk, format, tmp_path / f"t.{format}", Filters(status=("closed",))) == 0
    assert read_csv(tmp_path / "t.csv") == [[heading(name) for name in COLUMNS]]
    assert read_xlsx(tmp_path / "t.xlsx")[0][:10] == GUIDE


def test_a_sheet_that_would_overflow_is_refused_and_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "MAX_SHEET_ROWS", 3)
    with pytest.raises(DeskError, match="No se exportó nada"):
        exports.write_table(pd.DataFrame({"n": range(4)}), "xlsx", tmp_path / "t.xlsx")
    assert not (tmp_path / "t.xlsx").exists()


def test_an_export_that_fails_leaves_an_earlier_file_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "MAX_SHEET_ROWS", 2)
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"of yesterday")
    with pytest.raises(DeskError):
        exports.write_table(pd.DataFrame({"n": range(3)}), "xlsx", path)
    assert path.read_bytes() == b"of yesterday"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(("who", "numbers"), [("customer", {"1"}), ("company_head", {"1", "2"}), ("loner", set())])
def test_customers_export_what_they_see_without_inner_columns(desk: Desk, tmp_path: Path, who: str, numbers: set[str]) -> None:
    with desk.begin("operator") as work:
        service.assign(work, desk.cast.tickets["own"], desk.cast.users["second_agent"])
    path = tmp_path / "t.csv"
    assert export(desk, "csv", path, who=who, sort="owner_name") == len(numbers)
    headings, *rows = read_csv(path)
    assert not {"Propietario", "Llamadas", "Vence", "Canal", "Actualizado"} & set(headings)
    assert {row[0] for row in rows} == numbers
    assert "Second Agent" not in path.read_text(encoding="utf-8-sig")


def test_what_customers_may_not_read_orders_nothing_for_them(desk: Desk) -> None:
    numbers = [desk.cast.numbers["own"], desk.cast.numbers["same_company"]]
    with desk.begin("operator") as work:
        service.assign(work, desk.cast.tickets["own"], desk.cast.users["second_agent"])
        service.assign(work, desk.cast.tickets["same_company"], desk.cast.users["agent"])
        service.note(work, desk.cast.tickets["own"], "Nota")
    for hidden in ("owner_name", "due_at", "calls", "updated_at"):
        for descending in (True, False):
            with desk.reading("company_head") as work:
                listed = queries.page(work, Filters(), hidden, descending).rows
                exported = pd.concat(queries.export_rows(work, Filters(), hidden, descending))
            for frame in (listed, exported):
                assert list(frame["number"]) == sorted(numbers, reverse=descending)
                assert set(frame[hidden]) <= {"", 0, None}


def test_who_took_what_is_in_the_audit_trail(desk: Desk) -> None:
    with desk.begin("analyst") as work:
        exports.record_export(work, "tickets", "csv", 12, {"status": "open"})
    found = desk.rows("SELECT actor_name, object_kind, object_id FROM events WHERE action = 'exported'")
    assert found == [("Analyst", "tickets", "csv")]
