"""What a file holds, column by column, and the rows of it that could not be taken."""

from __future__ import annotations

from collections.abc import Iterator
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
        head = self._header_place()
        notes = list(self.assumptions)
        if head:
            notes.append(ngettext("{count} line above the header was taken for a title and left out.",
                                  "{count} lines above the header were taken for a title and left out.",
                                  head).format(count=head))
        width = int(self.widths[head])
        header = [str(column[head].as_py()) for column in self.data[:width]]
        while header and not header[-1] and self._blank_beyond(len(header) - 1, head + 1):
            header.pop()
        body = replace(self, columns=header, assumptions=notes, data=[column.slice(head + 1) for column in self.data],
                       numbers=self.numbers[head + 1:], widths=self.widths[head + 1:])
        return body._fitted(width)

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
