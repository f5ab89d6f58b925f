"""Saved views of the grid: own ones, and those shared with all staff."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import or_, select

from core.access import Permission
from core.audit import Action
from core.errors import Forbidden, Invalid, NotFound
from core.i18n import _
from core.tickets.models import SavedView
from core.work import Work


@dataclass(frozen=True, slots=True)
class View:
    """A saved view: `query` holds the grid's URL parameters."""

    id: int
    name: str
    shared: bool
    own: bool
    query: dict[str, str]


def saved_views(work: Work) -> list[View]:
    """Own and shared views by name."""
    work.require(Permission.SAVE_VIEW)
    rows = work.session.scalars(select(SavedView).where(or_(SavedView.user_id == work.actor.user_id, SavedView.shared))
                                .order_by(SavedView.name, SavedView.id))
    return [View(row.id, row.name, row.shared, row.user_id == work.actor.user_id, dict(row.query)) for row in rows]


def save_view(work: Work, name: str, query: Mapping[str, str], *, shared: bool = False) -> View:
    """Save filters under a name; the same own name is replaced. Raises Invalid, Forbidden for sharing without permission."""
    work.require(Permission.SHARE_VIEW if shared else Permission.SAVE_VIEW)
    if work.actor.user_id is None:  # the desk itself has no grid
        raise Forbidden()
    cleaned = " ".join(name.split())
    if not cleaned or len(cleaned) > 80:
        raise Invalid({"name": _("Write a name for the view (at most 80 characters).")})
    view = work.session.scalar(select(SavedView).where(SavedView.user_id == work.actor.user_id, SavedView.name == cleaned))
    if view is None:
        view = SavedView(user_id=work.actor.user_id, name=cleaned)
        work.session.add(view)
    view.shared, view.query, view.updated_at = shared, dict(query), work.now
    work.session.flush()
    work.record(Action.VIEW_SAVED, object_kind="view", object_id=view.id, after={"name": cleaned, "shared": shared})
    return View(view.id, cleaned, shared, True, dict(query))


def delete_view(work: Work, view_id: int) -> None:
    """Delete an own view. Raises NotFound for anybody else's."""
    work.require(Permission.SAVE_VIEW)
    view = work.session.get(SavedView, view_id)
    if view is None or view.user_id != work.actor.user_id:
        raise NotFound()
    work.record(Action.VIEW_DELETED, object_kind="view", object_id=view.id, before={"name": view.name})
    work.session.delete(view)
