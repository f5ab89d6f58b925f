"""What the form of a new customer means: station codes as typed -> company and stations."""

from __future__ import annotations

from core.directory import queries as directory
from core.errors import DeskError
from core.i18n import _
from core.work import Work


def stations_of(work: Work, codes: str | None) -> tuple[int | None, tuple[int, ...]]:
    """Company and ids of the stations typed; raises DeskError naming an unknown code or stations of two companies."""
    found = []
    for code in filter(None, (part.strip() for part in (codes or "").split(","))):
        station = directory.station_by_code(work, code)
        if station is None:
            raise DeskError(_("There is no station {code}. Nothing was saved.").format(code=code))
        found.append(station)
    companies = {station.company_id for station in found}
    if len(companies) != 1:
        raise DeskError(_("A customer needs stations of one company. Nothing was saved."))
    return companies.pop(), tuple(station.id for station in found)
