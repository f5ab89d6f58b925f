"""People come in from a table: known ones add nothing, unknown places and roles are told by row, nobody gets a password."""

from __future__ import annotations

import pytest

from core.access import Role
from core.accounts import credentials, passwords, people, recovery
from core.accounts.people import PeopleFilters
from core.errors import Forbidden, ImportRefused
from core.exchange.imports import batches
from core.exchange.imports.batches import ImportReport, Kind, Upload
from tests.databases import Desk

TABLE = """Nombre,Usuario,Correo,Teléfono,Rol,Empresa,Estación(es)
Lucía Peña,lucia.pena,Lucia@Example.mx,442 123 4567,Cliente,grupo norte,"E05804, e00173"
Raúl Soto,,raul@example.mx,,Operadora,,
Ana Paz,ana.paz,,,,,E14137
"""


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "ROUNDS", 4)


def load(desk: Desk, table: str, accept: bool = False) -> ImportReport:
    with desk.reading("admin") as work:
        found = batches.prepare(work, Upload(Kind.USERS, "usuarios.csv", table.encode()))
    with desk.begin("admin") as work:
        return batches.save(work, found, "usuarios.csv", accept_good_rows=accept)


def facts(desk: Desk, username: str) -> people.AccountFacts:
    with desk.reading("admin") as work:
        return people.account_named(work, username)


def test_spanish_headings_roles_companies_and_stations_are_understood(desk: Desk) -> None:
    report = load(desk, TABLE)
    assert (report.rows_read, report.new, report.known, report.rejected) == (3, 3, 0, [])
    assert len([note for note in report.assumptions if "1 fila" in note]) == 2
    lucia, raul, ana = (facts(desk, name) for name in ("lucia.pena", "raul@example.mx", "ana.paz"))
    north = desk.cast.companies["north"]
    assert (lucia.account.role, lucia.account.email, lucia.phone, lucia.company_id) == (
        Role.CUSTOMER, "lucia@example.mx", "442 123 4567", north)
    assert set(lucia.station_ids) == {desk.cast.stations["north"], desk.cast.stations["north_second"]}
    assert (raul.account.role, raul.company_id) == (Role.OPERATOR, None)
    assert (ana.account.role, ana.station_ids) == (Role.CUSTOMER, (desk.cast.stations["independent"],))
    assert report.to_dict()["users_new"] == 3


def test_a_second_import_adds_nobody(desk: Desk) -> None:
    load(desk, TABLE)
    before = desk.rows("SELECT * FROM users ORDER BY id")
    report = load(desk, TABLE)
    assert (report.new, report.known) == (0, 3)
    assert desk.rows("SELECT * FROM users ORDER BY id") == before


def test_who_has_a_known_user_name_or_address_is_left_as_they_are(desk: Desk) -> None:
    report = load(desk, "Nombre,Usuario,Correo,Rol\nOtra,AGENT,otra@example.mx,Gerente\n"
                        "Otro,nuevo,Operator@Example.mx,Analista\n")
    assert (report.new, report.known) == (0, 2)
    assert facts(desk, "agent").account.name == "Agent"


@pytest.mark.parametrize(("row", "reason"), [
    ("Eva,eva,,Jefe,,", "No existe el rol «Jefe»"), ("Eva,eva,,Cliente,Nadie SA,E05804", "No existe la empresa Nadie SA"),
    ("Eva,eva,,Cliente,,E99999", "No existe la estación E99999"), ("Eva,eva,,Cliente,,", "necesita una estación"),
    ("Eva,eva,,Cliente,Sur y Compañía,E05804", "una sola empresa"), ("Eva,eva,,Gerente,,E05804", "Solo los clientes"),
    (",eva,,Gerente,,", "nombre"), ("Eva,eva paz,,Gerente,,", "no sirve como nombre de usuario"),
    ("Eva,,,Gerente,,", "no sirve como nombre de usuario"), ("Eva,eva,sin-arroba,Gerente,,", "correo"),
    ("Eva,raul,,Gerente,,", "ya está en la fila 2"), ("Eva,eva,raul@example.mx,Gerente,,", "ya está en la fila 2"),
    ("#N/A,eva,,Gerente,,", "error de la hoja"), ("Eva,eva,,,,", "No existe el rol"),
])
def test_a_row_that_cannot_be_taken_is_told_by_number_and_blocks_the_file(desk: Desk, row: str, reason: str) -> None:
    table = f"Nombre,Usuario,Correo,Rol,Empresa,Estación\nRaúl,raul,raul@example.mx,Operador,,\n{row}\n"
    before = desk.fingerprint()
    with pytest.raises(ImportRefused, match="fila 3"):
        load(desk, table)
    assert desk.fingerprint() == before
    report = load(desk, table, accept=True)
    assert (report.new, [each.row for each in report.rejected]) == (1, [3])
    assert reason in report.rejected[0].reason


def test_nobody_gets_a_password_and_the_links_let_them_choose_one(desk: Desk) -> None:
    load(desk, TABLE)
    assert credentials.check("lucia.pena", "", "10.0.0.1") is None
    with desk.begin("admin") as work:
        assert recovery.waiting(work) == 3
        links = {username: link for _name, username, _email, link in recovery.invite_waiting(work)}
    started = recovery.choose_password(links["ana.paz"].rpartition("?key=")[2], "Caminos-anchos-93")
    assert started is not None
    with desk.begin("admin") as work:
        assert recovery.waiting(work) == 2


def test_a_corrected_mapping_is_followed_and_remembered(desk: Desk) -> None:
    data = "Quién,Clave,Qué hace\nEva,eva,Gerente\n".encode()
    with desk.reading("admin") as work, pytest.raises(ImportRefused, match="Nombre, Usuario"):
        batches.prepare(work, Upload(Kind.USERS, "x.csv", data))
    with desk.begin("admin") as work:
        found = batches.prepare(work, Upload(Kind.USERS, "x.csv", data, mapping={"name": 0, "username": 1, "role": 2}))
        batches.save(work, found, "x.csv")
    with desk.reading("admin") as work:
        assert batches.prepare(work, Upload(Kind.USERS, "x.csv", data)).good == 1
        assert people.people(work, PeopleFilters("eva")).total == 1


def test_only_administrators_import_people(desk: Desk) -> None:
    for who in ("manager", "operator", "agent", "analyst", "customer"):
        with pytest.raises(Forbidden), desk.reading(who) as work:
            batches.prepare(work, Upload(Kind.USERS, "x.csv", TABLE.encode()))
