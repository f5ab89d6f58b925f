"""A desk lived through by a rule machine that keeps its own small model of what must be true."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from core.errors import Archived, DeskError, IllegalMove
from core.tickets import automation, replying, service
from core.tickets.lifecycle import Channel, Priority, Status, TicketType
from tests.databases import Desk
from tests.factories import START, new_ticket
from tests.tickets import recount

# The moves of the house's plan, spelled out again: people's moves, and what a customer's reply does.
LEGAL = {
    "open": {"in_progress", "pending", "resolved", "cancelled"},
    "in_progress": {"open", "pending", "resolved", "cancelled"},
    "pending": {"open", "in_progress", "resolved", "cancelled"},
    "resolved": {"closed", "open"},
    "closed": {"open"},
    "cancelled": {"open"},
}
AWAKENED = {"pending", "resolved", "closed"}
ACTIVE = {"open", "in_progress", "pending"}
KINDS, PRIORITIES = st.sampled_from(list(TicketType)), st.sampled_from(list(Priority))
PHASES = (Phase.explicit, Phase.generate)  # shrinking would take minutes
MOST = 8  # with the five of the cast
DESK = ("operator", "agent", "second_agent", "admin")


class Life(RuleBasedStateMachine):
    """Everything people do with tickets; `status` and `owner` are what they should be."""

    tickets = Bundle("tickets")

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.now: datetime = START + timedelta(days=1)
        self.status: dict[int, str] = {}
        self.owner: dict[int, int | None] = {}
        self.closed: dict[int, datetime] = {}
        self.archived: set[int] = set()
        self.seen: list[tuple[datetime, Counter[str]]] = []

    @initialize(target=tickets)
    def begin(self) -> int:
        self.desk.reset()
        names = dict(enumerate(Status, 1))
        for ticket, status, owner in self.desk.rows("SELECT id, status, owner_id FROM tickets"):
            self.status[ticket], self.owner[ticket] = names[status].value, owner
        return self.desk.cast.tickets["own"]

    def do(self, who: str, verb: Any, *given: Any, **named: Any) -> Any:
        """One work, a second later; a refusal changes nothing."""
        self.now += timedelta(seconds=1)
        before = self.desk.rows("SELECT count(*), max(id) FROM events")
        try:
            with self.desk.begin(who, self.now) as work:
                return verb(work, *given, **named)
        except DeskError as refusal:
            assert self.desk.rows("SELECT count(*), max(id) FROM events") == before
            return refusal

    def few(self) -> bool:
        """Lives of few tickets are long ones."""
        return len(self.status) < MOST

    @precondition(few)
    @rule(target=tickets, who=st.sampled_from(DESK), kind=KINDS, priority=PRIORITIES)
    def file(self, who: str, kind: TicketType, priority: Priority) -> int:
        filed = self.do(who, service.create, new_ticket(self.desk.cast, type=kind, priority=priority))
        self.status[filed.id] = "open"
        self.owner[filed.id] = self.desk.rows("SELECT owner_id FROM tickets WHERE id = :id", id=filed.id)[0][0]
        return int(filed.id)

    @precondition(few)
    @rule(target=tickets)
    def request(self) -> int:
        cast = self.desk.cast
        filed = self.do("customer", service.create, new_ticket(cast, channel=Channel.PORTAL, station_id=cast.stations["north"]))
        self.status[filed.id] = "open"
        self.owner[filed.id] = self.desk.rows("SELECT owner_id FROM tickets WHERE id = :id", id=filed.id)[0][0]
        return int(filed.id)

    @rule(ticket=tickets, who=st.sampled_from(DESK), choice=st.integers(0, 11))
    def move(self, ticket: int, who: str, choice: int) -> None:
        possible = sorted(LEGAL[self.status[ticket]])
        wanted = possible[choice % len(possible)]
        if ticket in self.archived:
            assert isinstance(self.do(who, service.set_status, ticket, wanted), Archived)
            return
        assert not isinstance(self.do(who, service.set_status, ticket, wanted), DeskError)
        self.moved(ticket, wanted)

    @rule(ticket=tickets, who=st.sampled_from(DESK), status=st.sampled_from(list(Status)))
    def try_to_move(self, ticket: int, who: str, status: Status) -> None:
        if status.value != self.status[ticket] and status.value not in LEGAL[self.status[ticket]]:
            refusal = Archived if ticket in self.archived else IllegalMove
            assert isinstance(self.do(who, service.set_status, ticket, status.value), refusal)

    @rule(ticket=tickets, who=st.sampled_from(DESK))
    def answer(self, ticket: int, who: str) -> None:
        done = self.do(who, service.reply, ticket, "Lo estamos viendo.")
        assert isinstance(done, Archived) is (ticket in self.archived)
        if ticket in self.archived:
            return
        assert not isinstance(done, DeskError)
        if self.owner[ticket] is None and who in ("agent", "second_agent"):
            self.owner[ticket] = self.desk.cast.users[who]

    @rule(ticket=tickets, who=st.sampled_from(("customer", "customer", "company_head", "stranger")))
    def write_back(self, ticket: int, who: str) -> None:
        over = ticket in self.archived or (
            self.status[ticket] == "closed" and self.now + timedelta(seconds=1) >= self.closed[ticket] + timedelta(days=30)
        )
        done = self.do(who, replying.answer, ticket, "Sigue igual.")
        if isinstance(done, DeskError):
            return
        assert (done.filed is not None) is over
        if over:  # the old one stays as it is; the new one is nobody's and open
            self.status[done.filed.id] = "open"
            self.owner[done.filed.id] = self.desk.rows("SELECT owner_id FROM tickets WHERE id = :id", id=done.filed.id)[0][0]
        elif self.status[ticket] in AWAKENED:
            self.moved(ticket, "open")

    @rule(ticket=tickets)
    def say_it_is_solved(self, ticket: int) -> None:
        if not isinstance(self.do("customer", service.settle, ticket), DeskError):
            assert self.status[ticket] in ACTIVE
            self.moved(ticket, "resolved")

    @rule(ticket=tickets, owner=st.sampled_from((None, "agent", "second_agent")))
    def give(self, ticket: int, owner: str | None) -> None:
        user = None if owner is None else self.desk.cast.users[owner]
        refused = isinstance(self.do("manager", service.assign, ticket, user), DeskError)
        assert refused is (ticket in self.archived)
        if not refused:
            self.owner[ticket] = user

    @rule(ticket=tickets, priority=PRIORITIES, category=st.sampled_from(("point_of_sale", "invoicing")))
    def sort_anew(self, ticket: int, priority: Priority, category: str) -> None:
        self.do("agent", service.set_priority, ticket, priority.value)
        self.do("agent", service.set_category, ticket, self.desk.cast.categories[category])

    @rule(ticket=tickets, status=st.sampled_from(list(Status)))
    def change_with_an_old_version(self, ticket: int, status: Status) -> None:
        """What somebody else changed meanwhile is refused, and the ticket is as it was."""
        self.do("operator", service.note, ticket, "Otra cosa.")
        [(version,)] = self.desk.rows("SELECT version FROM tickets WHERE id = :id", id=ticket)
        assert isinstance(self.do("agent", service.set_status, ticket, status.value, version=version - 1), DeskError)

    @rule(hours=st.sampled_from((1, 9, 24, 24 * 31, 24 * 130)))
    def time_passes(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @rule()
    def the_desk_works_by_itself(self) -> None:
        """What was resolved is closed after two days, what was closed and untouched for long is archived; nothing else is."""
        done = {ticket for ticket, status in self.status.items() if status == "resolved"
                and self.done_at(ticket) <= self.now + timedelta(seconds=1) - timedelta(hours=48)}
        assert self.do("system", automation.close_resolved) == len(done)
        for ticket in done:
            self.moved(ticket, "closed", at=self.done_at(ticket))
        untouched = {row[0] for row in self.desk.rows(
            "SELECT id FROM tickets WHERE status = 5 AND archived_at IS NULL AND updated_at <= :limit",
            limit=int((self.now + timedelta(seconds=1) - timedelta(days=120)).timestamp()))}
        assert self.do("system", automation.archive_closed) == len(untouched)
        self.archived |= untouched

    def done_at(self, ticket: int) -> datetime:
        """When a ticket was finished."""
        return datetime.fromtimestamp(self.desk.rows("SELECT done_at FROM tickets WHERE id = :id", id=ticket)[0][0], UTC)

    def moved(self, ticket: int, status: str, at: datetime | None = None) -> None:
        """What the model knows of a move; closing keeps the moment of the solution."""
        if status == "resolved" or (status == "closed" and at is not None):
            self.closed[ticket] = at or self.now
        self.status[ticket] = status

    @invariant()
    def the_desk_is_as_the_model_says(self) -> None:
        names = {number: name.value for number, name in enumerate(Status, 1)}
        found = {row[0]: (names[row[1]], row[2]) for row in self.desk.rows("SELECT id, status, owner_id FROM tickets")}
        if self.status:
            assert found == {ticket: (self.status[ticket], self.owner[ticket]) for ticket in self.status}
            recount.check(self.desk)
            self.seen.append((self.now, Counter(status for status in self.status.values() if status in ACTIVE)))

    def teardown(self) -> None:
        if not self.status:
            return
        recount.check_lives(self.desk)
        names = {number: name.value for number, name in enumerate(Status, 1)}
        moves = self.desk.rows("SELECT at, before, after FROM ticket_transitions")
        for instant, expected in self.seen:  # the backlog of any past instant, from the moves alone
            stock: Counter[str] = Counter()
            for at, before, after in moves:
                if at <= int(instant.timestamp()):
                    stock[names[after]] += 1
                    if before is not None:
                        stock[names[before]] -= 1
            assert {name: stock[name] for name in ACTIVE} == {name: expected[name] for name in ACTIVE}


@pytest.mark.sqlite_only
def test_any_life_of_a_desk_keeps_history_backlog_and_summaries_true(desk: Desk) -> None:
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        lambda: Life(desk), settings=settings(max_examples=14, stateful_step_count=40, deadline=None, phases=PHASES)
    )
