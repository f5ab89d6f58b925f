"""The catalogue of stations: a GeoJSON map of petrol stations, or a table with one row a station.

The map's properties are ID, DESCRIPCIO, X, Y, ESTADO, MUNICIPIO, LOCALIDAD, COLONIA, CP, CALLE (Mexico, 2015).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.access import Permission
from core.directory import service as directory
from core.directory.models import Company, Station, StationPhone
from core.directory.phones import normalise
from core.directory.service import StationData
from core.errors import ImportRefused
from core.exchange.imports.headers import columns_of, is_empty, is_error, match
from core.exchange.imports.prepared import Kind, Prepared, Progress, Upload, Written
from core.exchange.imports.reading import Rejection, Table, read_table
from core.i18n import _, ngettext
from core.tickets import renaming
from core.work import Work

PHRASES: dict[str, tuple[str, ...]] = {
    "code": ("code", "codigo", "clave", "id", "estacion de servicio", "estacion", "no estacion", "numero de estacion",
             "codigo de estacion", "station", "station code", "clave de estacion"),
    "short_name": ("short name", "nombre corto", "nombre", "name", "alias"),
    "destination": ("destination", "destino", "numero de destino", "no destino"),
    "company": ("company", "empresa", "cliente", "compania", "grupo", "grupo gasolinero", "client"),
    "phones": ("phone", "phones", "telefono", "telefonos", "tel", "telephone"),
    "legal_name": ("legal name", "razon social"),
    "street": ("street", "calle", "direccion", "domicilio", "address"),
    "colonia": ("colonia", "neighbourhood", "neighborhood"),
    "locality": ("locality", "localidad", "ciudad", "city"),
    "municipality": ("municipality", "municipio", "alcaldia", "delegacion"),
    "state": ("state", "estado", "entidad"),
    "postcode": ("postcode", "cp", "codigo postal", "zip", "postal code"),
    "latitude": ("latitude", "latitud", "lat", "y"),
    "longitude": ("longitude", "longitud", "lon", "lng", "x"),
}
_TEXTS = ("legal_name", "street", "colonia", "locality", "municipality", "state", "postcode")
_CODE = re.compile(r"[A-Z0-9][A-Z0-9._/-]{0,19}")
_MAP_NAMES = {"code": "ID", "state": "ESTADO", "municipality": "MUNICIPIO", "locality": "LOCALIDAD", "colonia": "COLONIA",
              "postcode": "CP", "street": "CALLE", "longitude": "X", "latitude": "Y"}


@dataclass(frozen=True, slots=True)
class _Row:
    """A station of the file; `named` says that the file itself gives its short name."""

    data: StationData
    named: bool


def prepare(upload: Upload) -> Prepared:
    """Read a catalogue. Raises ImportRefused with what was expected."""
    if upload.content().lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"["):
        source, rows, notes, columns = "geojson", list(_features(upload)), [_map_note()], list(_MAP_NAMES.values())
        rejected: list[Rejection] = []
    else:
        table = read_table(upload.content(), upload.file_name)
        source, columns, notes, rejected = "table", table.columns, list(table.assumptions), list(table.rejected)
        rows = list(_lines(table))
    good, refused = _checked(rows)
    rejected = sorted([*rejected, *refused], key=lambda each: each.row)
    notes += _phone_notes(good)
    return Prepared(kind=Kind.STATIONS, source=source, rows_read=len(rows) + len(rejected) - len(refused), good=len(good),
                    head=_head(good), write=_Stations(good), rejected=rejected, assumptions=notes, columns=columns)


def _map_note() -> str:
    return _("The map gives no short names: a new station is called by its colonia, else by its municipality.")


def _features(upload: Upload) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        document = json.loads(upload.content().decode("utf-8-sig"))
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise ImportRefused(_("The file {name} is not a readable GeoJSON map. Nothing was saved.").format(
            name=upload.file_name)) from error
    features = document.get("features") if isinstance(document, dict) else None
    if not isinstance(features, list) or not features:
        raise ImportRefused(_("The file {name} is JSON but no map of stations: it has no list of features.").format(
            name=upload.file_name))
    for number, feature in enumerate(features, 1):
        found = feature.get("properties") if isinstance(feature, dict) else None
        properties: dict[str, Any] = found if isinstance(found, dict) else {}
        yield number, {field: _text(properties.get(name)) for field, name in _MAP_NAMES.items()}


def _text(value: Any) -> str:
    return " ".join(str(value).split()) if isinstance(value, (str, int, float)) else ""


def _lines(table: Table) -> Iterator[tuple[int, dict[str, str]]]:
    places = match(table.columns, PHRASES)
    if "code" not in places:
        raise ImportRefused(_("The file has no column with the code of the station. It has: {columns}. Expected for example: "
                              "Estación de servicio, Nombre corto, Destino, Teléfono.").format(
                                  columns=", ".join(table.columns[:15])))
    cells = columns_of(table, places)
    for place, number in enumerate(table.numbers.tolist()):
        yield number, {field: values[place] for field, values in cells.items()}


def _checked(rows: Sequence[tuple[int, dict[str, str]]]) -> tuple[list[_Row], list[Rejection]]:
    good: list[_Row] = []
    rejected: list[Rejection] = []
    first: dict[str, int] = {}
    for number, cells in rows:
        code = cells.get("code", "").upper()
        if not _CODE.fullmatch(code) or is_error(code):
            rejected.append(Rejection(number, _("The row has no usable code of a station: “{code}”.").format(code=code[:40])))
        elif code in first:
            rejected.append(Rejection(number, _("The station {code} is already in row {row} of this file.").format(
                code=code, row=first[code])))
        else:
            first[code] = number
            good.append(_row(code, cells))
    return good, rejected


def _row(code: str, cells: dict[str, str]) -> _Row:
    kept = {name: "" if is_empty(cell) or is_error(cell) else cell for name, cell in cells.items()}
    texts = {name: kept.get(name, "") for name in _TEXTS}
    if re.fullmatch(r"\d{4}", texts["postcode"]):
        texts["postcode"] = "0" + texts["postcode"]  # a spreadsheet took it for a number
    named = kept.get("short_name", "")
    phones = tuple(part.strip() for part in re.split(r"[;/|,]|\by\b", kept.get("phones", "")) if part.strip())
    return _Row(StationData(
        code=code, short_name=(named or texts["colonia"] or texts["municipality"].title() or code)[:80],
        destination=re.sub(r"\.0+$", "", kept.get("destination", ""))[:20], company=kept.get("company", "")[:120],
        phones=phones, latitude=_degrees(kept.get("latitude", ""), 90), longitude=_degrees(kept.get("longitude", ""), 180),
        **texts), bool(named))


def _degrees(cell: str, limit: int) -> float | None:
    try:
        value = float(cell.replace(",", "."))
    except ValueError:
        return None
    return value if -limit <= value <= limit and value != 0 else None


def _phone_notes(rows: Sequence[_Row]) -> list[str]:
    unknown = sum(1 for row in rows for phone in row.data.phones if normalise(phone) is None)
    if not unknown:
        return []
    return [ngettext("{count} telephone is no number of Mexico or abroad; it was left out.",
                     "{count} telephones are no numbers of Mexico or abroad; they were left out.", unknown).format(count=unknown)]


def _head(rows: Sequence[_Row]) -> pd.DataFrame:
    return pd.DataFrame([{"code": row.data.code, "short_name": row.data.short_name, "destination": row.data.destination,
                          "company": row.data.company, "phones": ", ".join(row.data.phones),
                          "municipality": row.data.municipality, "state": row.data.state} for row in rows[:10]])


@dataclass(frozen=True)
class _Stations:
    """Writes stations: new ones whole; of known ones what the file says, never emptying what the desk has."""

    rows: Sequence[_Row]

    def __call__(self, work: Work, import_id: int, progress: Progress | None) -> Written:
        work.require(Permission.MANAGE_CATALOGUES)
        known = {station.code: station for station in work.session.scalars(select(Station))}
        companies = {name: directory.ensure_company(work, name)
                     for name in dict.fromkeys(row.data.company for row in self.rows if row.data.company)}
        names: dict[int | None, str] = {
            row.id: row.name for row in work.session.execute(select(Company.id, Company.name))}
        new, renamed = 0, []
        for row in self.rows:
            station = known.get(row.data.code)
            if station is None:
                station = known[row.data.code] = Station(code=row.data.code, short_name=row.data.short_name, search="")
                work.session.add(station)
                new += 1
            before = (station.short_name, station.destination)
            _fill(station, row, companies, names)
            if station.id is not None and before != (station.short_name, station.destination):
                renamed.append(station.id)
        work.session.flush()
        for station_id in renamed:
            renaming.follow_station(work, station_id)
        _phones(work.session, {known[row.data.code].id: row.data.phones for row in self.rows if row.data.phones})
        if progress is not None:
            progress(len(self.rows), len(self.rows))
        return Written(new, len(self.rows) - new)


def _fill(station: Station, row: _Row, companies: dict[str, int], names: dict[int | None, str]) -> None:
    data = row.data
    if row.named:
        station.short_name = data.short_name
    if data.destination:
        station.destination = data.destination
    if data.company:
        station.company_id = companies[data.company]
    for name in _TEXTS:
        if value := getattr(data, name):
            setattr(station, name, value[:Station.__table__.c[name].type.length])  # type: ignore[attr-defined]  # a String
    if data.latitude is not None and data.longitude is not None:
        station.latitude, station.longitude = data.latitude, data.longitude
    station.search = directory.search_text(replace(
        data, short_name=station.short_name, destination=station.destination or "", company=names.get(station.company_id, ""),
        legal_name=station.legal_name or "", colonia=station.colonia or "", locality=station.locality or "",
        municipality=station.municipality or ""))


def _phones(session: Session, phones: dict[int, tuple[str, ...]]) -> None:
    known = {(row.station_id, row.number) for row in session.execute(select(StationPhone.station_id, StationPhone.number))}
    wanted = dict.fromkeys((station_id, number) for station_id, typed in phones.items() for phone in typed
                           if (number := normalise(phone)) is not None)
    session.add_all(StationPhone(station_id=station_id, number=number) for station_id, number in wanted
                    if (station_id, number) not in known)
    session.flush()
