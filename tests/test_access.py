"""Who may do what: every command of the house, for every role, on tickets of every relation to the person.

The table below is written by hand, apart from `core.access`: a change of permissions must be made in both. A command
that is missing from it fails, so nobody can add one without saying who may use it.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pyotp
import pytest
from sqlalchemy import select

import core
from core.access import ROLE_PERMISSIONS, STAFF_ROLES, SYSTEM, Permission, Role
from core.accounts import drafts, editing, notices, passwords, people, profile, recovery, second_factor
from core.accounts import queries as accounts
from core.accounts import service as users
from core.calls import disposing, documented, going_on, listing, missed, receiving, rules, signing, tokens
from core.calls import finding as call_finding
from core.calls import grouped as call_grouped
from core.calls import inspecting as call_inspecting
from core.calls import narrowed as call_narrowed
from core.calls import queries as call_queries
from core.calls import service as calls
from core.calls.counting import CountingRules, Outcome
from core.calls.live import CallEvent, EventKind
from core.calls.models import Import, LiveCall
from core.config import ROOT, get_settings
from core.directory import calendars, customers
from core.directory import catalogues as lists
from core.directory import editing as editing_catalogues
from core.directory import queries as directory
from core.directory import service as catalogues
from core.directory.calendar import STANDARD_WEEK
from core.errors import DeskError, Forbidden, NotFound
from core.exchange import exports
from core.exchange.imports import articles as article_import
from core.exchange.imports import batches, folder, forming
from core.exchange.imports.batches import Kind, Upload
from core.knowledge import queries as knowledge
from core.knowledge import service as articles
from core.notifications import outbox, templates, testing, viewing
from core.notifications.inbound import filing, mailbox, received, reminding
from core.notifications.inbound import keeping as mail_keeping
from core.notifications.kinds import MailKind
from core.reporting import overview, performance, queues, repeats, satisfaction, trail
from core.reporting import queries as reporting
from core.reporting.measured import Show
from core.reporting.numbers import OverviewFilters
from core.reporting.periods import custom
from core.reporting.relaciones import queries as relaciones
from core.reports import files
from core.search import queries as search
from core.staffing import arrivals
from core.subscriptions import service as subscriptions
from core.subscriptions.models import ReportSubscription
from core.subscriptions.service import Wish
from core.tickets import (
    adding,
    automation,
    bulk,
    caller,
    canned,
    documenting,
    durations,
    facts,
    following,
    merging,
    paging,
    phrases,
    presence,
    queries,
    ratings,
    relations,
    renaming,
    replying,
    service,
    sla,
    snoozing,
    splitting,
    summary,
    surveys,
    tags,
    targets,
    telephone,
    time_spent,
    times,
    undoing,
    views,
    watching,
)
from core.tickets.filters import Filters
from core.tickets.lifecycle import Channel
from core.tickets.models import Ticket
from core.tickets.rules import keeping, running, trying
from core.tickets.rules.matching import Deed, Does, Occasion, Rule
from core.tickets.surveys import SurveyRules
from core.work import Work
from tests.databases import Desk
from tests.factories import PDF, RELATIONS, SECRET_NOTE, START, Cast, new_ticket

Doing = Callable[[Work, Cast, str], Any]
# manager, operator, agent, analyst, customer, admin (D), the desk itself
LETTERS = {"M": "manager", "O": "operator", "A": "agent", "N": "analyst", "C": "customer", "D": "admin", "S": "system"}
EVERYBODY, PEOPLE, STAFF, DESK = "MOANCDS", "MOANCD", "MOANDS", "OADS"


NOVEMBER = call_finding.CallFilters(date(2026, 11, 1), date(2026, 11, 30))


@dataclass(frozen=True, slots=True)
class Command:
    """Letters of the roles that may, and how it is done. `each`: the relations on which it is tried; () for none."""

    who: str
    do: Doing
    each: tuple[str, ...] = ()


def on_ticket(who: str, do: Doing) -> Command:
    return Command(who, do, RELATIONS)


def _customer_or_desk(work: Work, cast: Cast) -> Any:
    if work.actor.role is Role.CUSTOMER:
        return new_ticket(cast, channel=Channel.PORTAL)
    return new_ticket(cast)


def _colleague(work: Work, cast: Cast) -> int:
    return cast.users["neighbour" if work.actor.role is Role.CUSTOMER else "second_agent"]


def _address(work: Work) -> str:
    return "neighbour@example.mx" if work.actor.role is Role.CUSTOMER else "second_agent@example.mx"


def _rated(work: Work, cast: Cast, relation: str) -> None:
    if work.actor.role is Role.CUSTOMER and relation == "own":
        service.settle(work, cast.tickets[relation])
    ratings.rate(work, cast.tickets[relation], 5)


def _enrolled(work: Work) -> None:
    secret = second_factor.begin_enrolment(work).secret
    second_factor.confirm(work, pyotp.TOTP(secret).at(work.now))


CALENDAR = calendars.CalendarData("Frontera", "America/Tijuana", STANDARD_WEEK)


def _calendar(work: Work) -> int:
    """A calendar that is not the desk's own, made in the desk's name."""
    return calendars.save_calendar(Work(work.session, SYSTEM, work.now), None, CALENDAR)


def _subscribed(work: Work) -> int:
    """A subscription of the asking person, or of nobody."""
    row = ReportSubscription(user_id=work.actor.user_id or 1, report="attended", every="daily", hour=7, next_at=work.now,
                             created_at=work.now)
    work.session.add(row)
    work.session.flush()
    return row.id


RENAMED = users.NewUser("agent", "Otro Nombre", Role.AGENT)
STATION = catalogues.StationData("E90001", "Una")
def _twin(work: Work, cast: Cast, relation: str) -> int:
    """The number of another ticket that the same people see; staff file it, so it is made in the desk's own name."""
    ticket = work.session.get(Ticket, cast.tickets[relation])
    if ticket is None:
        return cast.numbers["unrelated"]
    changes = {"station_id": ticket.station_id, "requester_name": ticket.requester_name}
    filed = service.create(Work(work.session, SYSTEM, work.now), new_ticket(cast, **changes))
    work.session.get_one(Ticket, filed.id).requester_id = ticket.requester_id
    return filed.number
def _merged(work: Work, cast: Cast, relation: str) -> int:
    """The id of a ticket that was merged, in the desk's own name."""
    desk = Work(work.session, SYSTEM, work.now)
    if relation != "missing":
        merging.merge(desk, cast.tickets[relation], _twin(desk, cast, relation))
    return cast.tickets[relation]


def _time_removed(work: Work, cast: Cast, relation: str) -> None:
    """An own entry, where the role may have one, is taken back."""
    if relation != "missing" and work.actor.may(Permission.WRITE_NOTE):
        time_spent.book(work, cast.tickets[relation], "15")
        work.session.flush()
    time_spent.remove(work, cast.tickets[relation], 1)


def _undone(work: Work, cast: Cast, relation: str) -> None:
    """A reply by the actor (or by the desk, where the role may not reply), taken back."""
    ticket = cast.tickets[relation]
    if relation != "missing":
        doer = work if work.actor.may(Permission.WRITE_NOTE) else Work(work.session, SYSTEM, work.now)
        undoing.undoable(doer, [ticket], "k", lambda: service.reply(doer, ticket, "Hola"))
    undoing.undo(work, ticket, "k")
RINGS = CallEvent(EventKind.NEW_CALL, "1", int(START.timestamp()), users=("operator", "agent", "admin"))


def _ringing(work: Work) -> int:
    """The live call that rings at everybody of the desk, in the desk's own name."""
    receiving.receive(Work(work.session, SYSTEM, work.now), RINGS)
    return work.session.scalars(select(LiveCall.id)).one()


def _missed(work: Work) -> int:
    """A missed call, taken down in the desk's own name."""
    desk = Work(work.session, SYSTEM, work.now)
    return calls.record_call(desk, calls.NewCall(START, Outcome.ABANDONED, caller="442 100 2001"))


def _queued(work: Work) -> int:
    """A mail in the outbox, in the desk's own name."""
    desk = Work(work.session, SYSTEM, work.now)
    return outbox.queue(desk, to="a@example.mx", kind=MailKind.REPORT, language="es", subject="x", text="x", dedupe="x") or 0


def _held_mail(work: Work) -> int:
    """A mail that came in and waits for a decision, in the desk's own name."""
    from core.notifications.inbound.states import InboundState
    from core.notifications.models import InboundMail

    desk = Work(work.session, SYSTEM, work.now)
    number = mail_keeping.keep(desk, b"From: a@example.mx\nSubject: Hola\n\nHola") or 0
    work.session.get_one(InboundMail, number).state = InboundState.REVIEW
    return number


def _original(work: Work) -> tuple[str, str]:
    from core.notifications.models import InboundMail

    return received.file_for(work, work.session.get_one(InboundMail, _held_mail(work)).file_id)


PERIOD = custom(date(2026, 11, 1), date(2026, 11, 30))
CSV = "Fecha y hora,Operador,Resultado\n13/01/2025 09:05:16,Lucía,Atendida\n".encode()

RULE = Rule("R", Occasion.CREATED, True, (), (Deed(Does.PRIORITY, "low"),))


def _rule(work: Work) -> int:
    """A rule that is there, saved in the desk's own name."""
    return keeping.save_rule(Work(work.session, SYSTEM, work.now), RULE)


COMMANDS: dict[str, Command] = {
    "tickets.replying.answer": on_ticket("C", lambda w, c, r: replying.answer(w, c.tickets[r], "Hola")),
    "tickets.replying.goes_to_a_new_ticket": on_ticket(
        EVERYBODY, lambda w, c, r: replying.goes_to_a_new_ticket(w, c.tickets[r])
    ),
    "tickets.sla.ring": Command("OADS", lambda w, c, r: sla.ring(w)),
    "tickets.sla.clocks": Command("MOANDS", lambda w, c, r: sla.clocks(w, c.tickets[r]), RELATIONS),
    "tickets.durations.catch_up": Command(DESK, lambda w, c, r: durations.catch_up(w)),
    "tickets.following.follow_calendars": Command(DESK, lambda w, c, r: following.follow_calendars(w)),
    "tickets.targets.promises": Command("DS", lambda w, c, r: targets.promises(w)),
    "tickets.targets.save_promise": Command("DS", lambda w, c, r: targets.save_promise(w, c.companies["north"], None, {})),
    "tickets.targets.set_warning": Command("DS", lambda w, c, r: targets.set_warning(w, targets.Warned(70))),
    "tickets.targets.examples": Command("DS", lambda w, c, r: targets.examples(w, w.now)),
    "directory.calendars.calendars": Command("DS", lambda w, c, r: calendars.calendars(w)),
    "directory.calendars.save_calendar": Command("DS", lambda w, c, r: calendars.save_calendar(w, None, CALENDAR)),
    "directory.calendars.make_default": Command("DS", lambda w, c, r: calendars.make_default(w, _calendar(w))),
    "directory.calendars.delete_calendar": Command("DS", lambda w, c, r: calendars.delete_calendar(w, _calendar(w))),
    "tickets.times.change_times": Command("DS", lambda w, c, r: times.change_times(w, times.Times(remind_days=2))),
    "tickets.automation.resolve_pending": Command(DESK, lambda w, c, r: automation.resolve_pending(w)),
    "tickets.automation.remind_pending": Command(DESK, lambda w, c, r: automation.remind_pending(w)),
    "tickets.automation.close_resolved": Command(DESK, lambda w, c, r: automation.close_resolved(w)),
    "tickets.automation.archive_closed": Command(DESK, lambda w, c, r: automation.archive_closed(w)),
    "tickets.rules.keeping.rules": Command("DS", lambda w, c, r: keeping.rules(w)),
    "tickets.rules.keeping.desk_people": Command("DS", lambda w, c, r: keeping.desk_people(w)),
    "tickets.rules.keeping.check_rule": Command("DS", lambda w, c, r: keeping.check_rule(w, RULE)),
    "tickets.rules.keeping.save_rule": Command("DS", lambda w, c, r: keeping.save_rule(w, RULE)),
    "tickets.rules.keeping.switch_rule": Command("DS", lambda w, c, r: keeping.switch_rule(w, _rule(w), True)),
    "tickets.rules.keeping.move_rule": Command("DS", lambda w, c, r: keeping.move_rule(w, _rule(w), up=True)),
    "tickets.rules.keeping.delete_rule": Command("DS", lambda w, c, r: keeping.delete_rule(w, _rule(w))),
    "tickets.rules.trying.try_rule": Command("DS", lambda w, c, r: trying.try_rule(w, RULE)),
    "tickets.rules.trying.lines": Command("DS", lambda w, c, r: trying.lines(w, [])),
    "tickets.rules.running.ask_about_events": Command("DS", lambda w, c, r: running.ask_about_events(w)),
    "tickets.rules.running.ask_hourly": Command("DS", lambda w, c, r: running.ask_hourly(w)),
    "tickets.service.create": Command("OACDS", lambda w, c, r: service.create(w, _customer_or_desk(w, c))),
    "tickets.service.reply": on_ticket("OACDS", lambda w, c, r: service.reply(w, c.tickets[r], "Hola")),
    "tickets.service.note": on_ticket(DESK, lambda w, c, r: service.note(w, c.tickets[r], "Hola")),
    "tickets.service.set_status": on_ticket(DESK, lambda w, c, r: service.set_status(w, c.tickets[r], "pending")),
    "tickets.service.hand_over": on_ticket(
        DESK, lambda w, c, r: service.hand_over(w, c.tickets[r], c.users["agent"], "Sigue tú")
    ),
    "reporting.queues.queues": Command(STAFF, lambda w, c, r: queues.queues(w)),
    "reporting.queues.by_owner": Command(STAFF, lambda w, c, r: queues.by_owner(w)),
    "reporting.queues.by_topic": Command(STAFF, lambda w, c, r: queues.by_topic(w)),
    "reporting.relaciones.queries.report": Command(STAFF, lambda w, c, r: relaciones.report(w, "attended", PERIOD)),
    "reporting.relaciones.queries.listed": Command(STAFF, lambda w, c, r: relaciones.listed(w, "missed", PERIOD)),
    "reports.files.write": Command(STAFF, lambda w, c, r: files.write(w, "received", PERIOD, "csv", _target())),
    "reporting.trail.trail": Command("DS", lambda w, c, r: trail.trail(w, trail.TrailFilters(PERIOD.first, PERIOD.last))),
    "reporting.trail.export_trail": Command(
        "DS", lambda w, c, r: trail.export_trail(w, trail.TrailFilters(PERIOD.first, PERIOD.last))
    ),
    "accounts.profile.set_absence": Command("OAD", lambda w, c, r: profile.set_absence(w, None, None)),
    "tickets.relations.linked": on_ticket(STAFF, lambda w, c, r: relations.linked(w, c.tickets[r])),
    "tickets.relations.link": on_ticket(
        DESK, lambda w, c, r: relations.link(w, c.tickets[r], c.numbers["own" if r == "unrelated" else "unrelated"], "related")
    ),
    "tickets.relations.unlink": on_ticket(DESK, lambda w, c, r: relations.unlink(w, c.tickets[r], c.tickets["unrelated"])),
    "tickets.relations.reply_to_children": on_ticket(
        DESK, lambda w, c, r: relations.reply_to_children(w, c.tickets[r], "Hola")
    ),
    "tickets.presence.around": on_ticket(STAFF, lambda w, c, r: presence.around(w, c.tickets[r], "reply-1")),
    "tickets.presence.beat": on_ticket(STAFF, lambda w, c, r: presence.beat(w, c.tickets[r])),
    "tickets.queries.messages": on_ticket(EVERYBODY, lambda w, c, r: queries.messages(w, c.tickets[r], [1])),
    "tickets.telephone.ticket_of_call": Command(STAFF, lambda w, c, r: telephone.ticket_of_call(w, c.call)),
    "calls.narrowed.of_year": Command(STAFF, lambda w, c, r: call_narrowed.of_year(w, NOVEMBER, 2026)),
    "calls.narrowed.of_days": Command(STAFF, lambda w, c, r: call_narrowed.of_days(w, NOVEMBER)),
    "tickets.telephone.calls": on_ticket(STAFF, lambda w, c, r: telephone.calls(w, c.tickets[r])),
    "tickets.watching.watchers": on_ticket(EVERYBODY, lambda w, c, r: watching.watchers(w, c.tickets[r])),
    "tickets.watching.candidates": on_ticket(STAFF, lambda w, c, r: watching.candidates(w, c.tickets[r])),
    "tickets.watching.decides": on_ticket(EVERYBODY, lambda w, c, r: watching.decides(w, c.tickets[r])),
    "tickets.watching.watch": on_ticket("OACDS", lambda w, c, r: watching.watch(w, c.tickets[r], _colleague(w, c))),
    "tickets.watching.watch_by_address": on_ticket(
        "OACDS", lambda w, c, r: watching.watch_by_address(w, c.tickets[r], _address(w))
    ),
    "tickets.watching.unwatch": on_ticket("OACDS", lambda w, c, r: watching.unwatch(w, c.tickets[r], _colleague(w, c))),
    "tickets.merging.merges": on_ticket(EVERYBODY, lambda w, c, r: merging.merges(w, c.tickets[r])),
    "tickets.merging.merge": on_ticket(DESK, lambda w, c, r: merging.merge(w, c.tickets[r], _twin(w, c, r))),
    "tickets.merging.unmerge": on_ticket(DESK, lambda w, c, r: merging.unmerge(w, _merged(w, c, r))),
    "tickets.undoing.undo": on_ticket(DESK, _undone),
    "tickets.splitting.split": on_ticket(
        DESK, lambda w, c, r: splitting.split(w, c.tickets[r], [], subject="Otra cosa", description="Además no hay luz.")
    ),
    "tickets.snoozing.snoozed": on_ticket(STAFF, lambda w, c, r: snoozing.snoozed(w, c.tickets[r])),
    "tickets.snoozing.snooze": on_ticket(DESK, lambda w, c, r: snoozing.snooze(w, c.tickets[r], None)),
    "tickets.snoozing.unsnooze": on_ticket(DESK, lambda w, c, r: snoozing.unsnooze(w, c.tickets[r])),
    "tickets.time_spent.entries": on_ticket(STAFF, lambda w, c, r: time_spent.entries(w, c.tickets[r])),
    "tickets.time_spent.book": on_ticket(DESK, lambda w, c, r: time_spent.book(w, c.tickets[r], "1:30")),
    "tickets.time_spent.remove": on_ticket(DESK, _time_removed),
    "tickets.tags.tags": on_ticket(STAFF, lambda w, c, r: tags.tags(w, c.tickets[r])),
    "tickets.tags.known_tags": Command(STAFF, lambda w, c, r: tags.known_tags(w)),
    "tickets.tags.set_tags": on_ticket(DESK, lambda w, c, r: tags.set_tags(w, c.tickets[r], ["vip"])),
    "tickets.canned.canned": Command(DESK, lambda w, c, r: canned.canned(w)),
    "tickets.canned.save_canned": Command("OAD", lambda w, c, r: canned.save_canned(w, "Saludo", "Hola")),
    "tickets.canned.delete_canned": Command(
        "OAD", lambda w, c, r: canned.delete_canned(w, canned.save_canned(w, "Saludo", "Hola"))
    ),
    "tickets.adding.add_files": on_ticket("C", lambda w, c, r: adding.add_files(w, c.tickets[r], [("a.pdf", PDF)])),
    "tickets.service.settle": on_ticket("C", lambda w, c, r: service.settle(w, c.tickets[r])),
    "tickets.ratings.rating": on_ticket(EVERYBODY, lambda w, c, r: ratings.rating(w, c.tickets[r])),
    "tickets.ratings.may_rate": on_ticket(EVERYBODY, lambda w, c, r: ratings.may_rate(w, c.tickets[r])),
    "tickets.ratings.rate": on_ticket("C", lambda w, c, r: _rated(w, c, r)),
    "tickets.service.assign": on_ticket("MOADS", lambda w, c, r: service.assign(w, c.tickets[r], c.users["agent"])),
    "tickets.service.set_priority": on_ticket(DESK, lambda w, c, r: service.set_priority(w, c.tickets[r], "high")),
    "tickets.service.set_category": on_ticket(
        DESK, lambda w, c, r: service.set_category(w, c.tickets[r], c.categories["invoicing"])
    ),
    "tickets.bulk.preview_many": Command(DESK, lambda w, c, r: bulk.preview_many(w, {1: 2}, status="pending", owner_id=None)),
    "tickets.facts.set_facts": on_ticket(DESK, lambda w, c, r: facts.set_facts(w, c.tickets[r], {"subject": "Otro asunto"})),
    "tickets.service.change_many": Command(DESK, lambda w, c, r: service.change_many(w, {1: 2}, status="pending", owner_id=None)),
    "tickets.queries.page": Command(EVERYBODY, lambda w, c, r: queries.page(w, Filters())),
    "tickets.queries.export_rows": Command(EVERYBODY, lambda w, c, r: list(queries.export_rows(w, Filters()))),
    "tickets.queries.ticket": on_ticket(EVERYBODY, lambda w, c, r: queries.ticket(w, c.numbers[r])),
    "tickets.queries.conversation": on_ticket(EVERYBODY, lambda w, c, r: queries.conversation(w, c.tickets[r])),
    "tickets.queries.history": on_ticket(EVERYBODY, lambda w, c, r: queries.history(w, c.tickets[r])),
    "tickets.queries.file_for": on_ticket(EVERYBODY, lambda w, c, r: queries.file_for(w, c.public_files.get(r, "x" * 22))),
    "tickets.queries.open_of_station": Command(EVERYBODY, lambda w, c, r: queries.open_of_station(w, c.stations["south"])),
    "tickets.paging.total": Command(EVERYBODY, lambda w, c, r: paging.total(w, Filters())),
    "tickets.paging.sizes": Command(EVERYBODY, lambda w, c, r: paging.sizes(w, Filters())),
    "tickets.paging.found": Command(EVERYBODY, lambda w, c, r: paging.found(w, Filters(), "number", True, 1, 50)),
    "tickets.summary.summary": Command(STAFF, lambda w, c, r: summary.summary(w)),
    "tickets.views.saved_views": Command(STAFF, lambda w, c, r: views.saved_views(w)),
    "tickets.views.save_view": Command("MOAND", lambda w, c, r: views.save_view(w, "Mías", {"mine": "1"})),
    "tickets.views.delete_view": Command("MOAND", lambda w, c, r: views.delete_view(w, views.save_view(w, "Mías", {}).id)),
    "directory.service.ensure_company": Command("DS", lambda w, c, r: catalogues.ensure_company(w, "Otra")),
    "directory.service.save_station": Command(
        "DS", lambda w, c, r: catalogues.save_station(w, catalogues.StationData("E1", "Una"))
    ),
    "directory.service.save_category": Command("DS", lambda w, c, r: catalogues.save_category(w, "Una", "Otra")),
    "tickets.phrases.understood": Command(EVERYBODY, lambda w, c, r: phrases.understood(w, "E05804 vencidos")),
    "directory.queries.find_stations": Command(EVERYBODY, lambda w, c, r: directory.find_stations(w, "E")),
    "directory.queries.station": Command(EVERYBODY, lambda w, c, r: directory.station(w, c.stations["north"])),
    "directory.queries.station_by_code": Command(EVERYBODY, lambda w, c, r: directory.station_by_code(w, "E14109")),
    "directory.queries.station_by_phone": Command(EVERYBODY, lambda w, c, r: directory.station_by_phone(w, "4421002001")),
    "directory.queries.my_stations": Command(EVERYBODY, lambda w, c, r: directory.my_stations(w)),
    "directory.queries.contacts": Command(EVERYBODY, lambda w, c, r: directory.contacts(w, c.stations["north"])),
    "directory.queries.categories": Command(EVERYBODY, lambda w, c, r: directory.categories(w)),
    "directory.queries.category_by_path": Command(
        EVERYBODY, lambda w, c, r: directory.category_by_path(w, "sistemas - facturacion")
    ),
    "directory.queries.companies": Command(STAFF, lambda w, c, r: directory.companies(w)),
    "accounts.service.create_user": Command(
        "DS", lambda w, c, r: users.create_user(w, users.NewUser("nueva", "Nueva", Role.AGENT))
    ),
    "accounts.service.change_role": Command("DS", lambda w, c, r: users.change_role(w, c.users["agent"], Role.OPERATOR)),
    "accounts.service.deactivate": Command("DS", lambda w, c, r: users.deactivate(w, c.users["agent"])),
    "accounts.service.activate": Command("DS", lambda w, c, r: users.activate(w, c.users["retired_agent"])),
    "accounts.service.reset_password": Command("DS", lambda w, c, r: users.reset_password(w, c.users["agent"])),
    "accounts.service.set_password": Command("DS", lambda w, c, r: users.set_password(w, c.users["agent"], "Caminos-anchos-93")),
    "accounts.service.store_own_password": Command(PEOPLE, lambda w, c, r: users.store_own_password(w, passwords.NOBODY)),
    "accounts.service.choose_locale": Command(PEOPLE, lambda w, c, r: users.choose_locale(w, "en")),
    "accounts.queries.owners": Command(STAFF, lambda w, c, r: accounts.owners(w)),
    "accounts.people.people": Command("DS", lambda w, c, r: people.people(w)),
    "accounts.people.names": Command("DS", lambda w, c, r: people.names(w)),
    "accounts.people.account": Command("DS", lambda w, c, r: people.account(w, c.users["agent"])),
    "accounts.people.account_named": Command("DS", lambda w, c, r: people.account_named(w, "agent")),
    "accounts.editing.edit_user": Command("DS", lambda w, c, r: editing.edit_user(w, c.users["agent"], RENAMED)),
    "tickets.renaming.edit_user": Command("DS", lambda w, c, r: renaming.edit_user(w, c.users["agent"], RENAMED)),
    "accounts.service.end_sessions": Command("DS", lambda w, c, r: users.end_sessions(w, c.users["agent"])),
    "accounts.second_factor.state": Command(PEOPLE, lambda w, c, r: second_factor.state(w)),
    "accounts.second_factor.begin_enrolment": Command(PEOPLE, lambda w, c, r: second_factor.begin_enrolment(w)),
    "accounts.second_factor.confirm": Command(PEOPLE, lambda w, c, r: _enrolled(w)),
    "accounts.second_factor.reset": Command("DS", lambda w, c, r: second_factor.reset(w, c.users["agent"])),
    "accounts.second_factor.require_for": Command("DS", lambda w, c, r: second_factor.require_for(w, [Role.AGENT])),
    "tickets.renaming.reindex": Command("DS", lambda w, c, r: renaming.reindex(w)),
    "tickets.renaming.save_station": Command("DS", lambda w, c, r: renaming.save_station(w, None, STATION)),
    "tickets.renaming.save_category": Command("DS", lambda w, c, r: renaming.save_category(w, None, "Una")),
    "directory.editing.save_station": Command("DS", lambda w, c, r: editing_catalogues.save_station(w, None, STATION)),
    "directory.editing.save_category": Command("DS", lambda w, c, r: editing_catalogues.save_category(w, None, "Una")),
    "directory.editing.save_company": Command("DS", lambda w, c, r: editing_catalogues.save_company(w, None, "Una")),
    "directory.catalogues.stations": Command("DS", lambda w, c, r: lists.stations(w)),
    "directory.catalogues.station": Command("DS", lambda w, c, r: lists.station(w, c.stations["north"])),
    "directory.catalogues.companies": Command("DS", lambda w, c, r: lists.companies(w)),
    "directory.catalogues.company": Command("DS", lambda w, c, r: lists.company(w, c.companies["north"])),
    "directory.catalogues.categories": Command("DS", lambda w, c, r: lists.categories(w)),
    "directory.catalogues.category": Command("DS", lambda w, c, r: lists.category(w, c.categories["invoicing"])),
    "directory.catalogues.upper_categories": Command("DS", lambda w, c, r: lists.upper_categories(w)),
    "directory.customers.codes_of": Command("DS", lambda w, c, r: customers.codes_of(w, (c.stations["north"],))),
    "accounts.recovery.forgotten": Command("DS", lambda w, c, r: recovery.forgotten(w, "agent", "10.0.0.1")),
    "accounts.recovery.invite": Command("DS", lambda w, c, r: recovery.invite(w, c.users["agent"])),
    "accounts.notices.notices": Command(PEOPLE, lambda w, c, r: notices.notices(w)),
    "accounts.notices.save_notices": Command(PEOPLE, lambda w, c, r: notices.save_notices(w, {notices.Notice.CREATED: True})),
    "tickets.renaming.save_profile": Command(
        PEOPLE, lambda w, c, r: renaming.save_profile(w, profile.ProfileData("1", name="Otro"))
    ),
    "accounts.recovery.waiting": Command("DS", lambda w, c, r: recovery.waiting(w)),
    "accounts.recovery.invite_waiting": Command("DS", lambda w, c, r: recovery.invite_waiting(w)),
    "accounts.profile.profile": Command(PEOPLE, lambda w, c, r: profile.profile(w)),
    "accounts.profile.save_profile": Command(PEOPLE, lambda w, c, r: profile.save_profile(w, profile.ProfileData("442 1"))),
    "accounts.drafts.load": Command(PEOPLE, lambda w, c, r: drafts.load(w, "new_ticket")),
    "accounts.drafts.save": Command(PEOPLE, lambda w, c, r: drafts.save(w, "new_ticket", {"subject": "x"})),
    "accounts.drafts.discard": Command(PEOPLE, lambda w, c, r: drafts.discard(w, "new_ticket")),
    "calls.service.import_calls": Command("DS", lambda w, c, r: calls.import_calls(w, pd.DataFrame())),
    "calls.service.record_call": Command(DESK, lambda w, c, r: calls.record_call(w, calls.NewCall(START, Outcome.ABANDONED))),
    "calls.service.form_anew": Command("DS", lambda w, c, r: calls.form_anew(w, [c.call], forming.formed_anew)),
    "calls.signing.keep": Command("DS", lambda w, c, r: signing.keep(w, [signing.Sign(1, "301", "", True, "k")], None)),
    "calls.signing.presence": Command(STAFF, lambda w, c, r: signing.presence(w, 202611, 202611)),
    "calls.service.import_totals": Command("DS", lambda w, c, r: calls.import_totals(w, [], 1)),
    "calls.rules.change_rules": Command("DS", lambda w, c, r: rules.change_rules(w, CountingRules(short_s=8))),
    "tickets.documenting.document": on_ticket(
        DESK, lambda w, c, r: documenting.document(w, c.call, "existing_ticket", c.numbers[r])
    ),
    "tickets.documenting.file_under": on_ticket(DESK, lambda w, c, r: documenting.file_under(w, c.call, c.tickets[r])),
    "tickets.caller.caller": Command(STAFF, lambda w, c, r: caller.caller(w, "442 100 2001")),
    "tickets.caller.numbers": Command(EVERYBODY, lambda w, c, r: caller.numbers(w, list(c.tickets.values()))),
    "calls.disposing.call": Command(STAFF, lambda w, c, r: disposing.call(w, c.call)),
    "calls.disposing.by_operator": Command(STAFF, lambda w, c, r: disposing.by_operator(w)),
    "calls.disposing.own_count": Command(STAFF, lambda w, c, r: disposing.own_count(w)),
    "calls.disposing.undocumented": Command(STAFF, lambda w, c, r: disposing.undocumented(w)),
    "calls.disposing.set_returned": Command(DESK, lambda w, c, r: disposing.set_returned(w, _missed(w))),
    "calls.missed.missed_callers": Command(
        STAFF, lambda w, c, r: missed.missed_callers(w, date(2026, 11, 1), date(2026, 11, 30))
    ),
    "calls.missed.whose": Command(STAFF, lambda w, c, r: missed.whose(w, [])),
    "calls.missed.by_whom": Command(STAFF, lambda w, c, r: missed.by_whom(w, [])),
    "calls.service.rebuild_rollups": Command("DS", lambda w, c, r: calls.rebuild_rollups(w)),
    "calls.queries.months": Command(STAFF, lambda w, c, r: call_queries.months(w)),
    "calls.queries.years": Command(STAFF, lambda w, c, r: call_queries.years(w)),
    "calls.queries.latest_month": Command(STAFF, lambda w, c, r: call_queries.latest_month(w)),
    "calls.queries.days": Command(STAFF, lambda w, c, r: call_queries.days(w, None, None)),
    "calls.queries.hour_counts": Command(
        STAFF, lambda w, c, r: call_queries.hour_counts(w, date(2026, 1, 1), date(2026, 1, 2))),
    "calls.queries.hours_of_day": Command(
        STAFF, lambda w, c, r: call_queries.hours_of_day(w, date(2026, 1, 1), date(2026, 1, 2))),
    "calls.queries.hours": Command(STAFF, lambda w, c, r: call_queries.hours(w, None, None)),
    "calls.queries.monthly_summary": Command(STAFF, lambda w, c, r: call_queries.monthly_summary(w)),
    "calls.receiving.receive": Command("DS", lambda w, c, r: receiving.receive(w, RINGS)),
    "calls.receiving.cut_stale": Command("DS", lambda w, c, r: receiving.cut_stale(w)),
    "calls.receiving.forget_old": Command("DS", lambda w, c, r: receiving.forget_old(w)),
    "calls.going_on.calls_now": Command(STAFF, lambda w, c, r: going_on.calls_now(w)),
    "calls.going_on.cut_lately": Command(STAFF, lambda w, c, r: going_on.cut_lately(w)),
    "calls.going_on.notice": Command(DESK, lambda w, c, r: going_on.notice(w)),
    "calls.going_on.put_away": Command("OAD", lambda w, c, r: going_on.put_away(w, _ringing(w))),
    "calls.tokens.add_token": Command("DS", lambda w, c, r: tokens.add_token(w, "Central")),
    "calls.tokens.tokens": Command("DS", lambda w, c, r: tokens.tokens(w)),
    "calls.tokens.revoke_token": Command("DS", lambda w, c, r: tokens.revoke_token(w, tokens.add_token(w, "Central").id)),
    "calls.tokens.accepted": Command("DS", lambda w, c, r: tokens.accepted(w, "x")),
    "calls.tokens.touch": Command("DS", lambda w, c, r: tokens.touch(w, 1)),
    "staffing.arrivals.history": Command(STAFF, lambda w, c, r: arrivals.history(w)),
    "exchange.imports.forming.formed_call": Command(STAFF, lambda w, c, r: forming.formed_call(w, c.call)),
    "calls.finding.call_page": Command(STAFF, lambda w, c, r: call_finding.call_page(w, NOVEMBER)),
    "calls.finding.latest_day": Command(STAFF, lambda w, c, r: call_finding.latest_day(w)),
    "calls.finding.figures": Command(STAFF, lambda w, c, r: call_finding.figures(w, NOVEMBER)),
    "calls.inspecting.one_call": Command(STAFF, lambda w, c, r: call_inspecting.one_call(w, c.call)),
    "calls.grouped.groups": Command(STAFF, lambda w, c, r: call_grouped.groups(w, "operator", 202611)),
    "calls.grouped.names": Command(STAFF, lambda w, c, r: call_grouped.names(w, "operator", 2026)),
    "calls.grouped.missed_by_station": Command(
        STAFF, lambda w, c, r: call_grouped.missed_by_station(w, date(2026, 1, 1), date(2026, 1, 2))),
    "calls.grouped.periods_of": Command(STAFF, lambda w, c, r: call_grouped.periods_of(w, "operator", "Ana", [202611])),
    "calls.grouped.waits": Command(STAFF, lambda w, c, r: call_grouped.waits(w, 202611)),
    "calls.listing.export_frame": Command(STAFF, lambda w, c, r: listing.export_frame(w)),
    "knowledge.service.save_article": Command(
        "ADS", lambda w, c, r: articles.save_article(w, articles.ArticleData("T", "B", "C"))
    ),
    "knowledge.service.store_article": Command(
        "ADS", lambda w, c, r: articles.store_article(w, articles.ArticleData("T", "B", "C"))
    ),
    "knowledge.service.attach_file": Command("ADS", lambda w, c, r: articles.attach_file(w, c.articles["public"], "a.pdf", PDF)),
    "knowledge.queries.shelves": Command(EVERYBODY, lambda w, c, r: knowledge.shelves(w)),
    "knowledge.queries.articles": Command(EVERYBODY, lambda w, c, r: knowledge.articles(w)),
    "knowledge.queries.first_of_shelves": Command(EVERYBODY, lambda w, c, r: knowledge.first_of_shelves(w, 3)),
    "knowledge.queries.pinned": Command(EVERYBODY, lambda w, c, r: knowledge.pinned(w)),
    "knowledge.queries.cards": Command(EVERYBODY, lambda w, c, r: knowledge.cards(w, [1, 2, 3])),
    "knowledge.queries.article": Command(EVERYBODY, lambda w, c, r: knowledge.article(w, c.articles["public"])),
    "knowledge.queries.documents": Command(EVERYBODY, lambda w, c, r: knowledge.documents(w)),
    "knowledge.queries.file_for": Command(EVERYBODY, lambda w, c, r: knowledge.file_for(w, c.documents["public"])),
    "search.queries.search": Command(EVERYBODY, lambda w, c, r: search.search(w, "bomba")),
    "reporting.queries.station_choices": Command(STAFF, lambda w, c, r: reporting.station_choices(w)),
    "reporting.overview.overview": Command(STAFF, lambda w, c, r: overview.overview(w, OverviewFilters(PERIOD))),
    "reporting.repeats.first_contact": Command(STAFF, lambda w, c, r: repeats.first_contact(w, NOVEMBER)),
    "calls.documented.documentation": Command(STAFF, lambda w, c, r: documented.documentation(w, NOVEMBER)),
    "reporting.performance.performance": Command(STAFF, lambda w, c, r: performance.performance(w, OverviewFilters(PERIOD))),
    "reporting.performance.listed": Command(STAFF, lambda w, c, r: performance.listed(w, OverviewFilters(PERIOD), Show.RESOLVED)),
    "reporting.performance.frame": Command(STAFF, lambda w, c, r: performance.frame(w, OverviewFilters(PERIOD), Show.RESOLVED)),
    "reporting.satisfaction.satisfaction": Command(STAFF, lambda w, c, r: satisfaction.satisfaction(w, OverviewFilters(PERIOD))),
    "reporting.satisfaction.answers": Command(STAFF, lambda w, c, r: satisfaction.answers(w, OverviewFilters(PERIOD))),
    "reporting.satisfaction.answers_frame": Command(
        STAFF, lambda w, c, r: satisfaction.answers_frame(w, OverviewFilters(PERIOD))
    ),
    "notifications.templates.template": Command(EVERYBODY, lambda w, c, r: templates.template(w, MailKind.CREATED, "es")),
    "notifications.templates.save_template": Command(
        "DS", lambda w, c, r: templates.save_template(w, MailKind.CREATED, "es", "Hola", "{numero}", version=0)
    ),
    "notifications.templates.reset_template": Command(
        "DS", lambda w, c, r: templates.reset_template(w, MailKind.CREATED, "es")
    ),
    "notifications.viewing.counts": Command("DS", lambda w, c, r: viewing.counts(w)),
    "notifications.viewing.overdue": Command("DS", lambda w, c, r: viewing.overdue(w)),
    "notifications.viewing.mails": Command("DS", lambda w, c, r: viewing.mails(w)),
    "notifications.viewing.mail": Command("DS", lambda w, c, r: viewing.mail(w, _queued(w))),
    "notifications.viewing.undeliverable": on_ticket(STAFF, lambda w, c, r: viewing.undeliverable(w, c.tickets[r])),
    "notifications.viewing.bad_addresses": Command("DS", lambda w, c, r: viewing.bad_addresses(w)),
    "notifications.viewing.allow_address": Command("DS", lambda w, c, r: viewing.allow_address(w, "x@example.mx")),
    "notifications.inbound.reminding.undecided": Command("DS", lambda w, c, r: reminding.undecided(w)),
    "notifications.inbound.reminding.remind": Command("DS", lambda w, c, r: reminding.remind(w)),
    "notifications.viewing.resend": Command("DS", lambda w, c, r: viewing.resend(w, _queued(w))),
    "notifications.viewing.discard": Command("DS", lambda w, c, r: viewing.discard(w, _queued(w))),
    "notifications.viewing.release_held": Command("DS", lambda w, c, r: viewing.release_held(w)),
    "notifications.viewing.discard_held": Command("DS", lambda w, c, r: viewing.discard_held(w)),
    "notifications.viewing.forget_old": Command("DS", lambda w, c, r: viewing.forget_old(w)),
    "tickets.surveys.change_survey": Command("DS", lambda w, c, r: surveys.change_survey(w, SurveyRules(days=20))),
    "subscriptions.service.subscriptions": Command(STAFF, lambda w, c, r: subscriptions.subscriptions(w)),
    "subscriptions.service.subscribe": Command("MOAND", lambda w, c, r: subscriptions.subscribe(w, Wish("attended"))),
    "subscriptions.service.change": Command(
        "MOAND", lambda w, c, r: subscriptions.change(w, _subscribed(w), Wish("missed"), version=1)
    ),
    "subscriptions.service.pause": Command("MOAND", lambda w, c, r: subscriptions.pause(w, _subscribed(w))),
    "subscriptions.service.resume": Command("MOAND", lambda w, c, r: subscriptions.resume(w, _subscribed(w))),
    "subscriptions.service.end": Command("MOAND", lambda w, c, r: subscriptions.end(w, _subscribed(w))),
    "subscriptions.service.own": Command("MOAND", lambda w, c, r: subscriptions.own(w, _subscribed(w))),
    "notifications.inbound.received.counts": Command("DS", lambda w, c, r: received.counts(w)),
    "notifications.inbound.received.mails": Command("DS", lambda w, c, r: received.mails(w)),
    "notifications.inbound.received.mail": Command("DS", lambda w, c, r: received.mail(w, _held_mail(w))),
    "notifications.inbound.received.release": Command("DS", lambda w, c, r: received.release(w, _held_mail(w))),
    "notifications.inbound.received.discard": Command("DS", lambda w, c, r: received.discard(w, _held_mail(w))),
    "notifications.inbound.received.file_for": Command("DS", lambda w, c, r: _original(w)),
    "notifications.inbound.received.quotes_of": on_ticket(EVERYBODY, lambda w, c, r: received.quotes_of(w, c.tickets[r])),
    "notifications.inbound.mailbox.last_look": Command("DS", lambda w, c, r: mailbox.last_look(w)),
    "notifications.inbound.filing.choose_category": Command(
        "DS", lambda w, c, r: filing.choose_category(w, c.categories["invoicing"])
    ),
    "notifications.testing.save_sender": Command("DS", lambda w, c, r: testing.save_sender(w, "Mesa", "a@mesa.example")),
    "exchange.exports.write_tickets": Command(EVERYBODY, lambda w, c, r: exports.write_tickets(w, Filters(), "csv", _target())),
    "exchange.imports.batches.prepare": Command("DS", lambda w, c, r: _import(w)),
    "exchange.imports.batches.save": Command("DS", lambda w, c, r: batches.save(w, _prepared(w), "x.csv")),
    "exchange.imports.batches.history": Command("DS", lambda w, c, r: batches.history(w)),
    "exchange.imports.forming.form_all_anew": Command("DS", lambda w, c, r: forming.form_all_anew(w)),
    "exchange.imports.forming.read_in_zone": Command("DS", lambda w, c, r: _read_again(w)),
    "exchange.imports.folder.watched": Command("DS", lambda w, c, r: folder.watched(w)),
    "exchange.imports.articles.import_articles": Command(
        "DS", lambda w, c, r: article_import.import_articles(w, ROOT / "data" / "samples" / "articles")
    ),
}
# Functions that take a work but are steps of commands. Pages, routes and the command line never call them.
STEPS = {
    "notifications.mailer",
    "notifications.rules",
    "notifications.recipients",
    "surveys.answering",
    "surveys.asking",
    "subscriptions.making",
    "subscriptions.sending",
    "subscriptions.unsubscribing",
    "calls.totals",
    "calls.measures",
    "calls.summaries",
    "accounts.checks",
    "tickets.checks",
    "tickets.store",
    "tickets.scope",
    "tickets.waking",
    "tickets.locking",
    "tickets.assigning",
    "tickets.attaching",
    "tickets.rules.acting",
    "tickets.rules.reading",
    "reporting.measured",
    "reporting.rolled",
    "reporting.counted",
    "reporting.relaciones.attended",
    "reporting.relaciones.recovered",
    "reporting.relaciones.telephone",
    "accounts.sessions",
    "exchange.imports.ticket_writing",
    "exchange.imports.stations",
    "exchange.imports.calls",
    "exchange.imports.tickets",
    "exchange.imports.users",
    "calls.bulk",
    "calls.groups",
    "calls.recognition",
    "calls.reforming",
    "search.excerpts",
}
# Single functions, each with the reason why everybody who has a work may call it.
OPEN = {
    "calls.grouped.station_names": "a step of reading calls by station",
    "calls.rules.counting_rules": "how calls are counted is told beside every figure",
    "exchange.imports.forming.formed_anew": "a step of forming calls anew",
    "calls.disposing.read": "reads a select of calls and asks for the permission itself",
    "calls.disposing.names": "the actor's own names",
    "notifications.inbound.keeping.keep_unread": "a step of fetching",
    "tickets.surveys.still_waits": "a step of asking",
    "tickets.surveys.never_ask": "a step of tidying up",
    "notifications.listing.counted": "a step of the lists of mails, asks for the permission itself",
    "notifications.listing.newest": "a step of the lists of mails, asks for the permission itself",
    "notifications.listing.number_of": "a step of reading one mail",
    "notifications.inbound.filing.category": "the category of tickets by mail, on pages that ask",
    "tickets.durations.keep": "a step of filing many",
    "tickets.durations.follow": "a step of every change",
    "tickets.sla.keep": "a step of filing",
    "tickets.sla.rewind": "a step of every change",
    "tickets.sla.terms": "a step before what may be undone",
    "tickets.sla.put_back": "a step of undoing",
    "tickets.sla.by_voice": "a step of splitting",
    "tickets.targets.warning": "when is warned is told wherever it holds",
    "tickets.times.times": "the times are told wherever they hold",
    "tickets.rules.keeping.kept": "a step of reading and of running the rules",
    "tickets.rules.running.looked_at": "a step of asking the hourly rules",
    "tickets.undoing.undoable": "a step around commands that ask themselves",
    "tickets.service.say": "a step of reply, note and add_files, which ask",
    "tickets.service.save": "a step of every change of a ticket",
    "tickets.service.editable": "fetch-and-check of a ticket: the scope is in it",
    "tickets.service.requester_of": "a step of filing a ticket and of mending its facts",
    "directory.service.remember_contact": "a step of filing a ticket",
    "calls.signing.rebuild": "a step of keeping sign-ins",
    "directory.calendar.shifts": "a step of spreading tickets",
    "directory.calendar.calendar_of": "a step of everything that counts working time",
    "directory.queries.visible_stations": "the scope itself",
    "knowledge.queries.visible_articles": "the scope itself",
    "knowledge.service.index": "a step of saving an article",
    "accounts.queries.demo_people": "asked before anybody signs in; empty unless the database is marked as a demo",
    "accounts.second_factor.required_roles": "which roles need a second factor is told to everybody who signs in",
    "calls.service.tally": "a step of writing one call",
    "calls.going_on.listens": "whether calls may come for the asking person at all; False for everybody else",
    "accounts.service.problems": "a check of what was typed, before creating and changing a person",
    "accounts.service.managed": "fetch-and-check of a person to be changed: the permission is in it",
    "accounts.service.give_role": "a step of changing a role, on a person from managed",
    "accounts.service.keep_an_admin": "a step of taking an administrator away",
    "tickets.renaming.follow_owner": "a step of renaming a person",
    "tickets.renaming.follow_category": "a step of renaming a category",
    "tickets.renaming.follow_station": "a step of renaming a station",
    "tickets.ratings.keep": "a step of rating, by the person or by the link of a mail",
    "tickets.ratings.count": "a step of rating and of sending surveys",
    "tickets.surveys.survey_rules": "a step of sending surveys, and told beside their figures",
    "tickets.surveys.waiting": "a step of sending surveys, in the desk's own name",
    "tickets.surveys.recipient": "a step of sending surveys, in the desk's own name",
    "tickets.surveys.close": "a step of sending surveys, in the desk's own name",
    "tickets.surveys.survey_of": "a step of answering by the link of a mail",
    "subscriptions.service.name_of": "reads only what the asking person may use",
    "subscriptions.service.usable_view": "the scope of saved views itself",
    "reporting.relaciones.queries.check": "asks for the permission of a report",
    "notifications.outbox.known": "a step of queueing a mail",
    "notifications.preferences.sheet": "the token of a mail is the permission",
    "notifications.preferences.choose": "the token of a mail is the permission",
    "notifications.preferences.stop": "the token of a mail is the permission",
    "notifications.preferences.refused": "a step of queueing a mail",
    "notifications.outbox.hold_all": "a step of bringing a backup back",
    "notifications.letters.send": "a step of making a link, which asks",
    "notifications.outbox.queue": "a step of whatever tells somebody by mail",
    "notifications.outbox.may_get": "a step of queueing a mail",
    "notifications.outbox.mark_undeliverable": "a step of sending and of reading what came back",
    "notifications.tokens.reply_token": "a step of writing a mail",
    "notifications.tokens.ticket_of": "a step of reading a mail",
    "notifications.inbound.keeping.keep": "a step of fetching a mail",
    "notifications.inbound.keeping.known_place": "a step of fetching a mail",
    "notifications.inbound.belonging.answer": "a step of taking a mail",
    "notifications.inbound.belonging.named_number": "a step of taking a mail",
    "notifications.inbound.filing.file": "a step of taking a mail, and of releasing one, which asks",
    "notifications.inbound.returning.take_back": "a step of taking a mail",
    "directory.calendars.change": "a step of winding clocks anew",
    "notifications.inbound.returning.refused": "a step of sending a mail",
    "notifications.inbound.returning.not_arrived": "a step of sending a mail",
    "notifications.inbound.taking.present": "a step of taking a mail",
    "notifications.inbound.taking.newest_message": "a step of taking a mail",
    "notifications.inbound.taking.note_left_out": "a step of taking a mail",
    "notifications.inbound.telling.owner": "a step of taking a mail",
    "notifications.inbound.telling.person": "a step of taking a mail",
    "notifications.sender.sender": "the desk's own name and address, which stand in every mail",
    "exchange.exports.record_export": "writes the event of an export that was allowed",
}
ABOVE = ("core.ui", "core.http", "core.cli", "core.bench", "core.demo", "core.demo_content", "core.jobs", "core.migrations")


def _target() -> Path:
    """A file in the test's own data folder: an export that fails removes its target."""
    folder = get_settings().data_dir
    folder.mkdir(parents=True, exist_ok=True)
    return folder / "export.csv"


def _import(work: Work) -> Any:
    return batches.prepare(work, Upload(Kind.CALLS, "x.csv", CSV))


def _read_again(work: Work) -> Any:
    row = Import(kind="calls", file_name="x", at=work.now, actor_name="x", report={},
                 reading=forming.Reading("asterisk-cdr", zone="UTC").to_dict())
    work.session.add(row)
    work.session.flush()
    return forming.read_in_zone(work, row.id, "America/Tijuana")


def _prepared(work: Work) -> Any:
    with_rights = Work(work.session, SYSTEM, work.now)
    return _import(with_rights)


def found_commands() -> dict[str, Callable[..., Any]]:
    """Public functions of the features whose first parameter is `work`, by their dotted name without `core.`."""
    found: dict[str, Callable[..., Any]] = {}
    for info in pkgutil.walk_packages(core.__path__, "core."):
        if info.name.startswith(ABOVE) or info.name in ("core.__main__", "core.work"):
            continue
        module = importlib.import_module(info.name)
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if function.__module__ != info.name or name.startswith("_"):
                continue
            if next(iter(inspect.signature(function).parameters), None) == "work":
                found[f"{info.name.removeprefix('core.')}.{name}"] = function
    return found


def test_every_command_stands_in_the_table() -> None:
    found = {name for name in found_commands() if name.rpartition(".")[0] not in STEPS and name not in OPEN}
    assert found - set(COMMANDS) == set(), "say in the table who may do this"
    assert set(COMMANDS) - found == set(), "the table knows commands that are gone"


def _roles_that_see(relation: str) -> dict[str, bool]:
    staff = relation != "missing"
    return {letter: relation == "own" if letter == "C" else staff for letter in LETTERS}


def _outcome(desk: Desk, who: str, command: Command, relation: str) -> str:
    desk.reset()
    try:
        with desk.begin(who) as work:
            command.do(work, desk.cast, relation)
    except DeskError as error:
        refusal = error
    else:
        return "done"
    assert str(refusal) == str(type(refusal)()), "forbidden and missing say nothing of what there is"
    return type(refusal).__name__


@pytest.mark.sqlite_only
@pytest.mark.parametrize("name", COMMANDS)
def test_each_role_may_do_what_the_table_says_and_nothing_else(desk: Desk, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(passwords, "ROUNDS", 4)
    command = COMMANDS[name]
    expected, found = {}, {}
    for letter, who in LETTERS.items():
        for relation in command.each or ("",):
            seen = not relation or _roles_that_see(relation)[letter]
            expected[who, relation] = "Forbidden" if letter not in command.who else "done" if seen else "NotFound"
            if name == "calls.service.import_calls" and expected[who, relation] == "done":
                continue  # needs a frame; tests/calls does it
            found[who, relation] = _outcome(desk, who, command, relation)
    assert found == {key: value for key, value in expected.items() if key in found}


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        ("customer", {"own"}),
        ("neighbour", {"same_company"}),
        ("company_head", {"own", "same_company"}),
        ("stranger", {"other_company"}),
        ("loner", set()),
        ("analyst", {"own", "same_company", "other_company", "unrelated"}),
    ],
)
def test_no_door_shows_a_ticket_that_another_door_hides(desk: Desk, who: str, seen: set[str]) -> None:
    cast = desk.cast
    numbers = {cast.numbers[relation] for relation in seen}
    with desk.reading(who) as work:
        assert set(queries.page(work, Filters()).rows["number"]) == numbers
        assert paging.total(work, Filters()) == (len(numbers), False)
        assert paging.total(work, Filters(status=("open",))) == (len(numbers), False)
        assert {hit.number for hit in search.search(work, "terminal").tickets} == numbers
        assert set(queries.page(work, Filters(text="terminal")).rows["number"]) == numbers
        for relation in RELATIONS:
            found = _found(lambda r=relation: queries.ticket(work, cast.numbers[r]))  # type: ignore[misc]
            assert found == (relation in seen)
            hits = {
                hit.number for typed in ("{}", "#{}") for hit in search.search(work, typed.format(cast.numbers[relation])).tickets
            }
            assert hits <= numbers
            assert (cast.numbers[relation] in hits) == (relation in seen)
        for station in cast.stations.values():
            assert set(queries.open_of_station(work, station)["number"]) <= numbers


def _found(read: Callable[[], Any]) -> bool:
    try:
        read()
    except NotFound as error:
        refusal = error
    else:
        return True
    assert str(refusal) == str(NotFound())
    return False


def test_a_note_is_found_and_read_by_staff_only(desk: Desk) -> None:
    word = "fotovoltaico"
    assert word in SECRET_NOTE
    for who, expected in (("analyst", 4), ("customer", 0), ("company_head", 0)):
        with desk.reading(who) as work:
            assert paging.total(work, Filters(text=word)) == (expected, False)
            found = search.search(work, word)
            assert (found.ticket_total, len(found.tickets)) == (expected, expected)
            own = desk.cast.tickets["own"]
            told = repr(
                (queries.conversation(work, own), queries.history(work, own), queries.ticket(work, desk.cast.numbers["own"]))
            )
            assert (word in told) == (who == "analyst")
            assert ("interno.pdf" in told) == (who == "analyst")


def test_a_customer_reads_no_staff_facts_in_the_history(desk: Desk) -> None:
    own = desk.cast.tickets["own"]
    with desk.begin("agent") as work:
        service.assign(work, own, desk.cast.users["operator"])
        service.set_priority(work, own, "critical")
        service.set_category(work, own, desk.cast.categories["collection"])
        service.set_status(work, own, "in_progress")
    with desk.reading("customer") as work:
        entries = queries.history(work, own)
    assert [entry.action for entry in entries] == ["ticket_created", "ticket_status"]
    assert {name for entry in entries for name in (*entry.before, *entry.after)} == {"status"}


def test_a_customer_moves_no_ticket(desk: Desk) -> None:
    with desk.reading("customer") as work:
        assert queries.ticket(work, desk.cast.numbers["own"]).moves == ()


def test_a_customer_sees_the_own_stations_only(desk: Desk) -> None:
    cast = desk.cast
    with desk.reading("customer") as work:
        assert [each.code for each in directory.find_stations(work, "E")] == ["E05804"]
        assert directory.station_by_code(work, "E14109") is None
        assert directory.station_by_phone(work, "999 100 2003") is None
        for read in (directory.station, directory.contacts):
            with pytest.raises(NotFound):
                read(work, cast.stations["south"])


def test_articles_are_read_by_those_they_are_for(desk: Desk) -> None:
    readers = {"customer": {"public"}, "operator": {"public", "internal"}, "agent": {"public", "internal", "draft"}}
    for who, expected in readers.items():
        with desk.reading(who) as work:
            assert {card.visibility for card in knowledge.articles(work)} == expected
            assert search.search(work, "dispensario").article_total == len(expected)
            assert len(knowledge.documents(work)) == len(expected)
            for visibility, slug in desk.cast.articles.items():
                assert _found(lambda s=slug: knowledge.article(work, s)) == (visibility in expected)  # type: ignore[misc]
                document = desk.cast.documents[visibility]
                assert _found(lambda d=document: knowledge.file_for(work, d)) == (visibility in expected)  # type: ignore[misc]


@pytest.mark.sqlite_only
def test_a_view_is_deleted_by_its_owner_only(desk: Desk) -> None:
    with desk.begin("manager") as work:
        view = views.save_view(work, "Todas", {}, shared=True)
    with desk.reading("operator") as work:
        assert [(each.name, each.own) for each in views.saved_views(work)] == [("Todas", False)]
    with pytest.raises(NotFound), desk.begin("operator") as work:
        views.delete_view(work, view.id)
    with pytest.raises(Forbidden), desk.begin("operator") as work:
        views.save_view(work, "Todas", {}, shared=True)


@pytest.mark.sqlite_only
def test_the_last_administrator_cannot_be_removed(desk: Desk) -> None:
    before = desk.fingerprint()
    for remove in (lambda work, user: users.change_role(work, user, Role.AGENT), users.deactivate):
        with pytest.raises(DeskError), desk.begin("admin") as work:
            remove(work, desk.cast.users["admin"])
    assert desk.fingerprint() == before


def test_every_role_has_permissions_and_every_permission_has_a_role() -> None:
    assert set(ROLE_PERMISSIONS) == set(Role)
    assert set().union(*(ROLE_PERMISSIONS[role] for role in (*STAFF_ROLES, Role.CUSTOMER))) == set(Permission)
    assert Permission.USE_PORTAL not in ROLE_PERMISSIONS[Role.SYSTEM]


def test_pages_call_commands_not_their_steps() -> None:
    steps = {name for name in found_commands() if name.rpartition(".")[0] in STEPS and not name.startswith("accounts.sessions")}
    assert steps, "the list of steps is about something"
    wrong = []
    for path in [*(ROOT / "pages").rglob("*.py"), *(ROOT / "core" / "ui").rglob("*.py")]:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        imported = {
            f"{node.module}.{alias.name}".removeprefix("core."): alias.asname or alias.name
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and node.module
            for alias in node.names
        }
        used = {
            f"{node.value.id}.{node.attr}"
            for node in ast.walk(tree)
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
        }
        for step in steps:
            module, _dot, name = step.rpartition(".")
            if step in imported or (module in imported and f"{imported[module]}.{name}" in used):
                wrong.append(f"{path.relative_to(ROOT)}: {step}")
    assert wrong == []
