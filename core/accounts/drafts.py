"""Drafts: what a person has typed and not saved yet, one per form, so that a lost connection loses nothing."""

from __future__ import annotations

from typing import Any

from core.accounts.models import Draft
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
    work.session.merge(Draft(user_id=user_id, form=name, body=body, updated_at=work.now))


def discard(work: Work, form: str) -> None:
    """Forget the draft of a form, saved or cancelled."""
    if (found := work.session.get(Draft, _key(work, form))) is not None:
        work.session.delete(found)
