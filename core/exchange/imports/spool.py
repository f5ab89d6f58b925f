"""Calls that were checked and wait to be saved, on the disk: what stands in memory is one part of them."""

from __future__ import annotations

import os
import tempfile
import weakref
from collections.abc import Iterator

import pandas as pd
import pyarrow as pa

from core.config import get_settings


class Spool:
    """Frames in the order in which they were added. The file has no name, and goes with the last reference to it."""

    def __init__(self) -> None:
        folder = get_settings().data_dir
        self._file = tempfile.TemporaryFile(dir=folder if os.access(folder, os.W_OK) else None)  # noqa: SIM115 (kept open)
        weakref.finalize(self, self._file.close)
        self._places: list[tuple[int, int]] = []
        self.rows = 0

    def add(self, frame: pd.DataFrame) -> None:
        """Keep the rows of a frame; none is no part."""
        if not len(frame):
            return
        table = pa.Table.from_pandas(frame, preserve_index=False)
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, table.schema) as stream:
            stream.write_table(table)
        written = sink.getvalue()
        self._places.append((self._file.tell(), written.size))
        self._file.write(written)
        self.rows += len(frame)

    def __iter__(self) -> Iterator[pd.DataFrame]:
        """The frames; whoever reads at the same time reads the same."""
        self._file.flush()
        for place, size in self._places:
            with pa.ipc.open_stream(os.pread(self._file.fileno(), size, place)) as stream:
                yield stream.read_all().to_pandas(types_mapper=_TEXT.get)

    def __len__(self) -> int:
        return self.rows


_TEXT = {pa.string(): pd.ArrowDtype(pa.string())}
