"""People out of a table, one a row: customers with their stations, staff with their roles. They get no password.

Whoever is known by user name or address is left as they are: a second import of a file adds nobody.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from sqlalchemy import select

from core.access import Permission, Role
from core.accounts import checks, passwords
from core.accounts.models import User, UserStation
from core.audit import Action
from core.directory import customers
from core.directory.customers import Place, Places
from core.errors import Invalid
from core.exchange.imports.columns import fold, signature
from core.exchange.imports.headers import chosen, columns_of, is_empty, is_error, match
from core.exchange.imports.prepared import ColumnsMissing, Kind, Prepared, Progress, Upload, Written
from core.exchange.imports.reading import Rejection, Table, read_table
from core.i18n import _, labels, ngettext
from core.work import Work

PHRASES: dict[str, tuple[str, ...]] = {
    "name": ("nombre", "nombre completo", "name", "full name", "nombre y apellidos", "persona", "contacto"),
    "username": ("usuario", "nombre de usuario", "user name", "username", "user", "login", "cuenta"),
    "email": ("correo", "correo electronico", "email", "e mail", "mail"),
    "phone": ("telefono", "phone", "tel", "celular", "movil", "telephone"),
    "role": ("rol", "role", "perfil", "tipo de usuario", "puesto"),
    "company": ("empresa", "company", "cliente", "compania", "grupo", "razon social"),
    "stations": ("estaciones", "estacion", "estacion es", "station", "stations", "estacion de servicio", "codigo de estacion"),
    "sees_company": ("ve toda la empresa", "toda la empresa", "ve empresa", "sees company", "whole company"),
}
FIELDS = tuple(PHRASES)
_ROLES = {
    Role.MANAGER: "gerente|manager", Role.OPERATOR: "operador|operadora|operator",
    Role.AGENT: "propietario|propietaria|agente|agent|owner", Role.ANALYST: "analista|analyst",
    Role.CUSTOMER: "cliente|customer|client", Role.ADMIN: "administrador|administradora|admin|administrator",
}
_ROLE = {word: role for role, words in _ROLES.items() for word in words.split("|")}
_YES = frozenset({"si", "yes", "x", "1", "true", "verdadero", "s", "y"})
_STEP = 200


@dataclass(frozen=True, slots=True)
class _Person:
    """A person of the file, checked."""

    row: int
    username: str
    name: str
    email: str | None
    phone: str | None
    role: Role
    place: Place
    sees_company: bool


def prepare(work: Work, upload: Upload, remembered: Mapping[str, Mapping[str, Any]]) -> Prepared:
    """Read a table of people and check each against the desk's companies and stations. Raises Forbidden, ImportRefused."""
    work.require(Permission.MANAGE_USERS)
    table = read_table(upload.content(), upload.file_name)
    header = signature(table.columns)
    wanted = upload.mapping if upload.mapping is not None else remembered.get(header)
    mapping = match(table.columns, PHRASES) if wanted is None else chosen(wanted, table.columns, FIELDS)
    if "name" not in mapping or not {"username", "email"} & set(mapping):
        raise ColumnsMissing(_("The file has no columns with names and with user names or addresses. It has: {columns}. Expected "
                              "for example: Nombre, Usuario, Correo, Rol, Empresa, Estación.").format(
                                  columns=", ".join(table.columns[:15])), table.columns, mapping, "table")
    reader = _Reader(Places(work))
    people = list(reader.people(table, mapping))
    rejected = sorted([*table.rejected, *reader.rejected], key=lambda each: each.row)
    return Prepared(kind=Kind.USERS, source="table", rows_read=len(table) + len(table.rejected), good=len(people),
                    head=_head(people), write=_People(people), rejected=rejected,
                    assumptions=[*table.assumptions, *reader.notes()], columns=table.columns, mapping=dict(mapping),
                    signature=header)


class _Reader:
    """Turns rows into people; keeps what was refused and what was assumed."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self._first: dict[str, int] = {}
        self._assumed: Counter[str] = Counter()
        self.rejected: list[Rejection] = []

    def people(self, table: Table, mapping: Mapping[str, int]) -> Iterator[_Person]:
        """The rows that can be taken."""
        cells = columns_of(table, mapping)
        for place, number in enumerate(table.numbers.tolist()):
            row = {field: "" if is_empty(values[place]) else values[place] for field, values in cells.items()}
            try:
                yield self._person(number, {field: row.get(field, "") for field in FIELDS})
            except Invalid as refusal:
                self.rejected.append(Rejection(number, " ".join(refusal.fields.values())))

    def notes(self) -> list[str]:
        """What was assumed."""
        found = []
        if count := self._assumed["username"]:
            found.append(ngettext("{count} row has no user name: the e-mail address is it.",
                                  "{count} rows have no user name: the e-mail address is it.", count).format(count=count))
        if count := self._assumed["role"]:
            found.append(ngettext("{count} row names no role but a company or station: a customer.",
                                  "{count} rows name no role but a company or station: customers.", count).format(count=count))
        return found

    def _person(self, number: int, cells: dict[str, str]) -> _Person:
        for cell in cells.values():
            if is_error(cell):
                raise Invalid({"row": _("A cell holds an error of the spreadsheet: {cell}.").format(cell=cell)})
        username = (cells["username"] or cells["email"]).lower()
        role = self._role(cells)
        wrong = checks.without_none({
            "name": checks.name(cells["name"]), "email": checks.email(cells["email"]), "phone": checks.phone(cells["phone"]),
            "username": None if checks.USERNAME.fullmatch(username) else _("“{name}” is no usable user name.").format(
                name=username[:40])})
        if wrong:
            raise Invalid(wrong)
        whole = fold(cells["sees_company"]) in _YES
        place = self._place(role, cells, whole)
        self._once(number, username, cells["email"].lower())
        self._assumed["username"] += not cells["username"]
        return _Person(number, username, cells["name"], cells["email"].lower() or None, cells["phone"] or None, role, place,
                       whole and role is Role.CUSTOMER)

    def _role(self, cells: dict[str, str]) -> Role:
        if not cells["role"] and (cells["stations"] or cells["company"]):
            self._assumed["role"] += 1
            return Role.CUSTOMER
        role = _ROLE.get(fold(cells["role"]))
        if role is None:
            raise Invalid({"role": _("There is no role “{role}”. There are: {roles}.").format(
                role=cells["role"][:40], roles=", ".join(labels.role(each.value) for each in _ROLES))})
        return role

    def _place(self, role: Role, cells: dict[str, str], whole: bool) -> Place:
        if role is not Role.CUSTOMER:
            if cells["stations"] or cells["company"]:
                raise Invalid({"company": _("Only customers have a company and stations.")})
            return Place()
        company = self._places.company(cells["company"]) if cells["company"] else None
        return self._places.place(company, customers.codes_in(cells["stations"]), whole)

    def _once(self, number: int, username: str, email: str) -> None:
        for key in dict.fromkeys((username, email)):
            if key and self._first.setdefault(key, number) != number:
                raise Invalid({"username": _("{name} is already in row {row} of this file.").format(
                    name=key, row=self._first[key])})


def _head(people: Sequence[_Person]) -> pd.DataFrame:
    return pd.DataFrame([{_("Name"): each.name, _("User name"): each.username, _("E-mail"): each.email or "",
                          _("Role"): labels.role(each.role.value), _("Telephone"): each.phone or "",
                          _("Stations"): len(each.place.station_ids) or ""} for each in people[:10]])


@dataclass(frozen=True)
class _People:
    """Writes people that the desk does not know; they cannot sign in before they choose a password by an invitation."""

    people: Sequence[_Person]

    def __call__(self, work: Work, import_id: int, progress: Progress | None) -> Written:
        work.require(Permission.MANAGE_USERS)
        known = {text for row in work.session.execute(select(User.username, User.email)) for text in row if text}
        new = 0
        for done, person in enumerate(self.people, 1):
            if not known & {person.username, person.email}:
                _add(work, person, import_id)
                new += 1
            if progress is not None and done % _STEP == 0:
                progress(done, len(self.people))
        work.session.flush()
        return Written(new, len(self.people) - new)


def _add(work: Work, person: _Person, import_id: int) -> None:
    user = User(username=person.username, name=person.name, email=person.email, phone=person.phone, role=person.role,
                password_hash=passwords.NOBODY, must_change_password=True, company_id=person.place.company_id,
                sees_company=person.sees_company, created_at=work.now)
    work.session.add(user)
    work.session.flush()
    work.session.add_all([UserStation(user_id=user.id, station_id=station) for station in person.place.station_ids])
    work.record(Action.USER_CREATED, object_kind="user", object_id=user.id, after={
        "username": user.username, "name": user.name, "role": user.role.value, "import": import_id})
