"""Whose telephone is it: numbers of calls brought to one form, and the station they belong to.

Works column by column, because a file may hold a million callers; `phonenumbers` sees only what may be a station.
"""

from __future__ import annotations

from typing import cast

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import select

from core.directory.models import Contact, StationPhone
from core.directory.phones import normalise
from core.work import Work

_MEXICAN = r"^(?:(?:00)?521?|01|044|045)?(?P<ten>[2-9]\d{9})$"


def canonical_column(numbers: pa.Array) -> pa.Array:
    """Mexican numbers of ten digits, with any old or new prefix, as `+52...`; everything else as it came.

    The prefixes 01, 044, 045 and the 1 after 52 were abolished in August 2019 (IFT numbering plan).
    """
    digits = pc.replace_substring_regex(numbers, r"[\s().\-]", "")
    foreign = pc.and_(pc.starts_with(digits, "+"), pc.invert(pc.starts_with(digits, "+52")))
    ten = pc.struct_field(pc.extract_regex(pc.replace_substring_regex(digits, r"^\+", ""), _MEXICAN), "ten")
    found = pc.and_(pc.is_valid(ten), pc.invert(pc.fill_null(foreign, False)))
    return pc.if_else(found, pc.binary_join_element_wise("+52", pc.fill_null(ten, ""), ""), numbers)


def canonical(number: str) -> str:
    """One number as `canonical_column` gives it."""
    return cast(str, canonical_column(pa.array([number.strip()], pa.string()))[0].as_py())


def station_of(work: Work, *numbers: str) -> int | None:
    """The station of one call, by the first number that has one: its own telephone, else that of a contact."""
    for number in numbers:
        if (plain := normalise(number)) is None:
            continue
        own = select(StationPhone.station_id).where(StationPhone.number == plain).order_by(StationPhone.id).limit(1)
        contact = select(Contact.station_id).where(Contact.phone == plain).order_by(Contact.id.desc()).limit(1)
        if (found := work.session.scalar(own) or work.session.scalar(contact)) is not None:
            return found
    return None


class StationFinder:
    """Stations by telephone, read once for a whole file: their own numbers first, then those of their contacts."""

    def __init__(self, work: Work) -> None:
        self._stations: dict[str, int] = {}
        contacts = select(Contact.phone, Contact.station_id).where(Contact.phone.is_not(None)).order_by(Contact.id)
        own = select(StationPhone.number, StationPhone.station_id).order_by(StationPhone.id.desc())
        for statement in (contacts, own):
            for number, station_id in work.session.execute(statement):
                self._stations[str(number)] = station_id

    def column(self, calls: pd.DataFrame) -> list[int | None]:
        """Station id of each call of a frame whose `caller` and `dialled` are canonical; None where unknown."""
        if not self._stations:
            return [None] * len(calls)
        known = self._stations.get
        return [known(caller or "") or known(dialled or "")
                for caller, dialled in zip(calls["caller"].tolist(), calls["dialled"].tolist(), strict=True)]
