"""Whatever changes something leaves one event that says who, when, what, before and after; nobody can change it later."""

from __future__ import annotations

import ast
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from core import db
from core.audit import Action, Event
from core.config import ROOT
from core.errors import DeskError
from core.tickets import service, views
from core.work import Work
from tests.databases import Desk
from tests.factories import PDF, START, Cast, new_ticket

Change = Callable[[Work, Cast], Any]
CHANGES: dict[str, tuple[Change, list[tuple[str, Any, Any]]]] = {
    "create": (
        lambda w, c: service.create(w, new_ticket(c)),
        [
            (
                "ticket_created",
                None,
                {"status": "open", "priority": "medium", "owner": "", "category": "Sistemas - Punto de venta"},
            )
        ],
    ),
    "status": (lambda w, c: service.set_status(w, 1, "pending"), [("ticket_status", {"status": "open"}, {"status": "pending"})]),
    "owner": (lambda w, c: service.assign(w, 1, c.users["operator"]), [("ticket_owner", {"owner": ""}, {"owner": "Operator"})]),
    "nobody": (lambda w, c: service.assign(w, 1, None), []),
    "priority": (
        lambda w, c: service.set_priority(w, 1, "high"),
        [("ticket_priority", {"priority": "medium"}, {"priority": "high"})],
    ),
    "same priority": (lambda w, c: service.set_priority(w, 1, "medium"), []),
    "category": (
        lambda w, c: service.set_category(w, 1, c.categories["invoicing"]),
        [("ticket_category", {"category": "Sistemas - Punto de venta"}, {"category": "Sistemas - Facturación"})],
    ),
    "note": (
        lambda w, c: service.note(w, 1, "x", attachments=[("a.pdf", PDF)]),
        [("ticket_file", None, {"file": "a.pdf", "size": len(PDF), "internal": True}), ("ticket_noted", None, ...)],
    ),
    "reply": (
        lambda w, c: service.reply(w, 1, "x"),
        [("ticket_replied", None, ...), ("ticket_owner", {"owner": ""}, {"owner": "Agent"})],
    ),
    "view": (lambda w, c: views.save_view(w, "Mías", {"mine": "1"}), [("view_saved", None, {"name": "Mías", "shared": False})]),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_leaves_its_event(desk: Desk, name: str) -> None:
    change, expected = CHANGES[name]
    [(last,)] = desk.rows("SELECT max(id) FROM events")
    now = START + timedelta(days=2)
    with desk.begin("agent", now) as work:
        change(work, desk.cast)
    with db.read_session() as session:
        found = list(session.query(Event).filter(Event.id > last).order_by(Event.id))
        session.expunge_all()
    assert [
        (event.action, event.before, event.after if after is not ... else ...)
        for event, (_a, _b, after) in zip(found, expected, strict=True)
    ] == expected
    assert {(event.at, event.actor_id, event.actor_name) for event in found} <= {(now, desk.cast.users["agent"], "Agent")}


def test_a_reopened_ticket_says_so(desk: Desk) -> None:
    for status in ("resolved", "open"):
        with desk.begin("agent") as work:
            service.set_status(work, 1, status)
    assert desk.rows("SELECT action FROM events WHERE ticket_id = 1 ORDER BY id DESC LIMIT 2") == [
        ("ticket_reopened",),
        ("ticket_status",),
    ]


def test_a_refused_change_leaves_no_event(desk: Desk) -> None:
    before = desk.rows("SELECT * FROM events ORDER BY id")
    for change in (
        lambda work: service.set_status(work, 1, "closed"),
        lambda work: service.reply(work, 999, "x"),
        lambda work: service.set_priority(work, 1, "evil"),
    ):
        with pytest.raises(DeskError), desk.begin("agent") as work:
            change(work)
    assert desk.rows("SELECT * FROM events ORDER BY id") == before


def test_events_hold_no_text_that_people_wrote_to_each_other(desk: Desk) -> None:
    with desk.begin("agent") as work:
        service.reply(work, 1, "PalabraSecreta")
        service.note(work, 1, "PalabraSecreta")
    assert "PalabraSecreta" not in repr(desk.rows("SELECT before, after FROM events"))


def test_no_code_changes_or_deletes_events_but_the_mail_job() -> None:
    """Events are only added; `handled_at` and `for_rules`, marks of the jobs that read them, alone are set later."""
    wrong = []
    for path in (ROOT / "core").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and ast.unparse(node.func).rpartition(".")[2] in ("delete", "update")
                and node.args
                and ast.unparse(node.args[0]) == "Event"
                and not any(mark in path.read_text(encoding="utf-8") for mark in ("handled_at", "values(for_rules="))
            ):
                wrong.append(f"{path}:{node.lineno}")
            if (
                isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and any(word in node.value.upper() for word in ("DELETE FROM EVENTS", "UPDATE EVENTS"))
            ):
                wrong.append(f"{path}:{node.lineno}")
    assert wrong == []


def test_events_are_made_by_the_one_writer() -> None:
    wrong = [
        path.name
        for path in (ROOT / "core").rglob("*.py")
        if path.name != "audit.py"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("Event", "audit.Event")
    ]
    assert wrong == []


@pytest.mark.sqlite_only
def test_every_stored_action_is_of_the_vocabulary(desk: Desk) -> None:
    assert {action for (action,) in desk.rows("SELECT DISTINCT action FROM events")} <= set(Action)
