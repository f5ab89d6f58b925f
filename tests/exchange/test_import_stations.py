"""The station catalogue comes in from the map and from tables, as often as one likes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from core.directory import queries
from core.errors import DeskError, ImportRefused
from core.exchange.imports import batches
from core.exchange.imports.batches import ImportReport, Kind, Upload
from tests.databases import Desk

MAP = Path(__file__).parents[3] / "shared/data/stations/mx_estaciones_de_servicio_2015.geo.json"
SAMPLE = Path(__file__).parents[2] / "data/samples/stations.csv"


def load(desk: Desk, data: bytes, name: str = "estaciones.csv", accept: bool = True) -> ImportReport:
    with desk.reading("admin") as work:
        found = batches.prepare(work, Upload(Kind.STATIONS, name, data))
    with desk.begin("admin") as work:
        return batches.save(work, found, name, accept_good_rows=accept)


@pytest.mark.skipif(not MAP.is_file(), reason="the shared data are not here")
@pytest.mark.sqlite_only
def test_the_whole_map_comes_in_once(desk: Desk) -> None:
    before = desk.rows("SELECT count(*) FROM stations")[0][0]
    first = load(desk, MAP.read_bytes(), "mapa.geo.json")
    again = load(desk, MAP.read_bytes(), "mapa.geo.json")
    assert (first.rows_read, first.new + first.known, len(first.rejected)) == (10_132, 10_130, 2)
    assert all("ya está en la fila" in each.reason for each in first.rejected)
    assert (again.new, again.known) == (0, 10_130)
    assert desk.rows("SELECT count(*) FROM stations")[0][0] == before + first.new
    with desk.reading("admin") as work:
        station = queries.station_by_code(work, "E00173")
    assert station is not None
    assert station.state


def test_our_own_samples_come_in_with_company_and_telephone(desk: Desk) -> None:
    report = load(desk, SAMPLE.read_bytes())
    assert (report.rows_read, report.new + report.known, report.rejected) == (122, 122, [])
    with desk.reading("admin") as work:
        station = queries.station_by_code(work, "E05804")
        assert station is not None
        assert (station.short_name, station.destination) == ("Juriquilla", "193")
        assert queries.station_by_phone(work, station.phones[0]) is not None


@pytest.mark.parametrize("written", ["442 123 4567", "01 442 123 4567", "044 442 123 4567", "045 4421234567",
                                     "+52 1 442 123 4567",
                                     "521 442 123 4567", "(442) 123-4567"])
def test_telephones_of_every_mexican_form_are_one(desk: Desk, written: str) -> None:
    load(desk, f"Código;Nombre corto;Teléfono\nE77777;Prueba;{written}\n".encode())
    assert desk.rows("SELECT number FROM station_phones p JOIN stations s ON s.id = p.station_id WHERE s.code = 'E77777'") == [
        ("+524421234567",)]


def test_a_second_import_changes_what_the_file_says_and_empties_nothing(desk: Desk) -> None:
    load(desk, b"code,short_name,destination,company,phone\nE77777,Uno,111,Grupo Uno,4421234567\n")
    report = load(desk, b"code,short_name,destination,company,phone\nE77777,Dos,,,\n")
    assert (report.new, report.known) == (0, 1)
    with desk.reading("admin") as work:
        station = queries.station_by_code(work, "e77777")
    assert station is not None
    assert (station.short_name, station.destination, station.company, station.phones) == ("Dos", "111", "Grupo Uno",
                                                                                          ("+524421234567",))


def test_a_map_never_renames_a_station(desk: Desk) -> None:
    load(desk, b"code,short_name\nE77777,Juriquilla\n")
    feature = {"type": "Feature", "properties": {"ID": "E77777", "COLONIA": "Centro", "CP": "2250", "X": "-99.1", "Y": "19.4"}}
    load(desk, json.dumps({"type": "FeatureCollection", "features": [feature]}).encode(), "mapa.json")
    assert desk.rows("SELECT short_name, postcode, colonia FROM stations WHERE code = 'E77777'") == [("Juriquilla", "02250",
                                                                                                      "Centro")]


def test_rows_without_a_code_are_told_by_number(desk: Desk) -> None:
    report = load(desk, b"code,short_name\nE77777,Uno\n,Dos\n#N/A,Tres\ne77777,Cuatro\n")
    assert [each.row for each in report.rejected] == [3, 4, 5]
    assert report.new == 1


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b'{"features": []}', b'{"features": 3}', b'{"a": 1}', b"a,b\n1,2\n",
                                  b"\x89PNG\r\n\x1a\n123",
                                  b"%PDF-1.4 x", b"code\n", b"\x00\x01\x02" * 50, b'{"features": [3, null]}', b"[" * 100_000])
def test_what_is_no_catalogue_is_refused_in_spanish_and_saves_nothing(desk: Desk, data: bytes) -> None:
    before = desk.fingerprint()
    with pytest.raises(ImportRefused, match=r"[Ff]ila|archivo|mapa|Ninguna"):
        load(desk, data, "cosa.csv")
    assert desk.fingerprint() == before


def test_only_those_with_the_permission_import(desk: Desk) -> None:
    for who in ("manager", "operator", "agent", "analyst", "customer"):
        with desk.reading(who) as work, pytest.raises(DeskError):
            batches.prepare(work, Upload(Kind.STATIONS, "a.csv", b"code,short_name\nE1,Uno\n"))
