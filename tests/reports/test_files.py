"""Reports as files: whole, safe in spreadsheets, with native charts; a PDF of letter size that survives every name."""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.worksheet.worksheet import Worksheet
from pypdf import PdfReader

from core import i18n
from core.errors import DeskError, Forbidden
from core.reporting.periods import Period, custom
from core.reporting.relaciones import queries
from core.reporting.relaciones.model import KINDS, Column, Kind, Listing, Measure, Report
from core.reports import drawing, files, pages, sheets, typography
from core.reports.colours import LIGHT
from core.reports.files import FORMATS, Format
from core.tickets import service
from core.ui.badges import CALL_STYLE, OUTCOME_STYLE, STATUS_STYLE
from tests.databases import Desk
from tests.factories import START, new_ticket
from tests.reports.calling import telephone

NOVEMBER = custom(date(2026, 11, 1), date(2026, 11, 1))
AUTUMN = custom(date(2026, 8, 1), date(2026, 11, 1))
NASTY = ["=1+1", "+52", "-2", "@SUM(A1)", "\t=1", "http://x.mx", "Peña 👩‍🔧 工单 ✓", "a\x0bb\x00c", "{=1}", "'x"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with nothing in it."""
    (tmp_path / "out").mkdir()
    return tmp_path / "out"


def attended(desk: Desk, subjects: list[str]) -> None:
    """File and settle a ticket for each subject."""
    with desk.begin("operator", START) as work:
        numbers = [service.create(work, new_ticket(desk.cast, subject=each)).id for each in subjects]
        for number in numbers:
            service.set_status(work, number, "resolved")


def write(desk: Desk, kind: Kind, format: Format, path: Path, period: Period = NOVEMBER, who: str = "analyst") -> int:
    with desk.reading(who, datetime(2026, 11, 25, 18, tzinfo=UTC)) as work:
        return files.write(work, kind, period, format, path)


def read_csv(path: Path) -> list[list[str]]:
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    return list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))


def cells(sheet: Worksheet) -> list[tuple[object, ...]]:
    return list(sheet.iter_rows(values_only=True))


def text(path: Path) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(path).pages)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("format", FORMATS)
def test_who_may_not_export_gets_no_file(desk: Desk, folder: Path, kind: Kind, format: Format) -> None:
    with pytest.raises(Forbidden):
        write(desk, kind, format, folder / "x", who="customer")
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("format", FORMATS)
def test_an_empty_period_makes_a_whole_file(desk: Desk, folder: Path, kind: Kind, format: Format) -> None:
    path = folder / f"x.{format}"
    write(desk, kind, format, path, custom(date(2020, 1, 1), date(2020, 2, 1)))
    assert list(folder.iterdir()) == [path]
    if format == "xlsx":
        assert openpyxl.load_workbook(path).sheetnames[0] == "Resumen"
    elif format == "pdf":
        assert "enero de 2020 a febrero de 2020" in text(path)
    else:
        assert len(read_csv(path)) == (61 if kind == "received" else 1)


@pytest.mark.sqlite_only
def test_the_csv_of_tickets_is_the_list_and_takes_the_sting_out_of_formulas(desk: Desk, tmp_path: Path) -> None:
    attended(desk, ["=1+1", "Cámara, sin imagen"])
    assert write(desk, "attended", "csv", tmp_path / "x.csv") == 2
    head, *rows = read_csv(tmp_path / "x.csv")
    assert head == ["No. Ticket", "Asunto", "Estación", "Categoría", "Propietario", "Prioridad", "Registrado", "Atendido"]
    assert [row[1] for row in rows] == ["'=1+1", "Cámara, sin imagen"]
    assert rows[0][2:] == ["E05804 Juriquilla", "Sistemas - Punto de venta", rows[0][4], "Media", "2026-11-02 09:00",
                           "2026-11-02 09:00"]


@pytest.mark.sqlite_only
def test_the_csv_of_received_calls_has_a_row_a_day_with_plain_numbers(desk: Desk, tmp_path: Path) -> None:
    telephone(desk)
    write(desk, "received", "csv", tmp_path / "x.csv", AUTUMN)
    with desk.reading("analyst", datetime(2026, 11, 25, 18, tzinfo=UTC)) as work:
        section = queries.report(work, "received", AUTUMN).sections[-1]
    rows = read_csv(tmp_path / "x.csv")[1:]
    assert [[row[0], *map(int, row[1:4])] for row in rows] == [list(row[:4]) for row in section.rows]
    assert [float(row[4]) for row in rows if row[4]] == [row[4] for row in section.rows if row[4] is not None]


@pytest.mark.sqlite_only
@pytest.mark.parametrize("kind", KINDS)
def test_the_workbook_has_native_charts_on_its_own_cells_and_no_formula(desk: Desk, tmp_path: Path, kind: Kind) -> None:
    attended(desk, NASTY[:6])
    telephone(desk, queue="=cmd|' /C calc'!A0", outcome="abandoned", direction="inbound", local_day=20261110)
    write(desk, kind, "xlsx", tmp_path / "x.xlsx", AUTUMN)
    book = openpyxl.load_workbook(tmp_path / "x.xlsx")
    with desk.reading("analyst", datetime(2026, 11, 25, 18, tzinfo=UTC)) as work:
        report = queries.report(work, kind, AUTUMN)
    drawn = [section for section in report.sections if section.chart is not None and section.rows]
    charts = book["Resumen"]._charts  # type: ignore[attr-defined]
    assert len(charts) == len(drawn) > 0
    for chart, section in zip(charts, drawn, strict=True):
        assert section.chart is not None
        last = len(section.drawn()[0]) + 1
        letters = [chr(65 + place) for place in section.chart.places]
        assert [series.val.numRef.f for series in chart.series] == [
            f"'{section.title}'!${letter}$2" + f":${letter}${last}" * (last > 2) for letter in letters]
    for sheet in book.worksheets:
        assert all(cell.data_type != "f" and cell.hyperlink is None for row in sheet.iter_rows() for cell in row)
    for section in report.sections:
        got = cells(book[section.title])
        assert got[0] == tuple(column.heading for column in section.columns)
        assert [row[:2] for row in got[1:]] == [row[:2] for row in (*section.rows, section.total)]


@pytest.mark.sqlite_only
def test_the_workbook_keeps_texts_times_and_totals(desk: Desk, tmp_path: Path) -> None:
    attended(desk, NASTY[:6])
    assert write(desk, "attended", "xlsx", tmp_path / "x.xlsx") == 6
    book = openpyxl.load_workbook(tmp_path / "x.xlsx")
    rows = cells(book["Tickets"])[1:]
    assert [row[1] for row in rows] == [" ".join(each.split()) for each in NASTY[:6]]
    assert rows[0][6] == datetime(2026, 11, 2, 9, 0)
    summary = cells(book["Resumen"])
    assert [summary[0][0], summary[1][0]] == ["Relación de tickets atendidos", "noviembre de 2026"]
    assert ("Atendidos", 6, "Hoy atendidos o cerrados, contados en el día en que se atendieron o cerraron.") in summary


@pytest.mark.sqlite_only
def test_a_list_longer_than_a_sheet_is_refused_before_anything_is_written(desk: Desk, folder: Path,
                                                                          monkeypatch: pytest.MonkeyPatch) -> None:
    attended(desk, ["Uno", "Dos"])
    monkeypatch.setattr(sheets, "MAX_SHEET_ROWS", 1)
    with pytest.raises(DeskError):
        write(desk, "attended", "xlsx", folder / "x.xlsx")
    assert list(folder.iterdir()) == []


@pytest.mark.sqlite_only
@pytest.mark.parametrize("kind", KINDS)
def test_the_pdf_is_a_letter_that_says_all_there_is(desk: Desk, tmp_path: Path, kind: Kind) -> None:
    attended(desk, ["Cámara sin señal"])
    telephone(desk)
    write(desk, kind, "pdf", tmp_path / "x.pdf", AUTUMN)
    found = PdfReader(tmp_path / "x.pdf")
    assert {(float(page.mediabox.width), float(page.mediabox.height)) for page in found.pages} == {(612.0, 792.0)}
    said = text(tmp_path / "x.pdf")
    with desk.reading("analyst", datetime(2026, 11, 25, 18, tzinfo=UTC)) as work:
        report = queries.report(work, kind, AUTUMN)
    for each in (report.title, report.words, "Generado el 25 nov 2026, 12:00 por Analyst", "Definiciones"):
        assert each in said
    assert all(each.name in said for each in report.measures)
    assert all(section.title in said for section in report.sections)
    assert found.metadata is not None
    assert found.metadata.title == f"{report.title}: {report.words}"
    fonts = {font["/BaseFont"].partition("+")[2] for page in found.pages for font in
             (each.get_object() for each in page["/Resources"]["/Font"].values())}  # type: ignore[index]
    assert fonts == {"SourceSansPro-Regular", "SourceSansPro-Semibold"}  # embedded ones only


@pytest.mark.sqlite_only
def test_a_long_list_flows_over_pages_with_its_headings_and_their_number(desk: Desk, tmp_path: Path) -> None:
    attended(desk, [f"Bomba {number}" for number in range(90)])
    assert write(desk, "attended", "pdf", tmp_path / "x.pdf") == 90
    found = PdfReader(tmp_path / "x.pdf").pages
    listed = [page.extract_text() for page in found if "Bomba" in page.extract_text()]
    assert len(listed) > 2
    assert all("Asunto" in page and "Propietario" in page for page in listed)
    assert {number for page in listed for number in range(90) if f"Bomba {number}\n" in page} == set(range(90))
    for number, page in enumerate(found, 1):
        assert f"Página {number} de" in page.extract_text()
        form = page["/Resources"]["/XObject"].values()  # type: ignore[index]
        assert [each.get_object()["/Type"] for each in form] == ["/XObject"]


@pytest.mark.sqlite_only
def test_what_the_pdf_leaves_out_is_said(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    attended(desk, ["Uno", "Dos", "Tres"])
    monkeypatch.setattr(pages, "MOST_ROWS", 2)
    assert write(desk, "attended", "pdf", tmp_path / "x.pdf") == 2
    said = " ".join(text(tmp_path / "x.pdf").split())
    assert "Aquí se enumeran los primeros 2 de 3; los archivos XLSX y CSV los contienen todos." in said
    assert ("Dos" in said, "Tres" in said) == (True, False)


@pytest.mark.sqlite_only
def test_letters_that_the_typeface_lacks_are_seen_as_boxes(desk: Desk, tmp_path: Path) -> None:
    attended(desk, ["Peña 👩\u200d🔧 工单 Łódź"])
    write(desk, "attended", "pdf", tmp_path / "x.pdf")
    assert "Peña ☐☐ ☐☐ Łódź" in " ".join(text(tmp_path / "x.pdf").split())


def test_printable_text_is_composed_on_one_line_and_of_known_letters() -> None:
    assert typography.printable("n\u0303andu\u0301\n\ta\x00b ❤\ufe0f") == "ñandú a b ☐"
    assert typography.printable("«Ñoño» ¿qué? €5 – “sí” …") == "«Ñoño» ¿qué? €5 – “sí” …"
    assert typography.printable("\u200f\u202e") == ""


@given(st.text(max_size=60), st.integers(1, 3), st.floats(4, 80))
def test_any_text_fits_into_its_lines(typed: str, most: int, room: float) -> None:
    found = typography.lines(typed, typography.PLAIN, 8, room, most)
    assert len(found) <= most
    for line in found:
        assert len(line.rstrip("…")) <= 1 or typography.width(line, typography.PLAIN, 8) <= room + 0.01
    whole = typography.printable(typed)
    if not any(line.endswith("…") for line in found):
        assert "".join(found).replace(" ", "") == whole.replace(" ", "")


@pytest.mark.parametrize("highest", [0, 1, 2, 3, 7, 10, 41, 99, 100, 101, 999, 12_345, 7_654_321])
def test_a_scale_is_round_and_reaches_the_highest_value(highest: int) -> None:
    scale = drawing.steps(highest)
    step = scale[1]
    assert scale == [step * number for number in range(len(scale))]
    assert scale[-1] >= highest > scale[-2] or (highest, scale) == (0, [0, 1])
    assert 2 <= len(scale) <= 6
    assert str(step).rstrip("0") in ("1", "2", "5")


def test_the_colours_on_paper_are_those_of_the_badges() -> None:
    badges = {**OUTCOME_STYLE, **CALL_STYLE, "resolved": STATUS_STYLE["resolved"]}
    assert {code: badges[code].light for code in LIGHT} == LIGHT


def test_a_report_in_english_names_its_days_in_english(tmp_path: Path) -> None:
    i18n.use("en")
    columns = (Column("Day", "day"), Column("Amount", "percent"))
    report = Report("attended", "Report", NOVEMBER, "November 2026", START, "Ann", (Measure("Amount", None, "percent", "x"),), (),
                    ("A note.",), Listing("List", columns, 1))
    rows = [(date(2026, 11, 2), 0.5)]
    assert pages.write(report, lambda _limit: iter(rows), tmp_path / "x.pdf") == 1
    said = text(tmp_path / "x.pdf")
    assert "Made on 2 Nov 2026, 09:00 by Ann" in said
    assert "Page 1 of" in said
    assert PdfReader(tmp_path / "x.pdf").trailer["/Root"]["/Lang"] == "en-US"
    sheets.write(report, lambda _limit: iter(rows), tmp_path / "x.xlsx")
    assert cells(openpyxl.load_workbook(tmp_path / "x.xlsx")["List"])[1] == (datetime(2026, 11, 2), 0.5)
