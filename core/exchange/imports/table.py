"""What a file holds, column by column, and the rows of it that could not be taken."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from core.errors import ImportRefused
from core.i18n import _, ngettext


@dataclass(frozen=True, slots=True)
class Rejection:
    """A row that was not taken: its physical line number in the file (from 1) and why, in the user's language."""

    row: int
    reason: str


@dataclass(frozen=True, slots=True)
class Header:
    """Names of the columns, the place of their row from 0, and how many fields that row has."""

    place: int
    width: int
    columns: tuple[str, ...]

    @property
    def notes(self) -> list[str]:
        """What was assumed."""
        return [ngettext("{count} line above the header was taken for a title and left out.",
                         "{count} lines above the header were taken for a title and left out.",
                         self.place).format(count=self.place)] if self.place else []


@dataclass(frozen=True)
class Table:
    """What a file holds, column by column.

    `columns`: header (empty while no header was taken); `data`: one string array per column, cells stripped, '' where
    empty; `numbers`: physical line number of each row (int64); `widths`: fields found in each row (int32).
    """

    columns: list[str]
    data: list[pa.Array]
    numbers: npt.NDArray[np.int64]
    widths: npt.NDArray[np.int32]
    encoding: str
    separator: str
    assumptions: list[str] = field(default_factory=list)
    rejected: list[Rejection] = field(default_factory=list)
    file_name: str = ""

    def __len__(self) -> int:
        return len(self.numbers)

    @property
    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """(physical line number, cells) of each row; cells are '' where empty."""
        step = 10_000
        for begin in range(0, len(self), step):
            cells = [column.slice(begin, step).to_pylist() for column in self.data]
            for number, *row in zip(self.numbers[begin:begin + step].tolist(), *cells, strict=True):
                yield number, row

    def slice(self, begin: int, size: int) -> Table:
        """Some rows in their order."""
        return replace(self, data=[column.slice(begin, size) for column in self.data], numbers=self.numbers[begin:begin + size],
                       widths=self.widths[begin:begin + size])

    def take(self, keep: npt.NDArray[np.bool_]) -> Table:
        """The rows where `keep` is true."""
        if bool(keep.all()):
            return self
        mask = pa.array(keep)
        return replace(self, data=[column.filter(mask) for column in self.data], numbers=self.numbers[keep],
                       widths=self.widths[keep])

    def with_header(self) -> Table:
        """The same table with its first row as header; rows of another width are rejected by number.

        Leading rows with one filled cell are a title, not a header, when the table is wider.
        """
        if not len(self):
            raise ImportRefused(_("The file is empty. Expected: a header and one row per record, as CSV or XLSX."))
        header = self.header()
        return replace(self.slice(header.place + 1, len(self)).under(header),
                       assumptions=[*self.assumptions, *header.notes])

    def header(self, least: int = 0) -> Header:
        """Where the header stands and what it says. `least`: columns that are kept though without a name and empty here."""
        place = self._header_place()
        width = int(self.widths[place])
        names = [str(column[place].as_py()) for column in self.data[:width]]
        while len(names) > least and names and not names[-1] and self._blank_beyond(len(names) - 1, place + 1):
            names.pop()
        return Header(place, width, tuple(names))

    def under(self, header: Header) -> Table:
        """The rows as those of a header above them; rows of another width are rejected by number."""
        lacking = [pa.array([""] * len(self), pa.string())] * max(0, len(header.columns) - len(self.data))
        return replace(self, columns=list(header.columns), data=[*self.data, *lacking])._fitted(header.width)

    def filled_beyond(self, header: Header) -> int:
        """How many columns must be kept, as one without a name is not empty here; 0 when those of the header do."""
        places = range(len(header.columns), min(header.width, len(self.data)))
        return max((place + 1 for place in places if pc.max(pc.binary_length(self.data[place])).as_py()), default=0)

    def _header_place(self) -> int:
        wide = int(self.widths.max())
        for place in range(min(len(self), 20)):
            filled = sum(1 for column in self.data if column[place].as_py())
            if filled > 1 or wide == 1:
                return place
        return 0

    def _blank_beyond(self, place: int, begin: int) -> bool:
        return all(pc.max(pc.binary_length(column.slice(begin))).as_py() in (None, 0) for column in self.data[place:])

    def _fitted(self, width: int) -> Table:
        """Reject rows that are shorter than the header, or longer with something in the excess cells."""
        if self.separator == "":
            return replace(self, data=self.data[:len(self.columns)])
        wrong = self.widths < width
        for place in range(width, len(self.data)):
            wrong |= pc.greater(pc.binary_length(self.data[place]), 0).to_numpy(zero_copy_only=False)
        reasons = [Rejection(int(number), _("The row has {found} fields where the header has {expected}; it is cut or "
                                            "its quotes are broken.").format(found=int(found), expected=width))
                   for number, found in zip(self.numbers[wrong], self.widths[wrong], strict=True)]
        kept = self.take(~wrong)
        return replace(kept, data=kept.data[:len(self.columns)],
                       rejected=sorted([*self.rejected, *reasons], key=lambda each: each.row))


def joined(parts: Sequence[Table]) -> Table:
    """The parts of a file as one table."""
    wide = max(len(part.data) for part in parts)
    columns = [pa.concat_arrays([part.data[place] if place < len(part.data) else pa.array([""] * len(part), pa.string())
                                 for part in parts]) for place in range(wide)]
    return replace(parts[0], data=columns, numbers=np.concatenate([part.numbers for part in parts]),
                   widths=np.concatenate([part.widths for part in parts]),
                   rejected=[each for part in parts for each in part.rejected])
