"""Every filter gives what a filter written in Python gives, on every page, in every order, in the export and the total."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from core.fulltext import fold
from core.tickets import paging, queries, service, store
from core.tickets.filters import Filters
from core.tickets.lifecycle import Channel, Priority, Status, TicketType
from core.tickets.models import Ticket
from tests.databases import Desk
from tests.factories import START, new_ticket
from tests.tickets.recount import ZONE

NOW = START + timedelta(days=30)
WORDS = ("bomba", "lector", "impresora", "camara", "dispensario", "volumetrico")
RANKS = {"status": list(Status), "priority": list(Priority), "type": list(TicketType), "channel": list(Channel)}
FACTS = (
    "id",
    "archived_at",
    "number",
    "status",
    "priority",
    "type",
    "channel",
    "category_id",
    "owner_id",
    "station_id",
    "company_id",
    "requester_id",
    "created_at",
    "updated_at",
    "due_at",
    "done_at",
    "subject",
    "description",
    "station_code",
    "short_name",
    "destination",
    "requester_name",
    "category_path",
    "owner_name",
    "calls",
    "requester_email",
    "requester_phone",
)
DAYS = st.dates(date(2026, 11, 1), date(2026, 12, 4))


def some(values: list[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.one_of(st.just(()), st.lists(st.sampled_from(values), max_size=3, unique=True).map(tuple))


FILTERS = st.builds(
    Filters,
    number=st.one_of(*[st.none()] * 5, st.integers(0, 60)),
    status=some([str(member) for member in Status]),
    priority=some([str(member) for member in Priority]),
    type=some([str(member) for member in TicketType]),
    channel=some([str(member) for member in Channel]),
    category_id=some([1, 2, 3, 6]),
    owner_id=some([0, 2, 3, 4]),
    station_id=some([1, 2, 3, 4]),
    company_id=some([1, 2]),
    unassigned=st.sampled_from((False, False, False, True)),
    overdue=st.sampled_from((False, False, False, True)),
    mine=st.sampled_from((False, False, False, True)),
    snoozed=st.sampled_from((False, False, False, True)),
    awake=st.sampled_from((False, False, False, True)),
    archived=st.sampled_from((False, False, False, True)),
    unarchived=st.sampled_from((False, False, False, True)),
    created_from=st.none() | DAYS,
    created_to=st.none() | DAYS,
    done_from=st.none() | DAYS,
    done_to=st.none() | DAYS,
    text=st.one_of(
        *[st.just("")] * 4, st.sampled_from(WORDS), st.sampled_from(("Cámara lec", "IMPRESORAS", "bomba lector", "nada", "¡!"))
    ),
)
# One filter alone, so that each is tried against many tickets; and several together.
ALONE = st.builds(
    lambda filters, name: Filters(**{name: getattr(filters, name)}),
    FILTERS,
    st.sampled_from([name for name in Filters.__dataclass_fields__ if name != "text"]),
)


def populate(desk: Desk) -> None:
    """Fifty tickets of all kinds, some of them imported without a due time."""
    chance = random.Random(7)
    cast = desk.cast
    for _number in range(46):
        created = START + timedelta(minutes=chance.randrange(0, 29 * 1440))
        with desk.begin(chance.choice(("operator", "agent", "second_agent")), created) as work:
            filed = service.create(
                work,
                new_ticket(
                    cast,
                    type=chance.choice(list(TicketType)),
                    priority=chance.choice(list(Priority)),
                    station_id=chance.choice(list(cast.stations.values())),
                    category_id=cast.categories[chance.choice(("invoicing", "collection"))],
                    requester_name=chance.choice(("Rosa Peña", "Álvaro", "zoila")),
                    subject=" ".join(chance.sample(WORDS, 2)),
                    channel=chance.choice((Channel.PHONE, Channel.MAIL)),
                    owner_id=chance.choice((None, cast.users["agent"], cast.users["operator"])),
                ),
            )
        for step in range(chance.randrange(3)):
            with desk.begin("agent", created + timedelta(days=step, hours=9)) as work:
                moves = queries.ticket(work, filed.number).moves
                service.set_status(work, filed.id, chance.choice(moves))
    for number, hours in ((5, None), (9, 1), (14, 0), (20, -1), (26, 48)):
        desk.run(
            "INSERT INTO ticket_snoozes (ticket_id, until, at) SELECT id, :until, created_at FROM tickets WHERE number = :number",
            number=number,
            until=None if hours is None else int((NOW + timedelta(hours=hours)).timestamp()),
        )
    desk.run("UPDATE tickets SET due_at = NULL WHERE number % 7 = 3")
    desk.run("UPDATE tickets SET archived_at = created_at WHERE number % 4 = 1 AND status = 5")
    desk.run("UPDATE tickets SET requester_id = :id WHERE number % 5 = 0", id=cast.users["customer"])
    with desk.begin("system") as work:
        for ticket in work.session.scalars(select(Ticket).where(Ticket.number % 5 == 0)):
            store.index(work.session, ticket, known=True)


def everything(desk: Desk) -> list[dict[str, Any]]:
    rows = [dict(zip(FACTS, row, strict=True)) for row in desk.rows(f"SELECT {', '.join(FACTS)} FROM tickets")]
    for row in rows:
        for name, members in RANKS.items():
            row[f"{name}_rank"], row[name] = row[name], str(members[row[name] - 1])
        row["asleep"] = row["number"] in (5, 9, 26)
    return rows


def local_day(seconds: int | None) -> date | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC).astimezone(ZONE).date()


def sees(row: dict[str, Any], desk: Desk, who: str) -> bool:
    """The scope, spelled out by name."""
    if who == "operator":
        return True
    if row["requester_id"] == desk.cast.users[who]:
        return True
    return who == "company_head" and row["company_id"] == desk.cast.companies["north"]


def fits(row: dict[str, Any], filters: Filters, user: int, staff: bool) -> bool:
    active = row["status"] in ("open", "in_progress", "pending")
    created, done = local_day(row["created_at"]), local_day(row["done_at"])
    chosen = ("status", "priority", "type", "channel", "category_id", "station_id", "company_id")
    return (
        all(not getattr(filters, name) or row[name] in getattr(filters, name) for name in chosen)
        and (filters.number is None or row["number"] == filters.number)
        and (not filters.owner_id or (row["owner_id"] or 0) in filters.owner_id)
        and (not filters.unassigned or (row["owner_id"] is None and active))
        and (not filters.mine or row["owner_id"] == user)
        and (not filters.snoozed or (row["asleep"] and active))
        and (not filters.awake or filters.snoozed or not row["asleep"])
        and (not filters.archived or row["archived_at"] is not None)
        and (not filters.unarchived or filters.archived or row["archived_at"] is None)
        and (not filters.overdue or (active and row["due_at"] is not None and row["due_at"] <= NOW.timestamp()))
        and (filters.created_from is None or (created is not None and created >= filters.created_from))
        and (filters.created_to is None or (created is not None and created <= filters.created_to))
        and (filters.done_from is None or (done is not None and done >= filters.done_from))
        and (filters.done_to is None or (done is not None and done <= filters.done_to))
        and (not filters.text or says(row, filters.text, staff))
    )


def says(row: dict[str, Any], typed: str, staff: bool) -> bool:
    """All words begin a word of the ticket (the test's words do not change when inflected, but for a plural s)."""
    texts = [
        str(row[name])
        for name in (
            "number",
            "subject",
            "description",
            "station_code",
            "short_name",
            "destination",
            "requester_name",
            "category_path",
        )
    ]
    if staff:
        texts += [row["owner_name"], row["requester_email"] or "", row["requester_phone"] or ""]
    found = fold(" ".join(texts)).replace("-", " ").split()
    wanted = [word.removesuffix("s") for word in fold(typed).strip("¡!").split()]
    return bool(wanted) and all(any(word.startswith(each) for word in found) for each in wanted)


def pages(work: Any, filters: Filters, sort: str, descending: bool, size: int) -> Iterator[pd.DataFrame]:
    first = queries.page(work, filters, sort, descending, 1, size)
    assert not first.capped
    yield first.rows
    for number in range(2, first.pages + 1):
        yield queries.page(work, filters, sort, descending, number, size).rows


@pytest.mark.parametrize("chosen", [FILTERS, ALONE], ids=["together", "alone"])
def test_pages_total_and_export_are_what_python_filters_out_of_all_tickets(desk: Desk, chosen: Any) -> None:
    populate(desk)
    rows = everything(desk)

    @settings(max_examples=40)
    @given(
        filters=chosen,
        who=st.sampled_from(("operator", "operator", "customer", "company_head", "loner")),
        sort=st.sampled_from(queries.SORTS),
        descending=st.booleans(),
        size=st.sampled_from((5, 13, 50)),
    )
    def all_agree(filters: Filters, who: str, sort: str, descending: bool, size: int) -> None:
        meant = filters if who == "operator" else filters.for_customer()
        expected = {
            row["number"] for row in rows if sees(row, desk, who) and fits(row, meant, desk.cast.users[who], who == "operator")
        }
        with desk.reading(who, NOW) as work:
            assert queries.total(work, filters) == (len(expected), False)
            listed = [number for frame in pages(work, filters, sort, descending, size) for number in frame["number"]]
            assert sorted(listed) == sorted(expected)
            if who == "operator":
                exported = [
                    number
                    for frame in queries.export_rows(work, filters, sort, descending, batch=size)
                    for number in frame["number"]
                ]
                assert exported == listed

    all_agree()


def test_a_list_is_in_the_order_that_was_asked_for(desk: Desk) -> None:
    populate(desk)
    facts = {row["number"]: row for row in everything(desk)}
    for sort, descending in product(queries.SORTS, (False, True)):
        name = f"{sort}_rank" if sort in RANKS else sort
        with desk.reading("operator", NOW) as work:
            listed = [number for frame in pages(work, Filters(), sort, descending, 7) for number in frame["number"]]
        assert len(set(listed)) == len(listed) == len(facts) == 50
        values = [facts[number][name] for number in listed]
        valued = [number for number in listed if facts[number][name] is not None]
        groups = sorted({value for value in values if value is not None}, reverse=descending)
        if desk.name == "postgresql" and isinstance(groups[0], str):  # it has its own order of letters; equal ones are together
            groups = list(dict.fromkeys(value for value in values if value is not None))
        assert valued == sorted(valued, key=lambda number: (groups.index(facts[number][name]), -number if descending else number))
        empty = [index for index, value in enumerate(values) if value is None]
        assert empty in ([], list(range(len(empty))), list(range(len(values) - len(empty), len(values)))), "together at one end"


def test_a_sort_that_does_not_exist_is_the_order_of_numbers(desk: Desk) -> None:
    with desk.reading("operator") as work:
        for sort in ("description", "id; DROP TABLE tickets", ""):
            assert list(queries.page(work, Filters(), sort, False).rows["number"]) == [1, 2, 3, 4]


@pytest.mark.parametrize("page", [-5, 0, 99, 10**12])
def test_a_page_that_does_not_exist_gives_the_nearest_one(desk: Desk, page: int) -> None:
    with desk.reading("operator") as work:
        found = queries.page(work, Filters(), "number", False, page, 3)
    assert list(found.rows["number"]) == ([1, 2, 3] if page < 1 else [4])


def test_counting_stops_at_the_cap_and_says_so(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "CAP", 3)
    monkeypatch.setattr(paging, "FEW", 2)
    limited = Filters(created_from=date(2026, 1, 1))
    with desk.reading("operator") as work:
        found = queries.page(work, limited, "number", True, 2, 2)
        assert (found.total, found.capped, found.pages, list(found.rows["number"])) == (3, True, 2, [2, 1])
        assert queries.total(work, Filters()) == (4, False), "the summaries know all"


def test_rows_have_codes_and_aware_instants(desk: Desk) -> None:
    for number, hours in ((5, None), (9, 1), (14, 0), (20, -1), (26, 48)):
        desk.run(
            "INSERT INTO ticket_snoozes (ticket_id, until, at) SELECT id, :until, created_at FROM tickets WHERE number = :number",
            number=number,
            until=None if hours is None else int((NOW + timedelta(hours=hours)).timestamp()),
        )
    desk.run("UPDATE tickets SET due_at = NULL WHERE number = 1")
    with desk.reading("operator") as work:
        frame = queries.page(work, Filters(), "number", False).rows
    assert tuple(frame.columns) == queries.COLUMNS
    row = frame.iloc[0].to_dict()
    assert (row["status"], row["type"], row["priority"], row["channel"]) == ("open", "incident", "medium", "portal")
    assert all(type(row[name]) is str for name in ("status", "type", "priority", "channel"))
    assert row["created_at"] == START + timedelta(hours=1)
    assert row["created_at"].tzinfo is UTC
    assert row["due_at"] is None
    assert row["done_at"] is None


@given(filters=FILTERS)
def test_filters_survive_the_url(filters: Filters) -> None:
    assert Filters.from_params(filters.to_params()) == filters


@given(
    params=st.dictionaries(
        st.sampled_from([*Filters.__dataclass_fields__, "page", "evil"]),
        st.text(max_size=12) | st.sampled_from(["open,evil,open", "1,x,-2,3", "2026-13-01", "2026-11-05", "1", "²", "٣"]),
    )
)
def test_whatever_stands_in_the_url_becomes_sound_filters(params: dict[str, str]) -> None:
    filters = Filters.from_params(params)
    assert Filters.from_params(filters.to_params()) == filters
    assert set(filters.status) <= {str(member) for member in Status}
    assert all(number >= 0 for number in filters.owner_id)


def test_broken_parts_of_the_url_are_dropped_and_good_ones_kept() -> None:
    filters = Filters.from_params(
        {
            "status": "open,evil, pending",
            "owner_id": "3,x,-1,0",
            "created_from": "2026-11-31",
            "created_to": "2026-11-30",
            "mine": "yes",
            "overdue": "1",
            "number": "12a",
            "text": "a\x00b",
            "sort": "x",
        }
    )
    assert filters == Filters(status=("open", "pending"), owner_id=(3, 0), created_to=date(2026, 11, 30), overdue=True, text="ab")


@pytest.mark.sqlite_only
@given(params=st.dictionaries(st.sampled_from(list(Filters.__dataclass_fields__)), st.text(max_size=20), max_size=4))
@settings(max_examples=60)
def test_no_url_can_break_the_list(desk: Desk, params: dict[str, str]) -> None:
    with desk.reading("customer") as work:
        found = queries.page(work, Filters.from_params(params))
    assert set(found.rows["number"]) <= {1}


@pytest.mark.parametrize(
    "typed",
    ["%", "_", "'", '"', "a' OR 1=1 --", "bomba) OR (", "NEAR(a b)", "*", "bomba*", "-bomba", "a:b", "ñ\x00", "()", "AND"],
)
def test_signs_of_query_languages_are_only_text(desk: Desk, typed: str) -> None:
    with desk.reading("customer") as work:
        found = queries.page(work, replace(Filters(), text=typed))
    assert set(found.rows["number"]) <= {1}


def test_an_export_in_small_batches_has_every_row_once_in_the_order_of_the_list(desk: Desk) -> None:
    populate(desk)
    for sort, descending in product(queries.SORTS, (False, True)):
        with desk.reading("operator", NOW) as work:
            listed = [number for frame in pages(work, Filters(), sort, descending, 7) for number in frame["number"]]
            exported = [
                number for frame in queries.export_rows(work, Filters(), sort, descending, batch=3) for number in frame["number"]
            ]
        assert exported == listed


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "1899-12-31", "2201-01-01"])
@pytest.mark.parametrize("name", ["created_from", "created_to", "done_from", "done_to"])
def test_a_day_beyond_every_calendar_is_dropped_like_any_broken_value(name: str, day: str) -> None:
    assert Filters.from_params({name: day}) == Filters()


@pytest.mark.sqlite_only
@pytest.mark.parametrize("limits", [Filters(unassigned=True), Filters(overdue=True), Filters(channel=("phone",)),
                                    Filters(mine=True), Filters(owner_id=(0,)), Filters(owner_id=(1, 2, 3))])
def test_a_customer_learns_nothing_of_owners_and_terms_by_filtering(desk: Desk, limits: Filters) -> None:
    with desk.reading("customer") as work:
        everything = queries.page(work, Filters()).rows["number"].to_list()
        assert queries.page(work, limits).rows["number"].to_list() == everything
        assert queries.total(work, limits) == queries.total(work, Filters())
