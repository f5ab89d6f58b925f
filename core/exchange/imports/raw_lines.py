"""Rows of an exchange's file as they are kept with their call, to be shown and to be read again."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from core.exchange.imports.table import Table

LENGTH = 2000  # of `call_legs.raw`


def raw_lines(table: Table) -> pa.Array:
    """Each row as one line of CSV, at most LENGTH characters.

    Of one that is too long each cell is cut, so that what is kept can be read again.
    """
    whole = _joined(table.data)
    if (pc.max(pc.utf8_length(whole)).as_py() or 0) <= LENGTH:
        return whole
    room = LENGTH // (2 * len(table.data)) - 3  # were each character a quote, to be written twice
    short = _joined([pc.utf8_slice_codeunits(column, 0, max(1, room)) for column in table.data])
    return pc.if_else(pc.greater(pc.utf8_length(whole), LENGTH), short, whole)


def _joined(columns: list[pa.Array]) -> pa.Array:
    cells = []
    for column in columns:
        special = pc.match_substring_regex(column, r'[",\n]')
        quoted = pc.binary_join_element_wise('"', pc.replace_substring(column, '"', '""'), '"', "")
        cells.append(pc.if_else(special, quoted, column))
    return pc.binary_join_element_wise(*cells, ",")
