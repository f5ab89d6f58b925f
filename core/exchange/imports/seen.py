"""Which of many keys came before, at eight bytes a key: sorted runs of hashes, merged as they grow."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

Hashes = npt.NDArray[np.uint64]


class Seen:
    """Counts how often each key was seen. Two keys of a million are taken for one with a chance of 1 in 30,000,000."""

    def __init__(self) -> None:
        self._runs: list[Hashes] = []

    def count(self, hashes: Hashes) -> npt.NDArray[np.int64]:
        """How often each of the keys came before it, here and in earlier calls; from now on they all came before."""
        order = np.argsort(hashes, kind="stable")
        run = hashes[order]
        earlier = np.zeros(len(run), np.int64)
        for other in self._runs:
            begin = np.searchsorted(other, run)
            hits = np.flatnonzero(other[np.minimum(begin, len(other) - 1)] == run)
            earlier[hits] += np.searchsorted(other, run[hits], "right") - begin[hits]
        if len(run) and bool((run[1:] == run[:-1]).any()):
            earlier += pd.Series(run).groupby(run, sort=False).cumcount().to_numpy()
        self._keep(run)
        found = np.empty(len(run), np.int64)
        found[order] = earlier
        return found

    def _keep(self, run: Hashes) -> None:
        while self._runs and len(self._runs[-1]) <= 2 * len(run):
            run = np.concatenate([self._runs.pop(), run])
            run.sort(kind="stable")
        if len(run):
            self._runs.append(run)
