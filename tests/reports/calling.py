"""Calls of a few months, of every outcome, with and without time and station; summaries formed by the service."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

from core.calls import service
from core.calls.counting import Direction, Outcome
from core.calls.models import Call
from core.i18n.formats import day_number
from tests.databases import Desk

FIRST = datetime(2026, 8, 1, 15, 0, tzinfo=UTC)  # 09:00 in Mexico City
HOURS = 110 * 24


def telephone(desk: Desk, calls: int = 300, seed: int = 5, **given: object) -> None:
    """Fill the desk with calls from August to November 2026."""
    chance = Random(seed)
    with desk.begin("system") as work:
        work.session.add_all(_call(desk, chance, number) for number in range(calls))
        for number, changes in enumerate([given] if given else []):
            call = _call(desk, chance, calls + number)
            for name, value in changes.items():
                setattr(call, name, value)
            work.session.add(call)
        work.session.flush()
        service.rebuild_rollups(work)


def _call(desk: Desk, chance: Random, number: int) -> Call:
    outcome = chance.choice([Outcome.ANSWERED] * 12 + list(Outcome))
    started = FIRST + timedelta(hours=chance.randrange(HOURS), seconds=chance.randrange(3600))
    answered = outcome is Outcome.ANSWERED
    return Call(source_key=f"r:{number}", source="table", started_at=started, local_day=day_number(started), outcome=outcome,
                direction=chance.choice([Direction.INBOUND] * 5 + [Direction.OUTBOUND]),
                local_hour=chance.choice([-1, *[(started - timedelta(hours=6)).hour] * 9]),
                caller=f"442100{chance.randrange(40):04d}", dialled="4420000000", queue="Mesa de ayuda",
                operator="Dulce" if answered else None, wait_s=chance.choice([None, 3, 15, 40, 90]),
                talk_s=chance.choice([60, 200]) if answered else None, estimated=False,
                station_id=chance.choice([None, *desk.cast.stations.values()]))
