"""Which company and stations a customer stands for, as a form or a file says it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from core.access import Permission
from core.directory.models import Company, Station
from core.errors import Invalid
from core.fulltext import fold
from core.i18n import _
from core.work import Work


@dataclass(frozen=True, slots=True)
class Place:
    """Company and stations of a customer; staff have none."""

    company_id: int | None = None
    station_ids: tuple[int, ...] = ()


def codes_in(text: str) -> list[str]:
    """Station codes out of what was typed: `E05804, e05811`."""
    return list(dict.fromkeys(part.strip().upper() for part in re.split(r"[,;/|\n]+", text) if part.strip()))


class Places:
    """The stations (those of `codes`, else all) and companies that places are made of, read once. Needs MANAGE_USERS."""

    def __init__(self, work: Work, codes: Sequence[str] | None = None) -> None:
        work.require(Permission.MANAGE_USERS)
        stations = select(Station.code, Station.id, Station.company_id).where(Station.active)
        if codes is not None:
            stations = stations.where(Station.code.in_(codes))
        self._stations = {row.code: (row.id, row.company_id) for row in work.session.execute(stations)}
        rows = work.session.execute(select(Company.id, Company.name).where(Company.active)).all()
        self._companies = {row.id for row in rows}
        self._named = {fold(row.name): row.id for row in rows}

    def company(self, name: str) -> int:
        """Id of a company by its name, case and accents apart. Raises Invalid."""
        found: int | None = self._named.get(fold(" ".join(name.split())))
        if found is None:
            raise Invalid({"company": _("There is no company {name}.").format(name=name[:60])})
        return found

    def place(self, company_id: int | None, codes: Sequence[str], sees_company: bool) -> Place:
        """Company and stations of a customer. The company of the stations is taken when none is named.

        Raises Invalid: an unknown company or station, stations of other companies, neither station nor whole company.
        """
        for code in codes:
            if code not in self._stations:
                raise Invalid({"stations": _("There is no station {code}.").format(code=code[:40])})
        owners = {self._stations[code][1] for code in codes}
        if company_id is None and len(owners) == 1:
            company_id = owners.pop()
        elif owners - {company_id}:
            raise Invalid({"stations": _("A customer needs stations of one company.")})
        if company_id is not None and company_id not in self._companies:
            raise Invalid({"company": _("There is no such company.")})
        if not codes and not (company_id is not None and sees_company):
            raise Invalid({"stations": _("A customer needs a station, or a company and the view of all its tickets.")})
        if sees_company and company_id is None:
            raise Invalid({"company": _("Choose the company whose tickets are seen.")})
        return Place(company_id, tuple(self._stations[code][0] for code in codes))


def codes_of(work: Work, station_ids: tuple[int, ...]) -> list[str]:
    """Codes of stations, in order, also of those that are not used any more. Needs MANAGE_USERS."""
    work.require(Permission.MANAGE_USERS)
    return list(work.session.scalars(select(Station.code).where(Station.id.in_(station_ids)).order_by(Station.code)))
