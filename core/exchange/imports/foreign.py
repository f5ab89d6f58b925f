"""Call records of other exchanges, which look like a table of calls and are none: refused by name, with what is missing.

Headers and words are those of the makers' manuals: Cisco Unified CM (CDR and CMR), FreeSWITCH mod_cdr_csv, Avaya IP Office
SMDR, Panasonic and Mitel SMDR listings.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np

from core.errors import ImportRefused
from core.exchange.imports.reading import Table
from core.i18n import _

_CAUSE = re.compile(r"(NORMAL_CLEARING|ORIGINATOR_CANCEL|NO_ANSWER|USER_BUSY|NO_USER_RESPONSE|ALLOTTED_TIMEOUT|CALL_REJECTED)")
_AVAYA = re.compile(r"\d{4}/\d\d/\d\d \d\d:\d\d:\d\d")
_LISTING = re.compile(r"\d\d?/\d\d/\d\d +\d\d?:\d\d(AM|PM)? +\d{2,5} +\d{2,3} ")


def _cisco(rows: list[list[str]]) -> bool:
    return rows[0][0].strip('"') == "cdrRecordType" or "globalCallID_callId" in rows[0]


def _freeswitch(rows: list[list[str]]) -> bool:
    return _most(rows, lambda row: any(_CAUSE.fullmatch(cell) for cell in row))


def _avaya(rows: list[list[str]]) -> bool:
    """Start, length h:mm:ss, ring seconds, caller, direction I or O, ..."""
    return _most(rows, lambda row: len(row) >= 28 and bool(_AVAYA.fullmatch(row[0])) and row[4] in ("I", "O"))


def _listing(rows: list[list[str]]) -> bool:
    return _most(rows, lambda row: bool(_LISTING.match(" ".join(row))))


def _most(rows: list[list[str]], holds: Callable[[list[str]], bool]) -> bool:
    return sum(1 for row in rows if holds(row)) * 2 > len(rows)


_KINDS: dict[str, Callable[[list[list[str]]], bool]] = {
    "Cisco Unified CM": _cisco, "FreeSWITCH": _freeswitch, "Avaya IP Office SMDR": _avaya, "Panasonic/Mitel SMDR": _listing}


def refuse(raw: Table) -> None:
    """Raise ImportRefused when a file read without header is the record of another exchange."""
    rows = [row for _number, row in raw.take(np.arange(len(raw)) < 40).rows]
    for name, recognised in _KINDS.items():
        if rows and recognised(rows):
            raise ImportRefused(_("This is a call record of {name}. It cannot be read as it is: it lacks the channel and the "
                                  "disposition by which Asterisk tells who answered. Export a table with one row a call: date "
                                  "and time, how it ended, wait, talk time, who called and who answered.").format(name=name))
