"""The limits of the audit trail; they live in the address."""

from __future__ import annotations

from datetime import date
from typing import Any

import streamlit as st

from core.accounts import people
from core.audit import Action
from core.i18n import _, labels, n_
from core.reporting.trail import Entry, TrailFilters
from core.ui import navigation, session
from core.ui.plain import escaped

KINDS = {"ticket": n_("Ticket"), "user": n_("User"), "article": n_("Article"), "station": n_("Station"),
         "category": n_("Category"), "company": n_("Company"), "call": n_("Call"),
         "call_token": n_("Token of the telephone exchange"), "import": n_("Import"), "view": n_("View"),
         "tickets": n_("Export of tickets"), "calls": n_("Export of calls"), "audit": n_("Export of the audit trail"),
         "database": n_("Database"), "setting": n_("Setting"),
         "invitations": n_("Export of invitations"), "reports": n_("Export of a report"),
         "ratings": n_("Export of ratings"), "subscription": n_("Report by mail"), "address": n_("E-mail address")}
_FIELDS = {"status": n_("Status"), "priority": n_("Priority"), "owner": n_("Owner"), "category": n_("Category"),
           "name": n_("Name"), "short_name": n_("Short name"), "username": n_("User name"), "role": n_("Role"),
           "path": n_("Category"), "title": n_("Title"), "visibility": n_("Visibility"), "file": n_("File"),
           "message": n_("Message"), "new": n_("New"), "known": n_("Known before"), "changed": n_("Renewed"),
           "rejected": n_("Refused"), "active": n_("Active"), "subject": n_("Subject"), "type": n_("Type"),
           "tags": n_("Tags"), "ticket": n_("Ticket"), "watcher": n_("In copy"), "email": n_("E-mail"),
           "phone": n_("Telephone"), "requester_phone": n_("Telephone"), "requester_email": n_("E-mail"),
            "destination": n_("Destination"), "code": n_("Code"), "score": n_("Rating"), "result": n_("Result"),
            "extension": n_("Extension"), "outcome": n_("Outcome"), "caller": n_("Telephone"), "operator": n_("Operator"),
            "wait_s": n_("Wait (s)"), "talk_s": n_("Talk (s)"), "counted": n_("Counted")}
_WORDS = {"status": labels.status, "priority": labels.priority, "type": labels.ticket_type, "role": labels.role,
          "visibility": labels.visibility, "outcome": labels.outcome, "result": labels.call_result}
_PREFIX = "trail."


def kind(code: str) -> str:
    """Word for what an event is about."""
    return _(KINDS[code]) if code in KINDS else code


def sentence(entry: Entry) -> str:
    """Markdown for a narrow screen: who did what to which thing; a ticket's number is a link."""
    about = escaped(_("{object} {number}").format(object=kind(entry.object_kind), number=entry.object_id))
    if entry.object_kind == "ticket":
        about = f"[{about}]({navigation.url('ticket', number=entry.object_id)})"
    return f"**{escaped(entry.actor)}** {escaped(labels.action(entry.action))} · {about}"


def changes(entry: Entry) -> str:
    """`Status: Open → Pending`; fields without a former value stand alone. A field without a word of ours keeps its name."""
    return ", ".join(_change(name, entry.before, value) for name, value in entry.after.items())


def _change(name: str, before: dict[str, Any], after: Any) -> str:
    field = _(_FIELDS[name]) if name in _FIELDS else name
    if name not in before:
        return f"{field}: {_word(name, after)}"
    return f"{field}: {_word(name, before[name])} → {_word(name, after)}"


def _word(name: str, value: Any) -> str:
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, list):
        return ", ".join(str(each) for each in value) or "—"
    try:
        return _WORDS[name](value) if name in _WORDS else str(value)
    except KeyError:  # a word that was in use once
        return str(value)


def bar(present: TrailFilters) -> None:
    """Period, person, action and object."""
    with session.reading() as work:
        names = {0: _("The desk itself")} | people.names(work)
    if present.actor_id is not None:
        names.setdefault(present.actor_id, str(present.actor_id))
    for name, value in (("first", present.first), ("last", present.last), ("actor_id", present.actor_id),
                        ("action", present.action or None), ("object_kind", present.object_kind or None),
                        ("object_id", present.object_id)):
        if st.session_state.get(_PREFIX + name, ...) != value:
            st.session_state[_PREFIX + name] = value
    changed: dict[str, Any] = {"on_change": _taken}
    grid = st.grid(6, min_column_width=150, gap="xsmall")
    columns = [grid.cell() for _place in range(6)]
    columns[0].date_input(_("From"), key=_PREFIX + "first", format="DD/MM/YYYY", **changed)
    columns[1].date_input(_("To"), key=_PREFIX + "last", format="DD/MM/YYYY", **changed)
    columns[2].selectbox(_("Person"), list(names), index=None, key=_PREFIX + "actor_id", placeholder=_("Everybody"),
                         format_func=lambda number: names[number], **changed)
    columns[3].selectbox(_("Action"), [action.value for action in Action], index=None, key=_PREFIX + "action",
                         placeholder=_("Every action"), format_func=labels.action, **changed)
    columns[4].selectbox(_("Object"), list(dict.fromkeys([*KINDS, *filter(None, [present.object_kind])])), index=None,
                         key=_PREFIX + "object_kind", placeholder=_("Every object"), format_func=kind, **changed)
    columns[5].text_input(_("Its number or name"), key=_PREFIX + "object_id", max_chars=64, **changed)


def _taken() -> None:
    values = {name: st.session_state[_PREFIX + name] for name in ("actor_id", "action", "object_kind", "object_id")}
    first, last = st.session_state[_PREFIX + "first"], st.session_state[_PREFIX + "last"]
    if not isinstance(first, date) or not isinstance(last, date):
        return
    chosen = TrailFilters(min(first, last), max(first, last), values["actor_id"], values["action"] or "",
                          values["object_kind"] or "", (values["object_id"] or "").strip())
    st.query_params.from_dict(chosen.to_params())
