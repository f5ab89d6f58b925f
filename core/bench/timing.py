"""Measuring: enough repetitions, the middle and the slow end."""

from __future__ import annotations

import os
import resource
from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter, process_time
from typing import Any

import numpy as np


@dataclass(frozen=True, slots=True)
class Timing:
    """Milliseconds of one job over `runs` repetitions; `cpu_s` is processor time of one run."""

    ms_p50: float
    ms_p95: float
    runs: int
    cpu_s: float


def measure(job: Callable[[], Any], *, least: int = 20, seconds: float = 1.0, warm: int = 2) -> Timing:
    """Run a job at least `least` times and for at least `seconds`, after `warm` runs that are not counted."""
    for _round in range(warm):
        job()
    taken: list[float] = []
    begin, processor = perf_counter(), process_time()
    while len(taken) < least or perf_counter() - begin < seconds:
        start = perf_counter()
        job()
        taken.append((perf_counter() - start) * 1000)
    used = (process_time() - processor) / len(taken)
    return Timing(float(np.percentile(taken, 50)), float(np.percentile(taken, 95)), len(taken), used)


def machine() -> dict[str, Any]:
    """What the figures were measured on: processors, load of the last minute, most memory this process had (MB)."""
    return {"cpus": os.cpu_count(), "load_1min": round(os.getloadavg()[0], 2),
            "peak_rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024}
