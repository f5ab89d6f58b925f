"""Tickets of another system come in as they were printed, once."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest

from core.errors import ImportRefused
from core.exchange.imports import batches
from core.exchange.imports.batches import ImportReport, Kind, Upload
from core.exchange.imports.ticket_words import read_category, read_number
from core.tickets import queries, service
from core.tickets.filters import Filters
from core.tickets.summary import summary
from tests import factories
from tests.databases import Desk

DATA = Path(__file__).parents[3] / "shared/data/tickets"
GUIDE = (Path(__file__).parents[2] / "data/samples/tickets_guide.csv").read_bytes()
HEAD = ("No. Ticket,Estatus,Destino,Llamadas,Estación de servicio,Nombre corto,Nombre solicitante,Categoría,Propietario,"
        "Prioridad\n")
SHOWN = ["number", "status", "destination", "calls", "station_code", "short_name", "requester_name", "category_path",
         "owner_name",
         "priority"]


def load(desk: Desk, data: bytes | str, name: str = "tickets.csv", accept: bool = True) -> ImportReport:
    content = data.encode() if isinstance(data, str) else data
    with desk.reading("admin") as work:
        found = batches.prepare(work, Upload(Kind.TICKETS, name, content))
    with desk.begin("admin") as work:
        return batches.save(work, found, name, accept_good_rows=accept)


def rows(desk: Desk, *numbers: int) -> list[list[object]]:
    with desk.reading("admin") as work:
        return [queries.page(work, Filters(number=number)).rows[SHOWN].iloc[0].tolist() for number in numbers]


def test_the_guides_four_tickets_stand_in_the_grid_as_printed(desk: Desk) -> None:
    report = load(desk, GUIDE)
    assert report.to_dict() == {"rows_read": 4, "tickets_new": 4, "tickets_known": 0, "rows_rejected": []}
    assert rows(desk, 11768, 11767, 11766, 11765) == [
        [11768, "open", "193", 1, "E05804", "Juriquilla", "Juan Aguilar", "Administración - Cobranza", "Brenda Chavarin", "high"],
        [11767, "open", "1008", 1, "E14109", "LUNA", "Dulce maría velavo", "Administración - Portal de facturación",
         "Brenda Chavarin", "high"],
        [11766, "resolved", "767", 1, "E00173", "Murcia", "Adriana Urbina", "Administración - Dudas en cálculo de facturas",
         "Rubén Villar", "high"],
        [11765, "resolved", "908", 1, "E14137", "Jomca", "Aide velazquez", "Administración - Dudas en cálculo de facturas",
         "Rubén Villar", "high"]]


def test_a_second_import_adds_nothing(desk: Desk) -> None:
    load(desk, GUIDE)
    tables = ("tickets", "ticket_counts", "ticket_days", "ticket_transitions", "stations", "categories", "contacts")
    before = {table: desk.fingerprint()[table] for table in tables}
    report = load(desk, GUIDE)
    assert (report.new, report.known) == (0, 4)
    assert {table: desk.fingerprint()[table] for table in tables} == before


def test_the_counter_goes_on_above_the_imported_numbers(desk: Desk) -> None:
    load(desk, GUIDE)
    with desk.begin("operator") as work:
        assert service.create(work, factories.new_ticket(desk.cast)).number == 11769


def test_the_summaries_hold_the_imported_tickets(desk: Desk) -> None:
    with desk.reading("admin") as work:
        before = summary(work)
    load(desk, GUIDE)
    with desk.reading("admin") as work:
        after = summary(work)
    for counts, old in zip(after.values(), before.values(), strict=True):
        assert sum(counts.values()) == sum(old.values()) + 4
    assert after["by_owner"]["Brenda Chavarin"] == 2
    assert after["by_status"]["resolved"] - before["by_status"].get("resolved", 0) == 2


def test_an_imported_ticket_is_found_by_its_words(desk: Desk) -> None:
    load(desk, GUIDE)
    with desk.reading("admin") as work:
        assert queries.page(work, Filters(text="cobranza juriquilla")).rows["number"].tolist() == [11768]


def test_the_owner_is_the_member_of_staff_with_that_name(desk: Desk) -> None:
    name = desk.rows("SELECT name FROM users WHERE username = 'agent'")[0][0]
    load(desk, HEAD + f"501,Abierto,193,1,E05804,Juriquilla,Ana,Soporte - Red,{name.upper()},Alta\n")
    assert desk.rows("SELECT owner_id FROM tickets WHERE number = 501") == [(desk.cast.users["agent"],)]


def test_slips_of_the_pen_in_header_and_words_are_understood(desk: Desk) -> None:
    report = load(desk,
                  "Ticket;ESTATUS;destino;LLamadas;Estacion de Servicio;nombre corto;Nombre Solicitante;Categoria;Propietario;"
                        "Priorida\n501;Resuelto;193;2;e05804;Juriquilla;Ana;Soporte - Red;;critica\n")
    assert report.new == 1
    assert rows(desk, 501) == [[501, "resolved", "193", 2, "E05804", "Juriquilla", "Ana", "Soporte - Red", "", "critical"]]


def test_a_workbook_is_as_good_as_a_text_file(desk: Desk) -> None:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.append(HEAD.strip().split(","))
    page.append([11768, "Abierto", 193, 1, "E05804", "Juriquilla", "Juan Aguilar", "Administración - Cobranza",
                 "Brenda Chavarin", "Alta"])
    target = io.BytesIO()
    book.save(target)
    assert load(desk, target.getvalue(), "tickets.xlsx").new == 1
    assert rows(desk, 11768)[0][2:4] == ["193", 1]


@pytest.mark.parametrize(("row", "reason"), [
    ("#N/A,Abierto,1,1,E1,Uno,Ana,A - B,Eva,Alta", "no es un número de ticket"),
    ("90926 - 90933,Abierto,1,1,E1,Uno,Ana,A - B,Eva,Alta", "no es un número de ticket"),
    (",Abierto,1,1,E1,Uno,Ana,A - B,Eva,Alta", "no tiene número de ticket"),
    ("502,Quién sabe,1,1,E1,Uno,Ana,A - B,Eva,Alta", "Quién sabe"),
    ("502,Abierto,1,1,E1,Uno,#N/A,A - B,Eva,Alta", "#N/A"),
    ("502,Abierto,1,dos,E1,Uno,Ana,A - B,Eva,Alta", "dos"),
    ("502,Abierto,1,1,E1,Uno,Ana,A - B,Eva,Enorme", "Enorme"),
    ("501,Abierto,1,1,E1,Uno,Otra persona,A - B,Eva,Alta", "501"),
    ("502,Abierto,1,1," + "E" * 21 + ",Uno,Ana,A - B,Eva,Alta", "21|20"),
    ("502,Abierto,1", "3"),
])
def test_a_row_that_cannot_be_taken_is_told_by_its_number(desk: Desk, row: str, reason: str) -> None:
    file = HEAD + "501,Abierto,1,1,E1,Uno,Ana,A - B,Eva,Alta\n" + row + "\n"
    report = load(desk, file)
    assert report.new == 1
    assert [each.row for each in report.rejected] == [3]
    assert any(part in report.rejected[0].reason for part in reason.split("|"))


def test_one_bad_row_refuses_the_file_unless_the_good_ones_are_accepted(desk: Desk) -> None:
    before = desk.fingerprint()
    with pytest.raises(ImportRefused, match="fila 3"):
        load(desk, HEAD + "501,Abierto,1,1,E1,Uno,Ana,A - B,Eva,Alta\n#N/A,Abierto,1,1,E1,Uno,Ana,A - B,Eva,Alta\n", accept=False)
    assert desk.fingerprint() == before


def test_the_number_of_a_ticket_filed_here_is_never_taken(desk: Desk) -> None:
    number = desk.cast.numbers["own"]
    report = load(desk, HEAD + f"{number},Abierto,1,1,E1,Uno,Ana,A - B,Eva,Alta\n5001,Abierto,1,1,E1,Uno,Ana,A - B,Eva,Alta\n")
    assert (report.new, report.known, [each.row for each in report.rejected]) == (1, 0, [2])


def test_a_ticket_filed_here_and_exported_is_known_again(desk: Desk) -> None:
    number = desk.cast.numbers["own"]
    requester, station = desk.rows("SELECT requester_name, station_code FROM tickets WHERE number = :n", n=number)[0]
    report = load(desk, HEAD + f"{number},Abierto,1,1,{station},Uno,{requester},A - B,Eva,Alta\n")
    assert (report.new, report.known, report.rejected) == (0, 1, [])


def test_dates_of_the_file_are_kept_and_none_is_invented(desk: Desk) -> None:
    head = HEAD.strip() + ",Asunto,Fecha de creación,Fecha de solución\n"
    load(desk, head + "501,Atendido,1,1,E1,Uno,Ana,A - B,Eva,Alta,No imprime,25/01/2024 10:00,26/01/2024 12:30\n")
    with desk.reading("admin") as work:
        found = queries.ticket(work, 501)
    assert found.done_at is not None
    assert [found.created_at.isoformat(), found.done_at.isoformat()] == ["2024-01-25T16:00:00+00:00", "2024-01-26T18:30:00+00:00"]
    assert found.subject == "No imprime"
    counted = "SELECT sum(n) FROM ticket_days WHERE measure = 'attended' AND dimension = 'all' AND day = 20240126"
    assert desk.rows(counted) == [(1,)]


@pytest.mark.parametrize(("cell", "number"), [("11768", 11768), ("#94080", 94080), ("11768.0", 11768), ("INC0000045", 45), ("0",
                                                                                                                            None),
                                              ("-5", None), ("90926 - 90933", None), ("1e5", None), ("#REF!", None), ("١٢",
                                                                                                                      None)])
def test_ticket_numbers_are_read_as_people_and_spreadsheets_write_them(cell: str, number: int | None) -> None:
    assert read_number(cell) == number


@pytest.mark.parametrize(("cell", "path"), [("Administración - Cobranza", ("Administración", "Cobranza")), ("Otros", ("Otros",
                                                                                                                      "")),
                                            ("SEI > Criar > Tipo", ("SEI", "Criar / Tipo")), ("", ("", "")),
                                            ("Auto-facturación", ("Auto-facturación", ""))])
def test_categories_have_two_levels(cell: str, path: tuple[str, str]) -> None:
    assert read_category(cell) == path


@pytest.mark.skipif(not DATA.is_dir(), reason="the shared data are not here")
@pytest.mark.sqlite_only
@pytest.mark.parametrize(("name", "read", "new"), [
    ("mesa_de_ayuda_mx_rh_2023-08_2024-01.csv", 1450, 279), ("glpi_pt_2020_utf8_comma.csv", 1465, 648),
    ("uci_servicenow_incident_log_first6000.csv", 5998, 890)])
def test_real_files_come_in_and_a_second_time_add_nothing(desk: Desk, name: str, read: int, new: int) -> None:
    data = (DATA / name).read_bytes()
    first, again = load(desk, data, name), load(desk, data, name)
    assert (first.rows_read, first.new, again.new, again.known) == (read, new, 0, new)


@pytest.mark.parametrize("data", [b"", b"%PDF-1.4", b"\x89PNG\r\n\x1a\n", b"PK\x03\x04rest", b"GIF89a", b"\xff\xd8\xff\xe0",
                                  b"<html></html>",
                                  b"a,b\n1,2\n", HEAD.encode(), b"\x00" * 500, b"Fecha,Atendida\n01/02/2024,Si\n"])
def test_what_is_no_table_of_tickets_is_refused_and_saves_nothing(desk: Desk, data: bytes) -> None:
    before = desk.fingerprint()
    with pytest.raises(ImportRefused):
        load(desk, data)
    assert desk.fingerprint() == before
