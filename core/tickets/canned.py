"""Canned replies: texts under a name, own or shared with all staff, with variables that the ticket fills."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sqlalchemy import or_, select

from core.access import Permission
from core.audit import Action
from core.errors import Forbidden, Invalid, NotFound
from core.i18n import _
from core.tickets import checks
from core.tickets.models import CannedReply
from core.tickets.queries import TicketDetail
from core.work import Work

# Written between braces in the text; the words of a Mexican desk, the same in both languages of the screen.
VARIABLES = ("numero", "asunto", "solicitante", "estacion", "categoria", "propietario", "yo")
_VARIABLE = re.compile(r"\{([^{}]*)\}")
MAX_BODY = 5_000


@dataclass(frozen=True, slots=True)
class Canned:
    """A text to reply with."""

    id: int
    name: str
    body: str
    shared: bool
    own: bool


def canned(work: Work) -> list[Canned]:
    """Own and shared texts by name. Raises Forbidden for those who write no notes."""
    work.require(Permission.WRITE_NOTE)
    rows = work.session.scalars(select(CannedReply).where(or_(CannedReply.user_id == work.actor.user_id, CannedReply.shared))
                                .order_by(CannedReply.name, CannedReply.id))
    return [Canned(row.id, row.name, row.body, row.shared, row.user_id == work.actor.user_id) for row in rows]


def save_canned(work: Work, name: str, body: str, *, shared: bool = False) -> int:
    """Save a text under a name; the same own name is replaced. Raises Invalid, also for a variable that nothing fills."""
    work.require(Permission.WRITE_NOTE)
    if work.actor.user_id is None:
        raise Forbidden()
    cleaned, text = " ".join(name.split()), checks.plain(body)
    wrong: dict[str, str] = {}
    if not cleaned or len(cleaned) > 80:
        wrong["name"] = _("Write a name for the text (at most 80 characters).")
    if not text:
        wrong["body"] = _("Write the text first.")
    elif len(text) > MAX_BODY:
        wrong["body"] = checks.too_long(MAX_BODY)
    elif unknown := [each for each in _VARIABLE.findall(text) if each not in VARIABLES]:
        wrong["body"] = _("Nothing fills {variable}. There are: {known}.").format(
            variable=f"{{{unknown[0]}}}", known=", ".join(f"{{{each}}}" for each in VARIABLES))
    if wrong:
        raise Invalid(wrong)
    row = work.session.scalar(select(CannedReply).where(CannedReply.user_id == work.actor.user_id, CannedReply.name == cleaned))
    if row is None:
        row = CannedReply(user_id=work.actor.user_id, name=cleaned)
        work.session.add(row)
    row.body, row.shared, row.updated_at = text, shared, work.now
    work.session.flush()
    work.record(Action.CANNED_SAVED, object_kind="canned", object_id=row.id, after={"name": cleaned, "shared": shared})
    return row.id


def delete_canned(work: Work, canned_id: int) -> None:
    """Delete an own text. Raises NotFound for anybody else's."""
    work.require(Permission.WRITE_NOTE)
    row = work.session.get(CannedReply, canned_id)
    if row is None or row.user_id != work.actor.user_id:
        raise NotFound()
    work.record(Action.CANNED_DELETED, object_kind="canned", object_id=row.id, before={"name": row.name})
    work.session.delete(row)


def filled(body: str, ticket: TicketDetail, writer: str) -> str:
    """The text with the ticket's own words in the place of the variables; everything else stays as it is."""
    words = {"numero": str(ticket.number), "asunto": ticket.subject, "solicitante": ticket.requester_name,
             "estacion": f"{ticket.station_code} {ticket.short_name}".strip(), "categoria": ticket.category_path,
             "propietario": ticket.owner_name, "yo": writer}
    return _VARIABLE.sub(lambda found: words.get(found[1], found[0]), body)
