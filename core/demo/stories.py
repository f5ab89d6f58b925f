"""The ordinary tickets of the demo desk: who asks for what, and how it goes on until now."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from core.demo.founding import Desk, Person, Place
from core.demo.life import DESK, Life
from core.demo.moments import at_desk, is_invoicing_season, local, utc
from core.demo.writing import Row, Rows
from core.demo_content import CATEGORY_WEIGHTS, PRIORITY_SPREAD, SCENARIOS, Scenario, StationFacts, slot_values
from core.demo_content import phrases as said
from core.tickets.lifecycle import Channel, MessageKind, Priority, Status, TicketType

Act = Callable[[int], None]
Step = tuple[float, float, Act]  # median hours since the step before, spread of their logarithm, what is done

_SOLVING_HOURS = {Priority.CRITICAL: 0.8, Priority.HIGH: 2.2, Priority.MEDIUM: 6.0, Priority.LOW: 16.0}
_INVOICING = ("Facturación CFDI", "Administración - Portal de facturación", "Administración - Dudas en cálculo de facturas")
_STAYS_RESOLVED = 48 * 3600
_CHANNELS = {Channel.PHONE: 88, Channel.MAIL: 9, Channel.PORTAL: 3}


class Teller:
    """Tells tickets one after another out of one source of chance."""

    def __init__(self, rng: Random, desk: Desk, rows: Rows, now: int) -> None:
        self.rng, self.desk, self.rows, self.now = rng, desk, rows, now
        self.popularity = [rng.uniform(0.4, 3.2) for _place in desk.places]
        self.paths = list(CATEGORY_WEIGHTS)
        self.usual = list(CATEGORY_WEIGHTS.values())
        self.month_end = [weight * (1.9 if path.startswith(_INVOICING) else 1.0) for path, weight in CATEGORY_WEIGHTS.items()]

    def tell(self, number: int, created: int) -> None:
        """One ticket from its creation to the present."""
        rng = self.rng
        channel = rng.choices(list(_CHANNELS), list(_CHANNELS.values()))[0]
        if channel is Channel.PORTAL:
            requester, place = rng.choice(self.desk.customers)
        else:
            place = rng.choices(self.desk.places, self.popularity)[0]
            requester = rng.choice(place.contacts)
        weights = self.month_end if is_invoicing_season(local(created).date()) else self.usual
        path = rng.choices(self.paths, weights)[0]
        scenario = rng.choices(SCENARIOS[path], [each.weight for each in SCENARIOS[path]])[0]
        facts = StationFacts(place.short_name, place.code, place.destination, requester.phone, requester.name)
        slots = slot_values(rng, local(created), facts)
        row = ticket_row(self.desk, number, created, place, requester, path, channel)
        row["id"] = len(self.rows.tickets) + 1
        row.update(type=TicketType(scenario.kind), priority=self._priority(scenario),
                   subject=scenario.subject.format_map(slots)[:200], description=self._description(scenario, channel, slots))
        operator = rng.choice(self.desk.operators)
        author = {Channel.PORTAL: requester, Channel.MAIL: DESK}.get(channel, operator)
        owner = None if rng.random() < 0.07 else self.desk.owner_of(path)
        self._live(Life(self.rows, row, author, owner), created, operator, requester, scenario, slots)

    def _priority(self, scenario: Scenario) -> Priority:
        spread = PRIORITY_SPREAD[scenario.priority]
        return Priority(self.rng.choices(list(spread), list(spread.values()))[0])

    def _description(self, scenario: Scenario, channel: Channel, slots: dict[str, str]) -> str:
        openings = said.PHONE_OPENINGS if channel is Channel.PHONE else said.PORTAL_OPENINGS
        parts = (self.rng.choice(openings), scenario.description, self.rng.choice(said.CLOSINGS))
        return " ".join(part.format_map(slots) for part in parts if part)

    def _live(self, life: Life, created: int, operator: Person, requester: Person, scenario: Scenario,
              slots: dict[str, str]) -> None:
        moment = created
        for median, spread, act in self._plan(life, operator, requester, scenario, slots):
            if median == 0:  # an automatic act, at its exact time
                moment += _STAYS_RESOLVED
            else:
                moment = at_desk(self.rng, moment + max(60, int(median * 3600 * self.rng.lognormvariate(0, spread))))
            if moment >= self.now:
                return
            act(moment)

    def _plan(self, life: Life, operator: Person, requester: Person, scenario: Scenario, slots: dict[str, str]) -> list[Step]:
        rng = self.rng

        def owner() -> Person:
            return life.owner or operator

        def text(template: str) -> str:
            return template.format_map(slots)

        def reply(template: str) -> Act:
            return lambda moment: life.say(moment, owner(), text(template))

        def note(template: str) -> Act:
            return lambda moment: life.say(moment, owner(), text(template), MessageKind.NOTE)

        def asks(template: str) -> Act:
            # A customer who has no account answers by mail.
            return lambda moment: life.say(moment, requester, text(template), customer=True)

        def to(status: Status) -> Act:
            return lambda moment: life.move(moment, owner(), status)

        def closed(moment: int) -> None:
            life.move(moment, DESK, Status.CLOSED)

        hours = _SOLVING_HOURS[life.row["priority"]] * (11 if rng.random() < 0.06 else 1)
        plan: list[Step] = []
        if life.owner is None:
            chosen = rng.choice(self.desk.agents)
            plan.append((18.0, 1.0, lambda moment: life.assign(moment, operator, chosen)))
        if rng.random() < 0.05:
            return [*plan, (0.8, 1.0, note(rng.choice(said.CANCEL_REASONS))), (0.05, 0.3, to(Status.CANCELLED))]
        plan.append((hours * 0.12, 0.9, to(Status.IN_PROGRESS)))
        if rng.random() < 0.72:
            plan.append((0.1, 0.6, reply(rng.choice(said.FIRST_REPLIES))))
        if rng.random() < 0.03:
            plan.append((0.4, 0.6, lambda moment: life.raise_to(moment, operator, Priority.HIGH)))
        if rng.random() < 0.35:
            plan.append((hours * 0.3, 0.8, note(scenario.note)))
        if rng.random() < 0.06:
            other = rng.choice(self.desk.agents)
            plan += [(hours * 0.2, 0.7, note(rng.choice(said.HANDOVER_NOTES))), (0.05, 0.4, self._handover(life, other))]
        if rng.random() < 0.2:
            plan += [(hours * 0.2, 0.7, reply(rng.choice(said.AGENT_QUESTIONS))), (0.02, 0.3, to(Status.PENDING)),
                     (9.0, 1.0, asks(rng.choice(said.CUSTOMER_REPLIES))), (0.5, 0.8, to(Status.IN_PROGRESS))]
        if rng.random() < 0.2:  # waits for a spare part, a supplier or a visit
            plan += [(0.5, 0.7, note(rng.choice(said.HANDOVER_NOTES))), (0.05, 0.3, to(Status.PENDING)),
                     (60.0, 0.8, to(Status.IN_PROGRESS))]
        solved: list[Step] = [(hours * 0.7, 0.9, reply(scenario.reply)), (0.05, 0.5, to(Status.RESOLVED))]
        plan += solved
        if rng.random() < 0.035:
            plan += [(15.0, 0.4, asks(rng.choice(said.REOPEN_REPLIES))), (0.7, 0.7, to(Status.IN_PROGRESS)), *solved]
        return [*plan, (0, 0, closed)]

    @staticmethod
    def _handover(life: Life, other: Person) -> Act:
        def act(moment: int) -> None:
            if life.owner is not None and life.owner != other:
                life.assign(moment, life.owner, other)
        return act


def ticket_row(desk: Desk, number: int, created: int, place: Place, requester: Person, path: str, channel: Channel) -> Row:
    """The facts of a ticket that do not change with its life."""
    return {"number": number, "channel": channel, "station_id": place.id, "station_code": place.code,
            "short_name": place.short_name, "destination": place.destination, "company_id": place.company_id,
            "requester_name": requester.name,
            "requester_email": requester.email or None, "requester_phone": requester.phone or None,
            "requester_id": requester.id, "category_id": desk.categories[path],
            "category_path": path, "created_at": utc(created)}
