"""The admin's rules are saved, switched, moved and deleted, each told in the audit trail; what is wrong is refused whole."""

from __future__ import annotations

from typing import Any

import pytest

from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.tickets.rules import keeping
from core.tickets.rules.matching import LEAST_LOADED, Condition, Deed, Does, Field, Occasion, Op
from tests.databases import Desk
from tests.tickets.rules.writing import NOTE, URGENT, rule, saved, when

IS_OPEN, IS_PENDING = when(Field.STATUS, "open"), when(Field.STATUS, "pending")
WAITS = rule("Espera", Occasion.CHANGED, [IS_OPEN], Deed(Does.STATUS, "pending"))
GOES_ON = rule("Sigue", Occasion.CHANGED, [IS_PENDING], Deed(Does.STATUS, "open"))


def listed(desk: Desk) -> list[tuple[str, bool]]:
    with desk.reading("admin") as work:
        return [(each.rule.name, each.active) for each in keeping.rules(work)]


def test_a_rule_is_saved_changed_and_deleted_and_the_trail_tells_it(desk: Desk) -> None:
    number = saved(desk, WAITS)
    with desk.begin("admin") as work:
        (kept,) = keeping.rules(work)
        assert (kept.rule, kept.active, kept.position) == (WAITS, True, 1)
        keeping.save_rule(work, GOES_ON, rule_id=number, version=kept.version)
    assert listed(desk) == [("Sigue", False)]
    with desk.begin("admin") as work:
        keeping.delete_rule(work, number)
    assert listed(desk) == []
    told = desk.rows("SELECT action, actor_name FROM events WHERE object_kind = 'rule' ORDER BY id")
    assert told == [("rule_saved", "Admin"), ("rule_saved", "Admin"), ("rule_deleted", "Admin")]


def test_an_old_form_changes_nothing(desk: Desk) -> None:
    number = saved(desk, WAITS)
    with desk.begin("admin") as work:
        keeping.switch_rule(work, number, False)
    before = desk.fingerprint()
    with pytest.raises(Conflict), desk.begin("admin") as work:
        keeping.save_rule(work, GOES_ON, rule_id=number, version=1)
    for missing in (lambda work: keeping.save_rule(work, GOES_ON, rule_id=99), lambda work: keeping.switch_rule(work, 99, True),
                    lambda work: keeping.delete_rule(work, 99), lambda work: keeping.move_rule(work, 99, up=True)):
        with pytest.raises(NotFound), desk.begin("admin") as work:
            missing(work)
    assert desk.fingerprint() == before


def test_rules_change_places(desk: Desk) -> None:
    numbers = [saved(desk, rule(name, Occasion.CREATED, [], NOTE)) for name in "ABC"]
    with desk.begin("admin") as work:
        keeping.move_rule(work, numbers[2], up=True)
        keeping.move_rule(work, numbers[0], up=True)  # it is the first one
        keeping.move_rule(work, numbers[0], up=False)
    assert [name for name, _active in listed(desk)] == ["C", "A", "B"]


def test_a_loop_is_refused_at_saving_and_at_switching_on_and_shown(desk: Desk) -> None:
    saved(desk, WAITS)
    before = desk.fingerprint()
    with pytest.raises(Invalid) as refusal, desk.begin("admin") as work:
        keeping.save_rule(work, GOES_ON, active=True)
    assert "“Sigue” → “Espera” → “Sigue”" in refusal.value.fields["loop"]
    assert desk.fingerprint() == before
    number = saved(desk, GOES_ON, active=False)
    with pytest.raises(Invalid), desk.begin("admin") as work:
        keeping.switch_rule(work, number, True)
    assert listed(desk) == [("Espera", True), ("Sigue", False)]


def test_a_ring_may_lead_through_what_the_desk_does_by_itself(desk: Desk) -> None:
    again = rule("Reabre", Occasion.CHANGED, [when(Field.STATUS, "closed")], Deed(Does.STATUS, "resolved"))
    with pytest.raises(Invalid) as refusal:
        saved(desk, again)
    assert "“Reabre” → “La mesa cierra lo atendido” → “Reabre”" in refusal.value.fields["loop"]
    waits = rule("Espera", Occasion.CHANGED, [when(Field.STATUS, "resolved")], Deed(Does.STATUS, "pending"))
    with pytest.raises(Invalid):
        saved(desk, waits)
    saved(desk, rule("Avisa", Occasion.CHANGED, [when(Field.STATUS, "closed")], NOTE))


def test_a_rule_that_is_off_is_in_no_loop(desk: Desk) -> None:
    first = saved(desk, WAITS)
    with desk.begin("admin") as work:
        keeping.switch_rule(work, first, False)
    saved(desk, GOES_ON)
    assert listed(desk) == [("Espera", False), ("Sigue", True)]


def _bad(field: Field, *values: Any, op: Op = Op.IS, occasion: Occasion = Occasion.HOURLY) -> Any:
    return rule("R", occasion, [Condition(field, op, values)], URGENT), "conditions"


WRONG = [
    (rule("", Occasion.CREATED, [], URGENT), "name"),
    (rule("x" * 81, Occasion.CREATED, [], URGENT), "name"),
    (rule("R", Occasion.CREATED, []), "actions"),
    (rule("R", Occasion.CREATED, [IS_OPEN] * 11, URGENT), "conditions"),
    _bad(Field.STATUS),
    _bad(Field.STATUS, "abierto"),
    _bad(Field.STATUS, "open", op=Op.AT_LEAST),
    _bad(Field.CATEGORY, 99_999),
    _bad(Field.STATION, 0),
    _bad(Field.TAG, ""),
    _bad(Field.AGE, -1, op=Op.AT_LEAST),
    _bad(Field.AGE, 5),
    _bad(Field.AGE, 5, op=Op.AT_LEAST, occasion=Occasion.CREATED),
    _bad(Field.EVENT, "note"),
    *[(rule("R", Occasion.CREATED, [], deed), "actions") for deed in (
        Deed(Does.STATUS, "abierto"), Deed(Does.PRIORITY, ""), Deed(Does.CATEGORY, 99_999), Deed(Does.CATEGORY, "x"),
        Deed(Does.ASSIGN, 99_999), Deed(Does.TAG, "-"), Deed(Does.NOTE, "  "), Deed(Does.NOTIFY, ""),
        Deed(Does.NOTIFY, "", (99_999,)), Deed(Does.NOTIFY, "x" * 501, (1,)))],
]  # fmt: skip


@pytest.mark.parametrize(("wanted", "field"), WRONG)
@pytest.mark.sqlite_only
def test_what_cannot_be_is_refused_at_its_field(desk: Desk, wanted: Any, field: str) -> None:
    before = desk.fingerprint()
    with pytest.raises(Invalid) as refusal, desk.begin("admin") as work:
        keeping.save_rule(work, wanted)
    assert set(refusal.value.fields) == {field}
    assert desk.fingerprint() == before


@pytest.mark.sqlite_only
def test_customers_and_retired_people_are_nobody_for_a_rule(desk: Desk) -> None:
    cast = desk.cast
    for deed in (Deed(Does.ASSIGN, cast.users["customer"]), Deed(Does.ASSIGN, cast.users["retired_agent"]),
                 Deed(Does.NOTIFY, "", (cast.users["customer"],)), Deed(Does.CATEGORY, cast.categories["retired"])):
        with pytest.raises(Invalid), desk.begin("admin") as work:
            keeping.save_rule(work, rule("R", Occasion.CREATED, [], deed))
    saved(desk, rule("R", Occasion.CREATED, [], Deed(Does.ASSIGN, LEAST_LOADED), Deed(Does.NOTIFY, "", (cast.users["manager"],))))
    with desk.reading("admin") as work:
        assert set(keeping.desk_people(work).values()) == {"Manager", "Operator", "Agent", "Second Agent", "Analyst", "Admin"}


@pytest.mark.sqlite_only
def test_two_rules_have_two_names(desk: Desk) -> None:
    saved(desk, WAITS)
    with pytest.raises(Invalid) as refusal, desk.begin("admin") as work:
        keeping.save_rule(work, WAITS)
    assert set(refusal.value.fields) == {"name"}


@pytest.mark.sqlite_only
def test_rules_are_the_admins(desk: Desk) -> None:
    for who in ("manager", "operator", "agent", "analyst", "customer"):
        with pytest.raises(Forbidden), desk.begin(who) as work:
            keeping.save_rule(work, WAITS)
