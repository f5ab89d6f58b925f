"""The calls of the demo desk: those that made or concern a ticket, and all the others."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import Any

import pandas as pd
from sqlalchemy import BigInteger, func, select, type_coerce, update
from sqlalchemy.orm import Session

from core.calls.counting import Direction, Outcome
from core.calls.models import Call
from core.calls.results import CallResult
from core.calls.signing import Sign
from core.demo.founding import Desk
from core.demo.moments import OPENS, arrivals, at_desk, epoch, first_day, local, utc
from core.demo.writing import Row
from core.tickets.lifecycle import Channel

DIALLED = "+525555507000"
QUEUES = ("Mesa de ayuda", "Facturación y cobranza")
# Calls beside those of tickets, for every 1,000: how they ended.
_OTHERS = {Outcome.ANSWERED: 770, Outcome.ABANDONED: 128, Outcome.SHORT_ABANDONED: 40, Outcome.OUT_OF_HOURS: 42,
           Outcome.TIMEOUT: 10, Outcome.VOICEMAIL: 6, Outcome.BUSY: 4}
_NIGHT = {**dict.fromkeys(range(OPENS), 0.6), 5: 2.0, 6: 5.0, 21: 6.0, 22: 3.0, 23: 1.5}
_LEFT_DAYS = 3
_AFTERNOON = 13  # hour at which the second shift begins
_FOLLOW_UPS = (0, 1, 2, 3)
_FOLLOW_WEIGHTS = (76, 16, 6, 2)
COLUMNS = ("source_key", "started_at", "local_day", "local_hour", "direction", "outcome", "caller", "dialled", "operator",
           "queue", "topic", "wait_s", "talk_s", "station_id", "ticket_id")


class Exchange:
    """Makes calls out of one source of chance."""

    def __init__(self, rng: Random, desk: Desk, now: int) -> None:
        self.rng, self.desk, self.now = rng, desk, now
        self.calls: list[Row] = []

    def frame(self) -> pd.DataFrame:
        """All calls in the order of time, in the columns that `core.calls.service.import_calls` takes."""
        self.calls.sort(key=lambda call: call["started_at"])
        for place, call in enumerate(self.calls, 1):
            call["source_key"] = f"demo:{place:06d}"
        return pd.DataFrame(self.calls, columns=list(COLUMNS), dtype=object)

    def first(self, ticket: Row) -> None:
        """The call during which a ticket was filed."""
        created = int(ticket["created_at"].timestamp())
        wait, talk = self._wait(created), self._talk()
        self._add(created - wait - int(talk * 0.7), Outcome.ANSWERED, wait, talk, ticket, operator=ticket["created_by"])

    def about(self, ticket: Row) -> None:
        """The call that made a ticket, and those that followed; the ticket's count goes with them."""
        if ticket["channel"] is not Channel.PHONE:
            return
        self.first(ticket)
        created = int(ticket["created_at"].timestamp())
        end = int(ticket["done_at"].timestamp()) if ticket["done_at"] else self.now - 600
        if end - created < 5_400:
            return
        for _follow_up in range(self.rng.choices(_FOLLOW_UPS, _FOLLOW_WEIGHTS)[0]):
            moment = at_desk(self.rng, self.rng.randrange(created + 1_800, min(end, created + 8 * 86_400)))
            if moment < end:
                self._add(moment, Outcome.ANSWERED, self._wait(moment), self._talk(), ticket)
                ticket["calls"] += 1

    def others(self, count: int) -> None:
        """Calls that made no ticket; some of the missed ones are called back."""
        chosen = self.rng.choices(list(_OTHERS), list(_OTHERS.values()), k=count)
        night = sum(outcome is Outcome.OUT_OF_HOURS for outcome in chosen)
        for moment in arrivals(self.rng, self.now, night, _NIGHT):
            self._add(moment, Outcome.OUT_OF_HOURS, self.rng.randrange(8, 40), None, None)
        by_day = [outcome for outcome in chosen if outcome is not Outcome.OUT_OF_HOURS]
        for moment, outcome in zip(arrivals(self.rng, self.now, len(by_day)), by_day, strict=True):
            self._other(moment, outcome)

    def _other(self, moment: int, outcome: Outcome) -> None:
        waits = {Outcome.ANSWERED: self._wait(moment), Outcome.SHORT_ABANDONED: self.rng.randrange(1, 6), Outcome.BUSY: 0,
                 Outcome.TIMEOUT: 180, Outcome.VOICEMAIL: 90}
        wait = waits.get(outcome, 6 + int(min(400, self.rng.lognormvariate(3.6, 0.8))))
        self._add(moment, outcome, wait, self._talk() if outcome is Outcome.ANSWERED else None, None)
        if outcome is Outcome.ABANDONED and self.rng.random() < 0.55:
            back = at_desk(self.rng, moment + self.rng.randrange(240, 5_400))
            if back < self.now - 900:
                call = self.calls[-1]
                self.calls.append(self._row(back, Outcome.ANSWERED, self.rng.randrange(4, 25), self._talk()) | {
                    "direction": Direction.OUTBOUND, "caller": DIALLED, "dialled": call["caller"],
                    "station_id": call["station_id"], "operator": self.rng.choice(self.desk.operators).name})

    def _add(self, moment: int, outcome: Outcome, wait: int, talk: int | None, ticket: Row | None,
             operator: str | None = None) -> None:
        row = self._row(moment, outcome, wait, talk)
        if outcome is Outcome.ANSWERED:
            row["operator"] = operator or self.rng.choice(self.desk.operators).name
        if ticket is not None:
            row |= {"caller": ticket["requester_phone"], "station_id": ticket["station_id"], "topic": ticket["category_path"],
                    "ticket_id": ticket["id"]}
        elif self.rng.random() < 0.09:
            row["caller"] = f"+52555550{self.rng.randrange(1000, 10000)}"
        else:
            place = self.rng.choice(self.desk.places)
            row |= {"caller": self.rng.choice(place.contacts).phone or place.phone, "station_id": place.id}
            if outcome is Outcome.ANSWERED:
                row["topic"] = self.rng.choice(list(self.desk.categories))
        self.calls.append(row)

    def _row(self, moment: int, outcome: Outcome, wait: int, talk: int | None) -> dict[str, Any]:
        there = local(moment)
        return {"started_at": moment, "local_day": there.year * 10_000 + there.month * 100 + there.day, "local_hour": there.hour,
                "direction": Direction.INBOUND, "outcome": outcome, "caller": None, "dialled": DIALLED, "operator": None,
                "queue": self.rng.choices(QUEUES, (3, 2))[0], "topic": None, "wait_s": wait, "talk_s": talk, "station_id": None,
                "ticket_id": None}

    def _wait(self, moment: int) -> int:
        busy = 1.5 if local(moment).hour in (10, 11, 12, 16, 17) else 1.0
        return int(min(600, self.rng.lognormvariate(2.15, 0.85) * busy)) + 1

    def _talk(self) -> int:
        return int(min(3_600, self.rng.lognormvariate(5.2, 0.6))) + 15


def signs(rng: Random, desk: Desk, now: int) -> list[Sign]:
    """Operators signing in and off: two in the morning, the others in the afternoon, each with one day off a week."""
    found: list[Sign] = []
    day = first_day(now)
    while day <= local(now).date():
        for place, person in enumerate(desk.operators):
            begin = epoch(day, OPENS if place % 2 == 0 else _AFTERNOON) - rng.randrange(0, 600)
            end = begin + 8 * 3_600 + rng.randrange(0, 900)
            if (day.toordinal() + 2 * place) % 7 and begin < now:
                found += [Sign(at, person.name, QUEUES[0], at == begin, f"demo:{place}:{at}") for at in (begin, end) if at < now]
        day += timedelta(days=1)
    return found


def document(session: Session, now: int) -> None:
    """What came of each answered call; of those of the last days, some are left to be documented."""
    first = select(func.min(Call.id)).where(Call.ticket_id.is_not(None)).group_by(Call.ticket_id)
    recent = (Call.started_at >= utc(now - _LEFT_DAYS * 86_400)) & (Call.id % 5 == 0)
    alone = (Call.direction == Direction.INBOUND) & (Call.outcome == Outcome.ANSWERED) & Call.result.is_(None)
    for where, result in ((Call.id.in_(first), CallResult.NEW_TICKET),
                          (Call.ticket_id.is_not(None) & Call.result.is_(None), CallResult.EXISTING_TICKET),
                          (alone & ~recent & (Call.id % 23 == 0), CallResult.WRONG_NUMBER),
                          (alone & ~recent, CallResult.NO_TICKET)):
        session.execute(update(Call).where(where).values(result=result, result_by=Call.operator, result_at=type_coerce(
            type_coerce(Call.started_at, BigInteger) + func.coalesce(Call.wait_s, 0) + func.coalesce(Call.talk_s, 0)
            + 15 + Call.id * 37 % 120, BigInteger)),
                        execution_options={"synchronize_session": False})
