"""Which company and stations a customer stands for, as a form or a file says it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sqlalchemy import select

from core.access import Permission
from core.directory.models import Company, Station
from core.errors import Invalid
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


def place(work: Work, company_id: int | None, codes: list[str], sees_company: bool) -> Place:
    """Company and stations of a customer. The company of the stations is taken when none is named.

    Raises Invalid: an unknown company or station, stations of other companies, neither station nor whole company.
    """
    work.require(Permission.MANAGE_USERS)
    found = {station.code: station for station in work.session.scalars(
        select(Station).where(Station.code.in_(codes), Station.active))}
    for code in codes:
        if code not in found:
            raise Invalid({"stations": _("There is no station {code}.").format(code=code[:40])})
    owners = {station.company_id for station in found.values()}
    if company_id is None and len(owners) == 1:
        company_id = owners.pop()
    elif owners - {company_id}:
        raise Invalid({"stations": _("A customer needs stations of one company.")})
    if company_id is not None and work.session.get(Company, company_id) is None:
        raise Invalid({"company": _("There is no such company.")})
    if not found and not (company_id is not None and sees_company):
        raise Invalid({"stations": _("A customer needs a station, or a company and the view of all its tickets.")})
    if sees_company and company_id is None:
        raise Invalid({"company": _("Choose the company whose tickets are seen.")})
    return Place(company_id, tuple(found[code].id for code in codes))


def codes_of(work: Work, station_ids: tuple[int, ...]) -> list[str]:
    """Codes of stations, in order, also of those that are not used any more. Needs MANAGE_USERS."""
    work.require(Permission.MANAGE_USERS)
    return list(work.session.scalars(select(Station.code).where(Station.id.in_(station_ids)).order_by(Station.code)))
