"""The conversation of a ticket: what was said, internal notes in amber, changes in grey, and the full history."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import streamlit as st

from core import work as clockwork
from core.audit import Action
from core.directory import phones
from core.exchange.headings import heading
from core.i18n import _, formats, labels, ngettext
from core.tickets.queries import AttachedFile, Entry, HistoryEntry, TicketDetail
from core.ui import session
from core.ui.plain import escaped

# Constant style for our own containers: amber for notes, a quiet frame for what the customer said.
_STYLE = """<style>
[class*="st-key-note-"] { background: rgba(240, 170, 40, 0.16); border-left: 4px solid #d08700; border-radius: 0.4rem;
  padding: 0.6rem 0.9rem; }
[class*="st-key-desk-"] { border-left: 4px solid rgba(31, 95, 168, 0.55); padding: 0.2rem 0.9rem; }
[class*="st-key-customer-"] { border-left: 4px solid rgba(120, 130, 145, 0.55); padding: 0.2rem 0.9rem; }
</style>"""
SHOWN = 40
_SAID = {Action.TICKET_REPLIED.value, Action.TICKET_NOTED.value, Action.TICKET_FILE.value}
_WORDS = {"status": labels.status, "priority": labels.priority}
_FIELDS = {"status": "status", "priority": "priority", "owner": "owner_name", "category": "category_path"}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the conversation: `kind` is customer, desk, note or change; `origin`: the ticket it was written on."""

    kind: str
    at: datetime
    author: str
    text: str
    files: tuple[AttachedFile, ...] = ()
    origin: int | None = None


def lines(ticket: TicketDetail, said: Sequence[Entry], happened: Sequence[HistoryEntry]) -> list[Line]:
    """Everything in the order of time; the description is the first thing said, by the person who asked."""
    first = Line("customer", ticket.created_at, ticket.requester_name, ticket.description, ticket.files)
    spoken = [Line("note" if entry.kind == "note" else "customer" if entry.from_customer else "desk", entry.at, entry.author,
                   entry.body, entry.files, entry.origin) for entry in said]
    changes = [Line("change", event.at, event.actor, change_words(event)) for event in happened if event.action not in _SAID]
    return [first, *sorted([*changes, *spoken], key=lambda line: line.at)]


def change_words(event: HistoryEntry) -> str:
    """`cambió el estatus: Abierto → En proceso`; only the verb when nothing changed hands."""
    changed = [name for name in _FIELDS if name in event.before and name in event.after]
    verb = labels.action(event.action)
    if other := event.after.get("ticket"):
        verb = _("{action} ({number})").format(action=verb, number=other)
    if not changed:
        return verb
    moves = ", ".join(_("{before} → {after}").format(before=_word(name, event.before[name]), after=_word(name, event.after[name]))
                      for name in changed)
    return _("{action}: {changes}").format(action=verb, changes=moves)


def _word(name: str, value: Any) -> str:
    if name in _WORDS:
        return _WORDS[name](str(value))
    return str(value) if value else _("unassigned")


def conversation(ticket: TicketDetail, said: Sequence[Entry], happened: Sequence[HistoryEntry]) -> None:
    """Draw the conversation; of a long one the latest lines, the earlier ones on demand."""
    st.html(_STYLE)
    everything = lines(ticket, said, happened)
    hidden = len(everything) - SHOWN
    label = ngettext("Show {count} earlier entry", "Show {count} earlier entries", hidden).format(count=hidden)
    if hidden > 0 and not st.toggle(label, key=f"timeline/all{ticket.id}"):
        everything = [everything[0], *everything[-SHOWN:]]
    for position, line in enumerate(everything):
        _draw(line, f"{line.kind}-{ticket.id}-{position}")


def _draw(line: Line, key: str) -> None:
    if line.kind == "change":
        st.caption(f"{_when(line.at)} · {escaped(line.author)} {escaped(line.text)}")
        return
    with st.container(key=key, gap="xsmall"):
        badge = f" :orange-badge[:material/lock: {_('Internal note')}]" if line.kind == "note" else ""
        if line.origin is not None:
            badge += f" :gray-badge[:material/merge: {_('From ticket {number}').format(number=line.origin)}]"
        st.markdown(f"**{escaped(line.author)}** · {_when(line.at)}{badge}")
        st.text(line.text)
        files_shown(line.files)


def _when(at: datetime) -> str:
    """`25 nov 2026, 14:05 (hace 5 min)`; the relative time within a day only."""
    now = clockwork.clock()
    exact = formats.moment(at, session.zone())
    if not 1 <= (now - at).total_seconds() < 86_400:
        return escaped(exact)
    return escaped(_("{moment} ({ago})").format(moment=exact, ago=formats.ago(at, now)))


def files_shown(files: Iterable[AttachedFile]) -> None:
    """Links to attached files, served by the own route that asks for permission again."""
    links = [f"[:material/attach_file: {escaped(file.name)}](files/{file.id}) :gray[{_size(file.size)}]" for file in files]
    if links:
        st.markdown("  \n".join(links))


def _size(count: int) -> str:
    """Size in KB or MB (1,024 bytes, as file managers show it)."""
    if count < 2**20:
        return _("{size} KB").format(size=formats.number(max(1, round(count / 1024))))
    return _("{size} MB").format(size=formats.number(count / 2**20, 1))


def history(happened: Sequence[HistoryEntry]) -> None:
    """Every event of the ticket, oldest first."""
    with st.expander(_("History ({count})").format(count=len(happened)), icon=":material/history:"):
        rows = [f"{escaped(formats.moment(event.at, session.zone()))} · {escaped(event.actor)} {escaped(change_words(event))}"
                for event in happened]
        st.caption("  \n".join(rows) or _("Nothing has happened yet."))


def facts(ticket: TicketDetail, *, staff: bool) -> None:
    """The facts beside the conversation; customers see theirs only (the last change may be an internal note)."""
    zone = session.zone()
    shown = {heading("station_code"): f"{ticket.station_code} {ticket.short_name}".strip() or "—",
             heading("requester_name"): ticket.requester_name, heading("type"): labels.ticket_type(ticket.type),
             heading("category_path"): ticket.category_path, heading("created_at"): formats.moment(ticket.created_at, zone)}
    if staff:
        shown |= {heading("updated_at"): formats.moment(ticket.updated_at, zone),
                  heading("destination"): ticket.destination or "—",
                  _("Telephone"): phones.shown(ticket.requester_phone) or "—", _("E-mail"): ticket.requester_email or "—",
                  heading("calls"): formats.number(ticket.calls), heading("channel"): labels.channel(ticket.channel),
                  _("Filed by"): ticket.created_by, _("First response"): formats.moment(ticket.first_response_at, zone),
                  heading("due_at"): formats.moment(ticket.due_at, zone)}
    if ticket.done_at is not None:
        shown[heading("done_at")] = formats.moment(ticket.done_at, zone)
    st.markdown("  \n".join(f":gray[{escaped(name)}]: {escaped(value)}" for name, value in shown.items()))
