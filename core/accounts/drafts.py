"""Drafts: what a person has typed and not saved yet, one per form, so that a lost connection loses nothing."""

from __future__ import annotations

from typing import Any

from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from core.accounts.models import Draft
from core.db import is_sqlite
from core.errors import Forbidden
from core.work import Work


def _key(work: Work, form: str) -> tuple[int, str]:
    if work.actor.user_id is None:
        raise Forbidden()
    return work.actor.user_id, form[:60]


def load(work: Work, form: str) -> dict[str, Any] | None:
    """What the actor had typed into this form, or None."""
    found = work.session.get(Draft, _key(work, form))
    return None if found is None else dict(found.body)


def save(work: Work, form: str, body: dict[str, Any]) -> None:
    """Keep what the actor has typed (plain JSON values); replaces the earlier draft of the form."""
    user_id, name = _key(work, form)
    insert = sqlite_insert if is_sqlite(work.session) else postgresql_insert
    row = insert(Draft).values(user_id=user_id, form=name, body=body, updated_at=work.now)
    work.session.execute(row.on_conflict_do_update(  # two tabs may keep theirs at once
        index_elements=["user_id", "form"], set_={"body": row.excluded.body, "updated_at": row.excluded.updated_at}),
        execution_options={"synchronize_session": False})


def discard(work: Work, form: str) -> None:
    """Forget the draft of a form, saved or cancelled."""
    if (found := work.session.get(Draft, _key(work, form))) is not None:
        work.session.delete(found)
