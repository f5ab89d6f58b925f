"""Renaming what tickets carry as text: owners, categories, stations. The rows and the text index follow at once.

A ticket row carries the texts that lists sort by, so whoever changes a name changes it by a verb of this file: the name, the
rows and the index in one transaction. What was written (events, replies) keeps the name of its day.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import ColumnElement, select, true, update
from sqlalchemy.orm import Session

from core import fulltext
from core.access import Permission
from core.accounts import editing, profile
from core.accounts.models import User
from core.accounts.profile import ProfileData
from core.accounts.service import NewUser
from core.directory import editing as directory
from core.directory.models import Category, Station
from core.directory.service import StationData
from core.tickets import store
from core.tickets.models import Ticket
from core.work import Work

BATCH = 1_000


def edit_user(work: Work, user_id: int, data: NewUser, *, version: int | None = None) -> None:
    """Change a person (see `core.accounts.editing.edit_user`); the tickets they own follow a new name."""
    if editing.edit_user(work, user_id, data, version=version):
        follow_owner(work, user_id)


def save_profile(work: Work, data: ProfileData, *, version: int | None = None) -> None:
    """Change one's own facts (see `core.accounts.profile.save_profile`); the tickets one owns follow a new name."""
    if profile.save_profile(work, data, version=version) and work.actor.user_id is not None:
        follow_owner(work, work.actor.user_id)


def save_station(work: Work, station_id: int | None, data: StationData, *, active: bool = True,
                 version: int | None = None) -> int:
    """Make or change a station (see `core.directory.editing.save_station`); its tickets follow."""
    number, renamed = directory.save_station(work, station_id, data, active=active, version=version)
    if renamed:
        follow_station(work, number)
    return number


def save_category(work: Work, category_id: int | None, name: str, *, parent_id: int | None = None, owner_id: int | None = None,
                  active: bool = True, version: int | None = None) -> int:
    """Make or change a category (see `core.directory.editing.save_category`); its tickets and those below it follow."""
    number, moved = directory.save_category(work, category_id, name, parent_id=parent_id, owner_id=owner_id, active=active,
                                            version=version)
    for each in moved:
        follow_category(work, each)
    return number


def follow_owner(work: Work, user_id: int) -> None:
    """Write the present name of a person on the tickets they own."""
    work.session.flush()
    name = work.session.scalars(select(User.name).where(User.id == user_id)).one()
    _rewrite(work.session, Ticket.owner_id == user_id, {"owner_name": name})


def follow_category(work: Work, category_id: int) -> None:
    """Write the present path of a category on its tickets."""
    work.session.flush()
    path = work.session.scalars(select(Category.path).where(Category.id == category_id)).one()
    _rewrite(work.session, Ticket.category_id == category_id, {"category_path": path})


def follow_station(work: Work, station_id: int) -> None:
    """Write the present code, short name and destination of a station on its tickets."""
    work.session.flush()
    row = work.session.execute(select(Station.code, Station.short_name, Station.destination)
                               .where(Station.id == station_id)).one()
    _rewrite(work.session, Ticket.station_id == station_id,
             {"station_code": row.code, "short_name": row.short_name, "destination": row.destination or ""})


def reindex(work: Work) -> int:
    """Build the text index of all tickets anew (after damage, or when the desk's time zone changed); how many there are."""
    work.require(Permission.MANAGE_CATALOGUES)
    fulltext.clear(work.session, "ticket_text")
    return _index(work.session, true(), known=False)


def _rewrite(session: Session, where: ColumnElement[bool], values: dict[str, str]) -> None:
    """One statement for the column, then the index in batches. Versions stay: nothing that people edit was changed."""
    session.execute(update(Ticket).where(where).values(values).execution_options(synchronize_session=False))
    _index(session, where, known=True)


def _index(session: Session, where: ColumnElement[bool], *, known: bool) -> int:
    count = 0
    for batch in _batches(session, where):
        fulltext.write_many(session, "ticket_text", store.documents(session, batch), known=known)
        for ticket in batch:
            session.expunge(ticket)
        count += len(batch)
    return count


def _batches(session: Session, where: ColumnElement[bool]) -> Iterator[Sequence[Ticket]]:
    after = 0
    while batch := session.scalars(select(Ticket).where(where, Ticket.id > after).order_by(Ticket.id).limit(BATCH)
                                    .execution_options(populate_existing=True)).all():
        after = batch[-1].id
        yield batch
