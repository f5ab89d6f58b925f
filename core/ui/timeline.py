"""A ticket as one timeline: what was said, internal notes in amber, changes and calls in grey, and the full history."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import streamlit as st

from core import work as clockwork
from core.audit import Action
from core.directory import phones
from core.exchange.headings import heading
from core.i18n import _, formats, labels, ngettext
from core.notifications.inbound import received
from core.tickets import facts as ticket_facts
from core.tickets.queries import AttachedFile, Entry, HistoryEntry, TicketDetail
from core.tickets.telephone import TicketCall
from core.ui import session
from core.ui.plain import escaped

# Constant style for our own containers: amber for notes, a quiet frame for what the customer said.
_STYLE = """<style>
[class*="st-key-note-"] { background: rgba(240, 170, 40, 0.16); border-left: 4px solid #d08700; border-radius: 0.4rem;
  padding: 0.6rem 0.9rem; }
[class*="st-key-desk-"] { border-left: 4px solid rgba(31, 95, 168, 0.55); padding: 0.2rem 0.9rem; }
[class*="st-key-customer-"] { border-left: 4px solid rgba(120, 130, 145, 0.55); padding: 0.2rem 0.9rem; }
</style>"""
SHOWN = 6  # the latest lines of a long conversation, near the box where one answers
MORE = 40  # earlier ones at each click
_SAID = {Action.TICKET_REPLIED.value, Action.TICKET_NOTED.value, Action.TICKET_FILE.value, Action.TICKET_FILES.value}
_WORDS = {"status": labels.status, "priority": labels.priority}
_NAMED = ("watcher", "file")  # what an event is about, told behind its verb
_FIELDS = {"status": "status", "priority": "priority", "owner": "owner_name", "category": "category_path"}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the conversation: `kind` is customer, desk, note, change or call; `role` the author's word; `origin` the
    number of the ticket it was written on, when that is another one; `quoted`: what a mail quoted below it."""

    kind: str
    at: datetime
    author: str
    text: str
    files: tuple[AttachedFile, ...] = ()
    role: str = ""
    origin: int | None = None
    quoted: str = ""

    @property
    def quiet(self) -> bool:
        """Whether it is one grey line, not something said."""
        return self.kind in ("change", "call")


def lines(ticket: TicketDetail, said: Sequence[Entry], happened: Sequence[HistoryEntry],
          calls: Sequence[TicketCall] = (), quotes: Mapping[int, str] | None = None) -> list[Line]:
    """Everything in the order of time; the description is the first thing said, by the person who asked."""
    folded = quotes or {}
    first = Line("customer", ticket.created_at, ticket.requester_name, ticket.description, ticket.files, labels.role("customer"),
                 quoted=folded.get(0, ""))
    spoken = [Line("note" if entry.kind == "note" else "customer" if entry.from_customer else "desk", entry.at, entry.author,
                   entry.body, entry.files, _role(entry), entry.origin,
                   folded.get(entry.id, "") if entry.id else "") for entry in said]
    changes = [Line("change", event.at, event.actor, change_words(event)) for event in happened if event.action not in _SAID]
    rung = [Line("call", call.at, "", call_words(call)) for call in calls]
    # What was said comes before what it changed in the same second.
    return [first, *sorted([*spoken, *changes, *rung], key=lambda line: line.at)]


def _role(entry: Entry) -> str:
    if entry.role:
        return labels.role(entry.role)
    return labels.role("customer") if entry.from_customer else _("Help desk")


def call_words(call: TicketCall) -> str:
    """`Llamada (entrante, atendida) de 442 123 4567, con Lucía Treviño: espera 12 s, conversación 3 min`."""
    told = {"direction": labels.direction(call.direction).lower(), "outcome": labels.outcome(call.outcome).lower(),
            "number": phones.shown(call.caller) or _("unknown number"), "wait": formats.duration(call.wait_s),
            "talk": formats.duration(call.talk_s), "operator": call.operator}
    sentence = (_("Call ({direction}, {outcome}) from {number}, with {operator}: wait {wait}, talk {talk}") if call.operator
                else _("Call ({direction}, {outcome}) from {number}: wait {wait}, talk {talk}"))
    return sentence.format(**told)


def change_words(event: HistoryEntry) -> str:
    """`cambió el estatus: Abierto → En proceso`; only the verb when nothing changed hands."""
    changed = [name for name in (*_FIELDS, *ticket_facts.FIELDS) if name in event.before and name in event.after]
    verb = labels.action(event.action)
    if other := event.after.get("ticket"):
        verb = _("{action} ({number})").format(action=verb, number=other)
    if not changed:
        about = next((str(event.after[name]) for name in _NAMED if event.after.get(name)), "")
        return _("{action}: {changes}").format(action=verb, changes=about) if about else verb
    moves = ", ".join(_change(name, event.before[name], event.after[name]) for name in changed)
    return _("{action}: {changes}").format(action=verb, changes=moves)


def _change(name: str, before: Any, after: Any) -> str:
    if name in _FIELDS:
        return _("{before} → {after}").format(before=_word(name, before), after=_word(name, after))
    words = labels.ticket_type if name == "type" else phones.shown if name == "requester_phone" else str
    return _("{field} {before} → {after}").format(field=fact_label(name), before=words(before) or "—", after=words(after) or "—")


def fact_label(name: str) -> str:
    """What a fact that can be changed in place is called."""
    return {"station_id": heading("station_code"), "requester_phone": _("Telephone"), "requester_email": _("E-mail")}.get(
        name) or heading(name)


def _word(name: str, value: Any) -> str:
    if name in _WORDS:
        return _WORDS[name](str(value))
    return str(value) if value else _("unassigned")


def conversation(ticket: TicketDetail, said: Sequence[Entry], happened: Sequence[HistoryEntry],
                 calls: Sequence[TicketCall] = ()) -> None:
    """Draw the conversation; of a long one the description and the latest lines, the earlier ones as they are asked for."""
    st.html(_STYLE)
    with session.reading() as work:
        quotes = received.quotes_of(work, ticket.id)
    everything = lines(ticket, said, happened, calls, quotes)
    first, rest = everything[0], everything[1:]
    key = f"timeline/shown{ticket.id}"
    hidden = max(0, len(rest) - st.session_state.get(key, SHOWN))
    zone = session.zone()
    _said(first, f"{first.kind}-{ticket.id}-0", zone)
    if hidden:
        st.button(_more_words(hidden), key=f"{key}/more", icon=":material/unfold_more:", type="tertiary",
                  on_click=_show_more, args=(key,))
    for quiet, group in groupby(enumerate(rest[hidden:], hidden + 1), key=lambda pair: pair[1].quiet):
        if quiet:  # changes in a row are one grey paragraph: an element each would make a long life slow to draw
            st.caption("  \n".join(_quiet(line, zone) for _position, line in group))
            continue
        for position, line in group:
            _said(line, f"{line.kind}-{ticket.id}-{position}", zone)


def _more_words(hidden: int) -> str:
    if hidden > MORE:
        return _("Show {count} of {hidden} earlier entries").format(count=MORE, hidden=formats.number(hidden))
    return ngettext("Show {count} earlier entry", "Show {count} earlier entries", hidden).format(count=hidden)


def _show_more(key: str) -> None:
    st.session_state[key] = st.session_state.get(key, SHOWN) + MORE


def _quiet(line: Line, zone: ZoneInfo) -> str:
    mark = ":material/call: " if line.kind == "call" else ""
    return f"{_when(line.at, zone, plain=True)} · {mark}{escaped(f'{line.author} {line.text}'.strip())}"


def _said(line: Line, key: str, zone: ZoneInfo) -> None:
    with st.container(key=key, gap="xsmall"):
        badge = f" {note_badge()}" if line.kind == "note" else ""
        if line.files and not line.text:
            badge = f" :gray-badge[:material/attach_file: {_('added files')}]"
        if line.origin is not None:
            badge += f" :gray-badge[:material/merge: {_('From ticket {number}').format(number=line.origin)}]"
        st.markdown(f"**{escaped(line.author)}** :gray[{escaped(line.role)}] · {_when(line.at, zone)}{badge}")
        if line.text:
            st.text(line.text)
        if line.quoted:
            with st.expander(_("Quoted text"), icon=":material/format_quote:"):
                st.text(line.quoted)
        files_shown(line.files)


def note_badge() -> str:
    """Markdown that marks what only staff read."""
    return f":orange-badge[:material/lock: {_('Internal note')}]"


def _when(at: datetime, zone: ZoneInfo, *, plain: bool = False) -> str:
    """`hace 5 min · 25 nov 2026, 14:05`: both, for a finger has no hover. `plain` where everything is small and grey."""
    now = clockwork.clock()
    exact = escaped(formats.moment(at, zone))
    if (now - at).total_seconds() < 1:
        return exact
    return f"{escaped(formats.ago(at, now))} · {exact if plain else f':small[:gray[{exact}]]'}"


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
    zone = session.zone()
    with st.expander(_("History ({count})").format(count=len(happened)), icon=":material/history:"):
        rows = [f"{escaped(formats.moment(event.at, zone))} · {escaped(event.actor)} {escaped(change_words(event))}"
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
    frame = pd.DataFrame([(f":gray[{escaped(name)}]", escaped(value)) for name, value in shown.items()])
    st.table(frame, border="horizontal", hide_index=True, hide_header=True, alt=_("Facts of the ticket"))
