"""The admin's rules: reading, saving, switching, ordering and deleting them. A rule that is on makes no loop."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import delete, func, select

from core.access import STAFF_ROLES, Permission
from core.accounts.models import User
from core.accounts.queries import OWNER_ROLES
from core.audit import Action
from core.db import Base
from core.directory.models import Category, Company, Station
from core.errors import Conflict, Invalid, NotFound
from core.i18n import _
from core.tickets import checks
from core.tickets.lifecycle import Priority, Status
from core.tickets.rules import matching
from core.tickets.rules.loops import loop
from core.tickets.rules.matching import CODES, HOURS, ROWS, Condition, Deed, Does, Field, Occasion, Op, Rule
from core.tickets.rules.models import AutomationRule, RuleHit
from core.tickets.tags import TAG
from core.work import Work

MOST_RULES, MOST_PARTS, MOST_VALUES, LONGEST_NAME = 100, 10, 50, 80
MOST_HOURS = 24 * 366
_Part = TypeVar("_Part", Condition, Deed)
_TABLES: dict[Field, type[Base]] = {Field.CATEGORY: Category, Field.OWNER: User, Field.STATION: Station, Field.COMPANY: Company}


@dataclass(frozen=True, slots=True)
class Kept:
    """A rule with its number, its place in the order (1 is first), its version, and whether it is on."""

    id: int
    position: int
    version: int
    active: bool
    rule: Rule


def rules(work: Work) -> list[Kept]:
    """All rules in their order. Raises Forbidden."""
    work.require(Permission.MANAGE_CATALOGUES)
    return kept(work)


def kept(work: Work) -> list[Kept]:
    """A step of reading and of running the rules: all of them, in their order."""
    rows = work.session.scalars(select(AutomationRule).order_by(AutomationRule.position, AutomationRule.id))
    return [_kept(row) for row in rows]


def _kept(row: AutomationRule) -> Kept:
    return Kept(row.id, row.position, row.version, row.active,
                matching.from_maps(row.name, row.occasion, row.every, row.conditions, row.actions))


def save_rule(work: Work, rule: Rule, *, rule_id: int | None = None, version: int | None = None, active: bool = False) -> int:
    """Save a new rule at the end of the order, or a changed one in its place; gives its number.

    Raises Invalid by field (`name`, `conditions`, `actions`; `loop` with the ring that it would close), Conflict, NotFound.
    """
    work.require(Permission.MANAGE_CATALOGUES)
    row = None if rule_id is None else _one(work, rule_id, version)
    wrong = _wrong(work, rule, rule_id)
    if not wrong and active:
        wrong = _looping(work, rule, rule_id)
    if wrong:
        raise Invalid(wrong)
    before = None if row is None else _told(row)
    if row is None:
        last = work.session.scalar(select(func.max(AutomationRule.position))) or 0
        row = AutomationRule(position=last + 1)
        work.session.add(row)
    row.name, row.occasion, row.every, row.active = rule.name, rule.occasion.value, rule.every, active
    row.conditions, row.actions = matching.to_maps(rule)
    row.changed_at = work.now
    work.session.flush()
    if before is not None and before["conditions"] != row.conditions:
        work.session.execute(delete(RuleHit).where(RuleHit.rule_id == row.id))
    work.record(Action.RULE_SAVED, object_kind="rule", object_id=row.id, before=before, after=_told(row))
    return row.id


def switch_rule(work: Work, rule_id: int, active: bool) -> None:
    """Switch a rule on or off; as it was is no error. Raises Invalid for one that would close a loop, NotFound."""
    work.require(Permission.MANAGE_CATALOGUES)
    row = _one(work, rule_id, None)
    if row.active == active:
        return
    if active and (wrong := _looping(work, _kept(row).rule, rule_id)):
        raise Invalid(wrong)
    row.active, row.changed_at = active, work.now
    work.session.flush()
    work.record(Action.RULE_SAVED, object_kind="rule", object_id=row.id, before={"name": row.name, "active": not active},
                after={"name": row.name, "active": active})


def move_rule(work: Work, rule_id: int, *, up: bool) -> None:
    """Let a rule change places with its neighbour; the first one goes no higher. Raises NotFound."""
    work.require(Permission.MANAGE_CATALOGUES)
    rows = list(work.session.scalars(select(AutomationRule).order_by(AutomationRule.position, AutomationRule.id)
                                     .with_for_update()))
    at = next((index for index, row in enumerate(rows) if row.id == rule_id), None)
    if at is None:
        raise NotFound()
    other = at - 1 if up else at + 1
    if not 0 <= other < len(rows):
        return
    rows[at], rows[other] = rows[other], rows[at]
    for place, row in enumerate(rows, 1):
        if row.position != place:
            row.position = place
    work.session.flush()
    work.record(Action.RULES_ORDERED, object_kind="rule", object_id=rule_id, after={"order": [row.name for row in rows]})


def delete_rule(work: Work, rule_id: int) -> None:
    """Delete a rule; what it did stays done. Raises NotFound."""
    work.require(Permission.MANAGE_CATALOGUES)
    row = _one(work, rule_id, None)
    work.session.execute(delete(RuleHit).where(RuleHit.rule_id == rule_id))
    work.record(Action.RULE_DELETED, object_kind="rule", object_id=row.id, before=_told(row))
    work.session.delete(row)
    work.session.flush()


def desk_people(work: Work) -> dict[int, str]:
    """Whom a rule may notify: active people of the desk by number, by name. Raises Forbidden."""
    work.require(Permission.MANAGE_CATALOGUES)
    rows = work.session.execute(select(User.id, User.name).where(User.active, User.role.in_(STAFF_ROLES)).order_by(User.name))
    return {row.id: row.name for row in rows}


def _one(work: Work, rule_id: int, version: int | None) -> AutomationRule:
    row = work.session.get(AutomationRule, rule_id, with_for_update=True)
    if row is None:
        raise NotFound()
    if version is not None and row.version != version:
        raise Conflict()
    return row


def _told(row: AutomationRule) -> dict[str, Any]:
    return {"name": row.name, "active": row.active, "occasion": row.occasion, "every": row.every,
            "conditions": row.conditions, "actions": row.actions}


def _looping(work: Work, rule: Rule, rule_id: int | None) -> dict[str, str]:
    ring = loop([*(each.rule for each in kept(work) if each.active and each.id != rule_id), *_own_moves()], rule)
    if not ring:
        return {}
    return {"loop": _("These rules would set each other off without end: {ring}. Change one of them, or have it put on a tag "
                      "and ask that the tag is not there yet.").format(ring=" → ".join(f"“{name}”" for name in ring))}


def _own_moves() -> list[Rule]:
    """What the desk does by itself as time passes, as rules: a ring may lead through it and go round every few days."""
    moves = ((_("The desk resolves what waits"), Status.PENDING, Status.RESOLVED),
             (_("The desk closes what is attended"), Status.RESOLVED, Status.CLOSED))
    return [Rule(name, Occasion.CHANGED, True, (Condition(Field.STATUS, Op.IS, (before.value,)),),
                 (Deed(Does.STATUS, after.value),)) for name, before, after in moves]


def check_rule(work: Work, rule: Rule) -> None:
    """Raise Invalid as saving would, apart from loops and the name: what is tried has not been saved."""
    work.require(Permission.MANAGE_CATALOGUES)
    wrong = _wrong(work, rule, None)
    wrong.pop("name", None)
    if wrong:
        raise Invalid(wrong)


def _wrong(work: Work, rule: Rule, rule_id: int | None) -> dict[str, str]:
    found = {"name": _name(work, rule.name, rule_id),
             "conditions": _first(rule.conditions, lambda each: _condition(work, rule.occasion, each)),
             "actions": _first(rule.deeds, lambda each: _deed(work, each)) if rule.deeds else _("Choose what the rule does.")}
    return {name: sentence for name, sentence in found.items() if sentence}


def _name(work: Work, name: str, rule_id: int | None) -> str:
    if not name.strip() or len(name) > LONGEST_NAME:
        return _("Write a name of at most {limit} characters.").format(limit=LONGEST_NAME)
    others = select(AutomationRule.id).where(AutomationRule.name == name, AutomationRule.id != (rule_id or 0))
    if work.session.scalar(others) is not None:
        return _("Another rule has this name.")
    if rule_id is None and (work.session.scalar(select(func.count()).select_from(AutomationRule)) or 0) >= MOST_RULES:
        return _("There are {limit} rules already. Delete one first.").format(limit=MOST_RULES)
    return ""


def _first(parts: Sequence[_Part], check: Callable[[_Part], str]) -> str:
    if len(parts) > MOST_PARTS:
        return _("At most {limit}.").format(limit=MOST_PARTS)
    return next((sentence for each in parts if (sentence := check(each))), "")


def _condition(work: Work, occasion: Occasion, each: Condition) -> str:
    if not each.values or len(each.values) > MOST_VALUES:
        return _("Choose a value for each condition.")
    if (each.op is Op.AT_LEAST) is not (each.field in HOURS):
        return _("This comparison does not fit its field.")
    if each.field is Field.EVENT and occasion is not Occasion.CHANGED:
        return _("What happened is asked by rules on changes only.")
    if each.field in HOURS:
        return _hours(occasion, each)
    if each.field in CODES:
        return "" if all(value in set(CODES[each.field]) for value in each.values) else _("Choose a value for each condition.")
    if each.field in ROWS:
        return "" if all(_known(work, each.field, value) for value in each.values) else _("A chosen value is no longer there.")
    texts = all(isinstance(value, str) and 0 < len(value.strip()) <= 60 for value in each.values)
    return "" if texts else _("Write words of at most 60 characters.")


def _hours(occasion: Occasion, each: Condition) -> str:
    if occasion is Occasion.CREATED:
        return _("A new ticket has no age yet: choose another occasion.")
    fits = len(each.values) == 1 and isinstance(each.values[0], int) and 0 <= each.values[0] <= MOST_HOURS
    return "" if fits else _("From {low} to {high} hours.").format(low=0, high=MOST_HOURS)


def _known(work: Work, name: Field, value: object) -> bool:
    if name is Field.OWNER and value == matching.NOBODY:
        return True
    return isinstance(value, int) and work.session.get(_TABLES[name], value) is not None


def _deed(work: Work, each: Deed) -> str:
    match each.does:
        case Does.STATUS:
            return "" if each.value in set(Status) else _("Choose a status.")
        case Does.PRIORITY:
            return "" if each.value in set(Priority) else _("Choose the priority.")
        case Does.CATEGORY:
            found = work.session.get(Category, each.value) if isinstance(each.value, int) else None
            return "" if found is not None and found.active else _("Choose the category.")
        case Does.ASSIGN:
            return "" if _may_own(work, each.value) else _("This person cannot own tickets. Choose another owner.")
        case Does.TAG:
            return "" if isinstance(each.value, str) and TAG.fullmatch(each.value) else _(
                "“{tag}” is no tag: at most 30 letters, digits, spaces or hyphens.").format(tag=each.value)
        case Does.NOTE:
            return "" if 0 < len(str(each.value).strip()) <= checks.MAX_TEXT else _("Write the text first.")
        case Does.NOTIFY:
            return _people(work, each)


def _may_own(work: Work, value: object) -> bool:
    if value in (matching.NOBODY, matching.LEAST_LOADED):
        return True
    user = work.session.get(User, value) if isinstance(value, int) else None
    return user is not None and user.active and user.role in OWNER_ROLES


def _people(work: Work, each: Deed) -> str:
    staff = select(func.count()).select_from(User).where(User.id.in_(each.people), User.active, User.role.in_(STAFF_ROLES))
    if not each.people or work.session.scalar(staff) != len(set(each.people)):
        return _("Choose who is notified: people of the desk.")
    return "" if len(str(each.value)) <= 500 else checks.too_long(500)
