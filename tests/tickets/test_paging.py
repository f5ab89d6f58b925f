"""Every way to a page of the grid gives what a plain read gives."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import and_, func, select, update

from core import db, migrations, work
from core.access import SYSTEM, Actor, Role
from core.accounts.models import User
from core.accounts.queries import actor_of
from core.config import get_settings
from core.demo import fill
from core.tickets import paging, queries, service
from core.tickets.filters import Filters
from core.tickets.lifecycle import Status
from core.tickets.models import Ticket, TicketSnooze, TicketTag, TicketWatcher
from core.tickets.scope import conditions, visible_tickets
from core.work import Work

NOW = datetime(2026, 11, 25, 18, 30, tzinfo=UTC)
FILTERS = (
    Filters(),
    Filters(status=("closed",)),
    Filters(status=("open", "pending")),
    Filters(priority=("high",)),
    Filters(owner_id=(9,)),
    Filters(owner_id=(0, 9)),
    Filters(unassigned=True),
    Filters(overdue=True),
    Filters(mine=True),
    Filters(category_id=(1, 2)),
    Filters(category_id=(2,), priority=("high", "critical")),
    Filters(station_id=(7,), status=("closed",)),
    Filters(company_id=(3,)),
    Filters(channel=("mail",), type=("incident",)),
    Filters(number=11_700),
    Filters(created_from=datetime(2026, 6, 1).date()),
    Filters(done_to=datetime(2026, 6, 1).date(), priority=("medium",)),
    Filters(text="facturación"),
    Filters(text="bomba"),
    Filters(text="factu", status=("closed",)),
    Filters(text="ornitorrinco"),
    Filters(text="factura", owner_id=(9,), overdue=True),
    Filters(text="factura", unassigned=True),
    Filters(text="factura", company_id=(3,), station_id=(7,), type=("incident",)),
    Filters(text="factura", created_from=datetime(2026, 3, 9).date(), created_to=datetime(2026, 5, 2).date()),
    Filters(text="factura", created_from=datetime(2020, 3, 9).date(), channel=("phone", "mail")),
    Filters(text="factura", created_from=datetime(2027, 3, 9).date()),
    Filters(channel=("phone",)),
    Filters(category_id=(2,), created_from=datetime(2026, 3, 9).date(), created_to=datetime(2026, 5, 2).date()),
    Filters(unassigned=True, created_from=datetime(2026, 3, 9).date()),
    Filters(due_soon=True, owner_id=(9,)),
    Filters(text="?"),
    Filters(text="?", owner_id=(9,)),
    Filters(watched=True),
    Filters(watched=True, text="factura"),
    Filters(asked=True),
    Filters(snoozed=True),
    Filters(snoozed=True, text="factura"),
    Filters(awake=True, text="factura"),
    Filters(awake=True, status=("open",), mine=True),
    Filters(archived=True),
    Filters(archived=True, text="factura"),
    Filters(unarchived=True, owner_id=(9,)),
    Filters(unarchived=True, status=("closed",), text="factura"),
    Filters(tag=("vip", "urgente")),
    Filters(tag=("vip",), text="factura"),
    Filters(company_id=(3, 4), text="factura"),
    Filters(company_id=(3,), status=("closed",)),
    Filters(company_id=(0,), text="factura"),
    Filters(owner_id=(0,)),
    Filters(owner_id=(0,), status=("open",)),
    Filters(owner_id=(0, 9), text="factura"),
    Filters(owner_id=(0, 9), mine=True),
    Filters(mine=True, text="factura"),
    Filters(mine=True, unassigned=True),
    Filters(unassigned=True, status=("closed",)),
    Filters(overdue=True, due_soon=True),
    Filters(created_from=datetime(2026, 6, 1).date(), created_to=datetime(2026, 5, 1).date(), text="factura"),
    Filters(done_from=datetime(2026, 3, 1).date(), text="factura"),
    Filters(number=5, text="factura"),
    Filters(status=("open", "open")),
)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    patch = pytest.MonkeyPatch()
    patch.setenv("MESA_DATA_DIR", str(tmp_path_factory.mktemp("demo")))
    get_settings.cache_clear()
    engine = db.make_engine("sqlite://")
    migrations.upgrade(engine)
    db.use_engine(engine)
    fill(now=NOW, scale=0.03)
    with work.begin(SYSTEM) as opened:
        customers = opened.session.scalars(select(User).where(User.role == Role.CUSTOMER).order_by(User.id)).all()
        for at, user in enumerate(customers):
            user.sees_company = at % 2 == 0
    users = [actor.user_id for actor in _people() if actor.user_id is not None]
    with work.begin(SYSTEM) as opened:
        # Numbers that do not follow the ids: imports of old tickets are like that.
        opened.session.connection().exec_driver_sql("UPDATE tickets SET number = number + 100000 WHERE id % 7 = 0")
        opened.session.connection().exec_driver_sql(
            "UPDATE ticket_text SET rowid = rowid + 100000 WHERE rowid IN "
            "(SELECT number - 100000 FROM tickets WHERE number > 100000)"
        )
        _mark(opened, users)
    yield
    db.use_engine(None)
    patch.undo()
    get_settings.cache_clear()


def _people() -> list[Actor]:
    """Somebody who owns tickets, and two customers: one sees the whole company (see `filled`), the other does not."""
    with db.read_session() as session:
        kinds = (User.role == Role.AGENT, and_(User.role == Role.CUSTOMER, User.sees_company),
                 and_(User.role == Role.CUSTOMER, User.sees_company.is_(False)))
        users = [session.scalars(select(User).where(kind, User.active).order_by(User.id).limit(1)).one() for kind in kinds]
        return [actor_of(session, user) for user in users]


def _mark(opened: Work, users: list[int]) -> None:
    """Tags, snoozes that are over, last, or wait for the customer, people in copy, and tickets that nobody owns."""
    ids = list(opened.session.scalars(select(Ticket.id).order_by(Ticket.id)))
    ends = (None, NOW + timedelta(days=1), NOW - timedelta(days=1))
    words = ("vip", "urgente", "otro")
    opened.session.add_all(TicketTag(tag=words[at % 3], ticket_id=number) for at, number in enumerate(ids[::5]))
    opened.session.add_all(TicketWatcher(ticket_id=number, user_id=users[at % len(users)], added_by=None, added_at=NOW)
                           for at, number in enumerate(ids[::3]))
    present = set(opened.session.scalars(select(TicketSnooze.ticket_id)))
    opened.session.add_all(TicketSnooze(ticket_id=number, until=ends[at % 3], user_id=None, at=NOW)
                           for at, number in enumerate(ids[::2]) if number not in present)
    for number in ids[::11]:
        service.assign(opened, number, None)
    opened.session.execute(update(Ticket).where(Ticket.id.in_(ids[::4]), Ticket.status == Status.CLOSED).values(archived_at=NOW))


@pytest.fixture(autouse=True)
def _again(filled: None) -> Iterator[None]:
    engine = db.engine()
    yield
    db.use_engine(engine)


def _plain(opened: Work, filters: Filters, sort: str, descending: bool) -> list[int]:
    columns = [getattr(Ticket, sort), Ticket.number]
    order = [each.desc() if descending else each.asc() for each in columns]
    seen = visible_tickets(opened).select(Ticket.number)
    return list(opened.session.scalars(seen.where(*conditions(opened, filters)).order_by(*order)))


@pytest.mark.parametrize("few", [0, 3_000])
@pytest.mark.parametrize("who", [0, 1, 2], ids=["agent", "company", "customer"])
def test_everybody_s_pages_are_stretches_of_what_they_see(who: int, few: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "FEW", few)
    actor = _people()[who]
    with work.reading(actor, NOW) as opened:
        assert _plain(opened, Filters(), "number", True), "there is something to see"
        for filters in FILTERS:
            for sort in ("number", "status", "created_at"):
                whole = _plain(opened, filters, sort, True)
                for number in {1, max(1, -(-len(whole) // 7))}:
                    found = queries.page(opened, filters, sort, True, number, 7)
                    assert found.rows["number"].tolist() == whole[(number - 1) * 7 : number * 7], (filters, sort, number)
                    assert found.total == len(whole), filters


@pytest.mark.parametrize("few", [0, 20, 3_000])
@pytest.mark.parametrize("filters", FILTERS, ids=lambda filters: "&".join(filters.to_params().values()) or "all")
def test_a_page_is_the_stretch_of_the_whole_sorted_list(filters: Filters, few: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "FEW", few)
    with work.reading(SYSTEM, NOW) as opened:
        for sort in queries.SORTS:
            for descending in (True, False):
                whole = _plain(opened, filters, sort, descending)
                pages = max(1, -(-len(whole) // 7))
                for number in {1, (pages + 1) // 2, pages}:
                    found = queries.page(opened, filters, sort, descending, number, 7)
                    assert found.rows["number"].tolist() == whole[(number - 1) * 7 : number * 7], (sort, descending, number)
                    assert (found.total, found.capped, found.pages) == (len(whole), False, pages)


@pytest.mark.parametrize("filters", FILTERS, ids=lambda filters: "&".join(filters.to_params().values()) or "all")
def test_the_total_is_the_number_of_tickets(filters: Filters) -> None:
    with work.reading(SYSTEM, NOW) as opened:
        counted = opened.session.scalar(select(func.count()).select_from(Ticket).where(*conditions(opened, filters)))
        assert queries.total(opened, filters) == (counted, False)


def test_a_page_far_beyond_the_end_is_the_last_one() -> None:
    with work.reading(SYSTEM, NOW) as opened:
        found = queries.page(opened, Filters(), page=10**9)
        assert found.rows["number"].tolist() == _plain(opened, Filters(), "number", True)[(found.pages - 1) * 50 :]


def test_many_matches_sorted_by_another_column_may_be_paged_up_to_the_reach(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "FEW", 5)
    monkeypatch.setattr(paging, "REACH", 21)
    with work.reading(SYSTEM, NOW) as opened:
        for filters in (Filters(status=("closed",)), Filters(text="facturación")):
            whole = _plain(opened, filters, "calls", True)
            found = queries.page(opened, filters, "calls", page=10**9, size=7)
            assert (found.total, found.pages) == (len(whole), 3)
            assert found.rows["number"].tolist() == whole[14:21]
