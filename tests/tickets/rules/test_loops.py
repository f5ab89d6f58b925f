"""Rules that would set each other off without end are found before they are saved; those that come to an end are not."""

from __future__ import annotations

from typing import Any

import pytest

from core.tickets.rules.loops import loop
from core.tickets.rules.matching import LEAST_LOADED, NOBODY, Condition, Deed, Does, Field, Occasion, Op, Rule


def when(field: Field, *values: Any, op: Op = Op.IS) -> Condition:
    return Condition(field, op, values)


def rule(name: str, conditions: list[Condition], *deeds: Deed, occasion: Occasion = Occasion.CHANGED, every: bool = True) -> Rule:
    return Rule(name, occasion, every, tuple(conditions), deeds)


TO_PENDING, TO_OPEN = Deed(Does.STATUS, "pending"), Deed(Does.STATUS, "open")
IS_OPEN, IS_PENDING = when(Field.STATUS, "open"), when(Field.STATUS, "pending")
WAITS = rule("Espera", [IS_OPEN], TO_PENDING)
NOTE = Deed(Does.NOTE, "Ojo")

LOOPS = [
    ("two that undo each other", [WAITS], rule("Sigue", [IS_PENDING], TO_OPEN), ["Sigue", "Espera", "Sigue"]),
    ("hourly ones too", [rule("Espera", [IS_OPEN], TO_PENDING, occasion=Occasion.HOURLY)],
     rule("Sigue", [IS_PENDING], TO_OPEN, occasion=Occasion.HOURLY), ["Sigue", "Espera", "Sigue"]),
    ("three in a ring",
     [rule("B", [when(Field.PRIORITY, "high")], Deed(Does.PRIORITY, "critical")),
      rule("C", [when(Field.PRIORITY, "critical")], Deed(Does.PRIORITY, "low"))],
     rule("A", [when(Field.PRIORITY, "low")], Deed(Does.PRIORITY, "high")), ["A", "B", "C", "A"]),
    ("by what is not", [WAITS], rule("Sigue", [when(Field.STATUS, "open", op=Op.IS_NOT)], TO_OPEN), ["Sigue", "Espera", "Sigue"]),
    ("a note at every note", [], rule("Eco", [when(Field.EVENT, "note")], NOTE), ["Eco", "Eco"]),
    ("a note at everything but replies", [], rule("Eco", [when(Field.EVENT, "staff_reply", op=Op.IS_NOT)], NOTE), ["Eco", "Eco"]),
    ("any of several", [WAITS], rule("Sigue", [IS_PENDING, when(Field.PRIORITY, "low")], TO_OPEN, every=False),
     ["Sigue", "Espera", "Sigue"]),
    ("owners", [rule("Da", [when(Field.OWNER, NOBODY)], Deed(Does.ASSIGN, LEAST_LOADED))],
     rule("Quita", [when(Field.OWNER, NOBODY, op=Op.IS_NOT)], Deed(Does.ASSIGN, NOBODY)), ["Quita", "Da", "Quita"]),
    ("events across", [rule("Uno", [when(Field.EVENT, "priority")], Deed(Does.CATEGORY, 1))],
     rule("Dos", [when(Field.EVENT, "category")], Deed(Does.PRIORITY, "low")), ["Dos", "Uno", "Dos"]),
    ("by the term", [rule("Tarde", [when(Field.LATE, 0, op=Op.AT_LEAST)], Deed(Does.PRIORITY, "critical"))],
     rule("Baja", [when(Field.PRIORITY, "critical")], Deed(Does.PRIORITY, "low")), ["Baja", "Tarde", "Baja"]),
]  # fmt: skip
ENDS = [
    ("one direction", [WAITS], rule("Otro", [IS_PENDING], Deed(Does.PRIORITY, "high"))),
    ("an escalation", [rule("B", [when(Field.PRIORITY, "high")], Deed(Does.PRIORITY, "critical"))],
     rule("A", [when(Field.PRIORITY, "low")], Deed(Does.PRIORITY, "high"))),
    ("what was so before", [], rule("Igual", [IS_OPEN], TO_OPEN)),
    ("a rule by its own state", [], rule("Nota", [when(Field.PRIORITY, "high")], NOTE, Deed(Does.STATUS, "pending"))),
    ("contradicting conditions", [rule("Espera", [IS_OPEN, when(Field.PRIORITY, "low")], TO_PENDING)],
     rule("Sigue", [IS_PENDING, when(Field.PRIORITY, "high")], TO_OPEN)),
    ("new tickets only", [rule("Espera", [IS_OPEN], TO_PENDING, occasion=Occasion.CREATED)],
     rule("Sigue", [IS_PENDING], TO_OPEN)),
    ("a tag that keeps it away", [WAITS],
     rule("Sigue", [IS_PENDING, when(Field.TAG, "visto", op=Op.IS_NOT)], TO_OPEN, Deed(Does.TAG, "visto"))),
    ("a ring that a tag begins", [WAITS, rule("Marca", [IS_OPEN], Deed(Does.TAG, "x"))],
     rule("Dos", [when(Field.TAG, "x")], Deed(Does.STATUS, "open"))),
    ("a periodic note", [], rule("Aviso", [when(Field.IDLE, 24, op=Op.AT_LEAST)], NOTE, occasion=Occasion.HOURLY)),
    ("hourly rules hear no events", [], rule("Nota", [when(Field.STATUS, "open")], NOTE, occasion=Occasion.HOURLY)),
    ("no conditions", [WAITS], rule("Todo", [], TO_OPEN)),
    ("notifying", [], rule("Avisa", [when(Field.EVENT, "note")], Deed(Does.NOTIFY, "", (1,)))),
    ("another event", [], rule("Nota", [when(Field.EVENT, "status")], NOTE)),
]  # fmt: skip


@pytest.mark.parametrize(("others", "wanted", "ring"), [each[1:] for each in LOOPS], ids=[each[0] for each in LOOPS])
def test_a_loop_is_shown(others: list[Rule], wanted: Rule, ring: list[str]) -> None:
    assert loop(others, wanted) == ring


@pytest.mark.parametrize(("others", "wanted"), [each[1:] for each in ENDS], ids=[each[0] for each in ENDS])
def test_what_comes_to_an_end_is_no_loop(others: list[Rule], wanted: Rule) -> None:
    assert loop(others, wanted) == []
