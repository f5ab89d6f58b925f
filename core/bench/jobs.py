"""J1 to J7: what people and machines do most, measured on the generated desk."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

from core import work as works
from core.access import SYSTEM
from core.bench import checks, grid
from core.bench import pages as timed_pages
from core.bench.desk import NOW
from core.bench.timing import Timing, machine, measure
from core.calls import queries as calls
from core.exchange import exports
from core.exchange.imports import batches
from core.reporting.numbers import OverviewFilters
from core.reporting.overview import overview
from core.reporting.performance import performance
from core.reporting.periods import Period
from core.search import queries as searching
from core.tickets import service
from core.tickets.filters import Filters
from core.tickets.service import NewTicket
from core.work import Work

Row = dict[str, Any]
_IMPORTED = {"small": 100_000, "medium": 1_000_000, "large": 1_000_000}


def row(job: str, size: str, timing: Timing, **more: Any) -> Row:
    """One line of the result."""
    return {"job": job, "size": size, "ms_p50": round(timing.ms_p50, 2), "ms_p95": round(timing.ms_p95, 2), "runs": timing.runs,
            "cpu_s": round(timing.cpu_s, 4), **more, **machine()}


def reading(size: str) -> Iterator[Row]:
    """J1, J2, J3, J5: nothing is written."""
    with works.reading(SYSTEM, NOW) as work:
        yield row("J1 status summary, this month", size, measure(lambda: overview(work, OverviewFilters(_period(1)))))
        yield row("J1 status summary, 12 months", size, measure(lambda: overview(work, OverviewFilters(_period(12)))))
        yield row("J1 status summary, one owner", size, measure(lambda: overview(work, OverviewFilters(_period(12), owner_id=9))))
        for months in (1, 12):
            yield row(f"J1 service times, {months} months", size,
                      measure(lambda months=months: performance(work, OverviewFilters(_period(months)))))  # type: ignore[misc]
        yield row("J2 monthly calls", size, measure(lambda: calls.monthly_summary(work)))
        yield from _grid(work, size)
        for name, word in (("rare word", grid.RARE_WORD), ("common word", grid.COMMON_WORD), ("two words", "bomba juriquilla"),
                           ("number", "777"), ("nothing", "ornitorrinco")):
            yield row(f"J5 search, {name}", size, measure(lambda word=word: searching.search(work, word)))  # type: ignore[misc]


def _period(months: int) -> Period:
    first = date(NOW.year, NOW.month, 1)
    for _month in range(months - 1):
        first = (first - timedelta(days=1)).replace(day=1)
    return Period("bench", first, NOW.date())


def _grid(work: Work, size: str) -> Iterator[Row]:
    """The worst page of each filter and of each sort, then the worst and the middle of all."""
    worst: dict[str, Timing] = {}
    everything = []
    for case, timing in grid.timings(work):
        everything.append(timing)
        names = [f"J3 grid, {case.name}"] if case.sort == "number" else []
        for name in [*names, f"J3 grid, sorted by {case.sort}"]:
            if name not in worst or worst[name].ms_p50 < timing.ms_p50:
                worst[name] = timing
    for name, timing in worst.items():
        yield row(name, size, timing)
    yield row("J3 grid, worst page of all", size, max(everything, key=lambda each: each.ms_p50), pages=len(everything))
    yield row("J3 grid, middle of all pages", size, sorted(everything, key=lambda each: each.ms_p50)[len(everything) // 2])


def pages(size: str, database: Path) -> Iterator[Row]:
    """Reruns of whole pages in the running app; the goal of J1 and J3 is told above the emptiest page."""
    for name, timing, above in timed_pages.timings(database):
        yield row(f"page, {name}", size, timing, page_ms_above_empty=round(above, 1))


def creating(size: str) -> Iterator[Row]:
    """J4: file tickets with all effects, each in a transaction of its own, synced to the disk."""
    numbers = count()

    def create() -> None:
        with works.begin(SYSTEM) as work:
            service.create(work, NewTicket(
                type="incident", station_id=7, requester_name="Ana Soto", category_id=4, priority="high",
                subject="Bomba sin servicio", requester_phone="442 123 4567",
                description="La bomba 4 de la isla 2 no despacha desde las 8:30 y hay clientes esperando.",
                ), key=f"bench-{next(numbers)}")

    timing = measure(create, least=300, seconds=3)
    yield row("J4 create a ticket", size, timing, per_second=round(1000 / timing.ms_p50))


def exporting(size: str) -> Iterator[Row]:
    """J6: at most 100,000 tickets into a file."""
    filters = Filters(created_from=(NOW - timedelta(days=70)).date()) if size == "large" else Filters()
    with tempfile.TemporaryDirectory() as folder, works.reading(SYSTEM, NOW) as work:
        for format in exports.FORMATS:
            begin, processor = perf_counter(), process_time()
            rows = exports.write_tickets(work, filters, format, Path(folder) / f"tickets.{format}")
            yield _once(f"J6 export {format}", size, begin, processor, rows)


def importing(size: str) -> Iterator[Row]:
    """J7: a table of calls, read, checked and saved; the summaries are compared with a scan after it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "llamadas.csv"
        path.write_bytes(_table(_IMPORTED[size]))
        begin, processor = perf_counter(), process_time()
        with works.begin(SYSTEM) as work:
            prepared = batches.prepare(work, batches.Upload(batches.Kind.CALLS, path.name, path))
            report = batches.save(work, prepared, path.name)
    yield _once("J7 import calls", size, begin, processor, report.new)
    with works.reading(SYSTEM) as work:
        checks.check_calls(work)


def _once(job: str, size: str, begin: float, processor: float, rows: int) -> Row:
    taken = (perf_counter() - begin) * 1000
    return row(job, size, Timing(taken, taken, 1, process_time() - processor), rows=rows, rows_per_s=round(rows / taken * 1000))


def _table(rows: int) -> bytes:
    """A file of calls as a call centre exports it; none of them is in the desk yet."""
    text = io.StringIO()
    text.write("Folio de llamada,Fecha y hora,Teléfono,Número marcado,Operador,Resultado,Motivo,Espera (s),"
               "Conversación (s),Tema\n")
    for number in range(rows):
        day, second = divmod(number * 31 % (360 * 50_400), 50_400)
        clock = f"{7 + second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}"
        when = f"{day % 28 + 1:02d}/{day // 28 % 12 + 1:02d}/2026 {clock}"
        answered = number % 6
        outcome = f",Perdida,Abandono,{6 + number % 80},"
        if answered:
            outcome = f"Lucía Treviño,Atendida,,{number % 90},{60 + number % 900}"
        text.write(f"L-{number},{when},+52 55 5550 {number % 9000 + 1000},+52 55 5550 7000,{outcome},Punto de venta\n")
    return text.getvalue().encode()

