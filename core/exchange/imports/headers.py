"""Which column is which by its header: accents, case, points and slips of the pen tolerated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any

from core.errors import ImportRefused
from core.exchange.imports.columns import fold
from core.exchange.imports.table import Table
from core.i18n import _

_ALIKE = 0.84  # `priorida` and `prioridad`, `estatu` and `estatus`; not `estado` and `estacion`
_EMPTY = {"", "-", "--", "?", "n/a", "na", "null", "none", "s/d", "sin dato"}
_ERRORS = ("#n/a", "#ref!", "#value!", "#¡valor!", "#¡ref!", "#name?", "#¿nombre?", "#div/0!", "#¡div/0!", "#null!", "#num!",
           "#¡num!", "#nulo!")


def match(columns: Sequence[str], phrases: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """Field -> place of its column. `phrases`: folded headers of each field; exact ones win, then the most alike."""
    folded = [fold(column) for column in columns]
    found: dict[str, int] = {}
    for field, names in phrases.items():
        for name in names:
            if name in folded and folded.index(name) not in found.values():
                found[field] = folded.index(name)
                break
    rest = [(_alike(folded[place], names), field, place) for field, names in phrases.items() if field not in found
            for place in range(len(folded)) if place not in found.values()]
    for likeness, field, place in sorted(rest, key=lambda each: (-each[0], each[2])):
        if likeness >= _ALIKE and field not in found and place not in found.values():
            found[field] = place
    return found


def _alike(name: str, phrases: Sequence[str]) -> float:
    if len(name) < 5:
        return 0.0
    return max(SequenceMatcher(None, name, phrase, autojunk=False).ratio() for phrase in phrases)


def chosen(mapping: Mapping[str, Any], columns: Sequence[str], known: Sequence[str]) -> dict[str, int]:
    """A mapping that a person made (places from 0, or headers). Raises ImportRefused for what the file does not have."""
    folded = [fold(column) for column in columns]
    result: dict[str, int] = {}
    for field, column in mapping.items():
        place = folded.index(fold(column)) if isinstance(column, str) and fold(column) in folded else column
        if field not in known or type(place) is not int or not 0 <= place < len(columns):
            raise ImportRefused(_("The mapping names a field or a column that is not known: {name}. Nothing was saved.").format(
                name=f"{field}: {column}"))
        result[field] = place
    return result


def columns_of(table: Table, mapping: Mapping[str, int]) -> dict[str, list[str]]:
    """Cells of each mapped field, with inner spaces made single."""
    return {field: [" ".join(cell.replace("\xa0", " ").split()) for cell in table.data[place].to_pylist()]
            for field, place in mapping.items()}


def is_empty(cell: str) -> bool:
    """Whether a cell says nothing: blank, a dash, N/A."""
    return cell.casefold() in _EMPTY


def is_error(cell: str) -> bool:
    """Whether a spreadsheet wrote an error instead of a value (`#N/A`, `#REF!`)."""
    return cell.casefold() in _ERRORS
