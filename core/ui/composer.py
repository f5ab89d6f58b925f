"""Acting on one ticket: reply or note, status, owner, priority, category; a conflict shows what arrived meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any

import streamlit as st

from core.access import Actor, Permission
from core.errors import Conflict, DeskError, Invalid
from core.files import MAX_FILE
from core.i18n import _, labels, ngettext
from core.tickets import relations, replying, service, undoing
from core.tickets.lifecycle import Priority
from core.tickets.queries import HistoryEntry, TicketDetail
from core.tickets.service import Changed
from core.ui import arrived, canned_bar, choices, forms, note_guard, session, typed, undo_bar
from core.ui.badges import PRIORITY_STYLE, STATUS_STYLE
from core.ui.plain import escaped
from core.work import Work

BLANK: dict[str, Any] = {"body": "", "kind": "reply"}
AND_THEN = ("pending", "resolved")
# Constant style: while a note is written, its box looks as notes do in the conversation.
_NOTE_STYLE = """<style>
[class*="st-key-composer-"] { background: rgba(240, 170, 40, 0.16); border-left: 4px solid #d08700; }
</style>"""


def form_name(ticket: TicketDetail) -> str:
    """Name of the draft of this ticket's reply."""
    return f"reply-{ticket.number}"


def view_of(ticket: TicketDetail, happened: Sequence[HistoryEntry]) -> tuple[int, int]:
    """What the person looks at now: the version a change is based on, and how many events there were."""
    return ticket.version, len(happened)


def _base(form: str, seen: tuple[int, int]) -> tuple[int, int]:
    """What the person looked at when the text was begun: what came since is told before the text is sent."""
    key = f"{form}/base"
    if not (forms.value(form, "body") or "").strip():
        st.session_state[key] = seen
    base: tuple[int, int] = st.session_state.setdefault(key, seen)
    return base


def run(form: str, seen: tuple[int, int], command: Callable[[Work], object], fields: Collection[str] = ("body",)) -> bool:
    """One command of a callback; a refusal is kept for the next drawing. True when it was done.

    `fields`: those that show their own sentence; the sentences of others are told together.
    """
    st.session_state.pop(f"{form}/arrived", None)
    st.session_state.pop(f"{form}/base", None)  # whatever comes of it, what arrived is seen with the next drawing
    try:
        with session.begin() as work:
            command(work)
    except Conflict as error:
        forms.refused(form, error)
        st.session_state[f"{form}/arrived"] = seen[1]
        return False
    except Invalid as error:
        placed = set(error.fields) <= set(fields)
        forms.refused(form, error if placed else DeskError(str(error)))
        return False
    except DeskError as error:
        forms.refused(form, error)
        return False
    st.session_state.pop(f"{form}/refusal", None)
    return True


def send(ticket: TicketDetail, form: str, seen: tuple[int, int], key: str, status: str | None = None,
         sure: bool = False) -> None:
    """Callback: reply or note, and then perhaps a status, in one transaction; what was typed stays on a refusal.

    `key` is the form's as it was drawn. A note that speaks to the customer is asked about first, unless the person is `sure`.
    """
    if forms.sent_already(form, key, BLANK):
        return
    if not sure and note_guard.asks(form, ticket.requester_name):
        return
    body, ticket_id = forms.value(form, "body") or "", ticket.id
    if not session.actor().is_staff:
        _answer(ticket_id, body, form, seen, key)
        return
    say = service.note if forms.value(form, "kind") == "note" else service.reply
    attachments = forms.uploads(_uploader(form))
    children = st.session_state.get(_children(form), False)

    def step(work: Work) -> Changed:
        changed = say(work, ticket_id, body, version=seen[0], attachments=attachments, key=key)
        if status is not None:
            changed = service.set_status(work, ticket_id, status, version=changed.version)
        if children and say is service.reply:
            relations.reply_to_children(work, ticket_id, body, attachments=attachments, key=key)
        forms.forget_draft(work, form)
        return changed

    def command(work: Work) -> None:
        touched = [each.id for each in relations.linked(work, ticket_id) if each.relation == relations.CHILD] if children else []
        undoing.undoable(work, [ticket_id, *touched], key, lambda: step(work))

    if run(form, seen, command):
        forms.clear(form, BLANK)
        undo_bar.offer_said(ticket_id, key, note=say is service.note, status=status)


def _answer(ticket_id: int, body: str, form: str, seen: tuple[int, int], key: str) -> None:
    """A customer's words: the ticket goes on, or a new one begins, which they are told."""
    attachments = forms.uploads(_uploader(form))
    done: list[replying.Answered] = []

    def command(work: Work) -> None:
        done.append(replying.answer(work, ticket_id, body, version=seen[0], attachments=attachments, key=key))
        forms.forget_draft(work, form)

    if run(form, seen, command):
        forms.clear(form, BLANK)
        st.session_state[f"{form}/filed"] = done[0].filed


def _add_files(ticket: TicketDetail, form: str, seen: tuple[int, int], key: str) -> None:
    """Callback: the chosen files alone; a text that is being written stays."""
    if key != session.form_key(form):  # the second half of a double click
        return
    attachments = forms.uploads(_uploader(form))
    done: list[replying.Answered] = []
    if run(form, seen, lambda work: done.append(replying.answer(work, ticket.id, "", attachments=attachments, key=key)),
           fields=()):
        session.renew_form_key(form)
        st.session_state[f"{form}/filed"] = done[0].filed


def _uploader(form: str) -> str:
    return f"{form}/files/{session.form_key(form)}"


def _children(form: str) -> str:
    return f"{form}/children/{session.form_key(form)}"


def composer(actor: Actor, ticket: TicketDetail, happened: Sequence[HistoryEntry], children: int = 0) -> None:
    """Text, files, and the buttons; the draft survives a lost connection. `children` may be answered with the same text."""
    form = form_name(ticket)
    forms.restore(form, BLANK, marker="body")
    if actor.is_staff:
        undo_bar.give_back(form)
        undo_bar.bar(ticket.id, form, undo_bar.SAID)
    with st.container(border=True, key=f"composer-{ticket.id}"):
        if actor.may(Permission.WRITE_NOTE):
            words = {"reply": f":material/reply: {_('Reply')}", "note": f":material/lock: {_('Internal note')}"}
            st.radio(_("Kind"), list(words), key=forms.state_key(form, "kind"), format_func=lambda kind: words[kind],
                     label_visibility="collapsed", horizontal=True)
        note = forms.value(form, "kind") == "note"
        with st.container():
            if note:
                st.html(_NOTE_STYLE)
                st.markdown(f":orange-badge[:material/lock: {_('Only staff see this. The customer never does.')}]")
        forms.recovered_shown(form, BLANK)
        if actor.may(Permission.WRITE_NOTE):
            canned_bar.bar(actor, ticket, form)
        st.text_area(_("Internal note") if note else _("Your reply"), key=forms.state_key(form, "body"), height=130)
        forms.field_error(form, "body")
        typed.kept(form, BLANK, ("body",))
        st.file_uploader(_("Attachments"), key=_uploader(form), accept_multiple_files=True, max_upload_size=MAX_FILE // 2**20)
        if not actor.is_staff and forms.uploads(_uploader(form)):
            mark = session.form_key(form)
            st.button(_("Add the files without a text"), key=f"{form}/add{mark}", icon=":material/attach_file:",
                      on_click=_add_files, args=(ticket, form, view_of(ticket, happened), mark))
        if children and not note:
            label = ngettext("Reply on the open child ticket too", "Reply on the {count} open child tickets too", children)
            st.checkbox(label.format(count=children), key=_children(form))
        refusal(ticket, happened)
        _buttons(ticket, form, _base(form, view_of(ticket, happened)), note)
    forms.keep(form, BLANK)


def refusal(ticket: TicketDetail, happened: Sequence[HistoryEntry]) -> None:
    """The last refusal; after a conflict with what arrived since the person's own view."""
    form = form_name(ticket)
    forms.refusal_shown(form)
    since = st.session_state.get(f"{form}/arrived")
    with st.container():
        if since is not None and happened[since:]:
            arrived.told(ticket.id, happened[since:])


def _buttons(ticket: TicketDetail, form: str, seen: tuple[int, int], note: bool) -> None:
    mark = session.form_key(form)
    if note and note_guard.question(ticket, form, seen, send):
        return
    with st.container(horizontal=True, horizontal_alignment="right"):
        st.button(_("Cancel"), key=f"{form}/cancel{mark}", on_click=forms.discard, args=(form, BLANK))
        for status in AND_THEN:
            if status in ticket.moves and not note:
                st.button(_("Reply and set {status}").format(status=labels.status(status)), key=f"{form}/{status}{mark}",
                          on_click=send, args=(ticket, form, seen, mark, status))
        st.button(_("Save the note") if note else _("Reply"), key=f"{form}/send{mark}", type="primary", shortcut="Ctrl+Enter",
                  on_click=send, args=(ticket, form, seen, mark))


def controls(actor: Actor, ticket: TicketDetail, happened: Sequence[HistoryEntry]) -> None:
    """Status (allowed moves only), priority, owner and category, each as far as the role may change it."""
    form, seen = form_name(ticket), view_of(ticket, happened)
    if ticket.moves:
        key = f"{form}/moved@{ticket.version}"
        _select(form, seen, _("Status"), "status", ticket.status, [ticket.status, *ticket.moves], labels.status,
                lambda work, value: undoing.undoable(work, [ticket.id], key, lambda: service.set_status(
                    work, ticket.id, value, version=seen[0])), lambda value: undo_bar.offer_moved(ticket.id, key, value))
        undo_bar.bar(ticket.id, form, undo_bar.MOVED)
    if not actor.may(Permission.ASSIGN) and not actor.may(Permission.CHANGE_FACTS):
        return
    offered = choices.read()
    if actor.may(Permission.ASSIGN):
        names = {0: _("Unassigned")} | offered.owners
        names.setdefault(ticket.owner_id or 0, ticket.owner_name)
        _select(form, seen, _("Owner"), "owner", ticket.owner_id or 0, list(names), lambda number: names[number],
                lambda work, value: service.assign(work, ticket.id, value or None, version=seen[0]))
    if actor.may(Permission.CHANGE_FACTS):
        _select(form, seen, _("Priority"), "priority", ticket.priority, [each.value for each in Priority], labels.priority,
                lambda work, value: service.set_priority(work, ticket.id, value, version=seen[0]))
        paths = offered.paths
        paths.setdefault(ticket.category_id, ticket.category_path)
        _select(form, seen, _("Category"), "category", ticket.category_id, list(paths), lambda number: paths[number],
                lambda work, value: service.set_category(work, ticket.id, value, version=seen[0]))


def _select(form: str, seen: tuple[int, int], label: str, name: str, present: Any, options: list[Any], word: Callable[[Any], str],
            command: Callable[[Work, Any], object], done: Callable[[Any], None] | None = None) -> None:
    """A box that changes one fact at once. Its key carries the version, so it always shows what is saved."""
    key = f"{form}/{name}@{seen[0]}.{st.session_state.get(f'{form}/turn', 0)}"

    def changed() -> None:
        value = st.session_state[key]
        if not run(form, seen, lambda work: command(work, value)):
            st.session_state[f"{form}/turn"] = st.session_state.get(f"{form}/turn", 0) + 1
        elif done is not None:
            done(value)

    st.selectbox(label, options, index=options.index(present), key=key, format_func=word, on_change=changed)


def header(ticket: TicketDetail, *, staff: bool) -> None:
    """Number, subject, and how it stands; who owns it is for staff."""
    status, priority = STATUS_STYLE[ticket.status], PRIORITY_STYLE[ticket.priority]
    st.title(_("Ticket {number} · {subject}").format(number=ticket.number, subject=escaped(ticket.subject)), anchor=False)
    with st.container(horizontal=True, gap="xsmall"):
        st.badge(f"~~{labels.status(ticket.status)}~~" if status.struck else labels.status(ticket.status), icon=status.icon,
                 color=status.badge)  # type: ignore[arg-type]
        st.badge(labels.priority(ticket.priority), icon=priority.icon, color=priority.badge)  # type: ignore[arg-type]
        if staff:
            st.badge(escaped(ticket.owner_name) or _("Unassigned"), icon=":material/person:", color="gray")
