"""Whether rules would set each other off without end, told before they are saved. Pure.

A rule sets another one off when what it does can make the other's conditions true: it changes a field to what the other
waits for, or is itself the event the other waits for; while what is known of the ticket afterwards (the rule's own
conditions, and what it did) does not contradict the other's conditions. A ring of such rules is a loop.

What cannot go round is left out: a rule for new tickets (nothing makes a ticket new again); an edge by a tag alone (rules
never take tags away, so it comes once); and a rule that puts a tag on a ticket that must not have it yet (it acts once).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum

from core.tickets.lifecycle import DONE
from core.tickets.rules.matching import CODES, LEAST_LOADED, NOBODY, Does, Field, Happened, Occasion, Op, Rule

_SETS = {Does.STATUS: Field.STATUS, Does.PRIORITY: Field.PRIORITY, Does.CATEGORY: Field.CATEGORY, Does.ASSIGN: Field.OWNER}
_IS_EVENT = {Does.STATUS: Happened.STATUS, Does.PRIORITY: Happened.PRIORITY, Does.CATEGORY: Happened.CATEGORY,
             Does.ASSIGN: Happened.OWNER, Does.TAG: Happened.TAGS, Does.NOTE: Happened.NOTE}


class _Values:
    """What a field can be: one of `some`, or anything but `none`."""

    def __init__(self, some: Iterable[object] | None = None, none: Iterable[object] = ()) -> None:
        self.some = None if some is None else frozenset(some)
        self.none = frozenset(none)

    def may(self, op: Op, values: Sequence[object]) -> bool:
        """Whether a condition can hold."""
        if self.some is not None:
            return any((each in values) is (op is Op.IS) for each in self.some)
        return op is Op.IS_NOT or any(each not in self.none for each in values)

    def must(self, op: Op, values: Sequence[object]) -> bool:
        """Whether a condition certainly holds."""
        if self.some is not None:
            return all((each in values) is (op is Op.IS) for each in self.some)
        return op is Op.IS_NOT and set(values) <= self.none

    def narrowed(self, op: Op, values: Sequence[object]) -> _Values:
        """What is left when a condition holds."""
        if op is Op.IS:
            possible = values if self.some is None else [each for each in values if each in self.some]
            return _Values([each for each in possible if each not in self.none])
        if self.some is not None:
            return _Values(each for each in self.some if each not in values)
        return _Values(None, {*self.none, *values})


def _vocabulary(name: Field) -> _Values:
    kind: type[StrEnum] | None = CODES.get(name)
    return _Values(None if kind is None else list(kind))


def _before(rule: Rule) -> dict[Field, _Values]:
    """What is known of each field when a rule acts: only where all its conditions hold."""
    known: dict[Field, _Values] = {}
    for each in rule.conditions if rule.every else ():
        if each.op is not Op.AT_LEAST and each.field not in (Field.EVENT, Field.WORDS, Field.TAG):
            known[each.field] = known.get(each.field, _vocabulary(each.field)).narrowed(each.op, each.values)
    return known


def _after(rule: Rule) -> dict[Field, _Values]:
    """What is known when it has acted."""
    known = _before(rule)
    for deed in rule.deeds:
        if (name := _SETS.get(deed.does)) is not None:
            # The least loaded agent may be anybody, but never nobody.
            known[name] = _Values(None, [NOBODY]) if deed.value == LEAST_LOADED else _Values([deed.value])
    return known


def _events(rule: Rule) -> set[Happened]:
    found = {_IS_EVENT[deed.does] for deed in rule.deeds if deed.does in _IS_EVENT}
    if any(deed.does is Does.STATUS and deed.value not in DONE for deed in rule.deeds) \
            and _before(rule).get(Field.STATUS, _vocabulary(Field.STATUS)).may(Op.IS, list(DONE)):
        found.add(Happened.REOPENED)
    return found


def sets_off(first: Rule, second: Rule) -> bool:
    """Whether what one rule does can set another one (or itself) off again and again."""
    if second.occasion is Occasion.CREATED or _once(first) or _once(second):
        return False
    before, after = _before(first), _after(first)
    changed = {_SETS[deed.does] for deed in first.deeds if deed.does in _SETS}
    events = _events(first) if second.occasion is Occasion.CHANGED else set()
    added = {deed.value for deed in first.deeds if deed.does is Does.TAG}
    made = False
    for each in second.conditions:
        known = after.get(each.field, _vocabulary(each.field))
        if each.field is Field.EVENT:
            possible = bool(events & set(each.values)) if each.op is Op.IS else bool(events - set(each.values))
            made |= possible
        elif each.field is Field.TAG:
            possible = not (each.op is Op.IS_NOT and added & set(each.values))
        elif each.op is Op.AT_LEAST:
            # A note or reply makes a ticket young again, never late; another priority may bring its term nearer.
            possible = True
            made |= each.field is Field.LATE and bool(changed & {Field.PRIORITY, Field.STATUS})
        else:
            possible = known.may(each.op, each.values)
            was = before.get(each.field, _vocabulary(each.field)).must(each.op, each.values)
            made |= possible and each.field in changed and not was
        if second.every and not possible:
            return False
    return made


def _once(rule: Rule) -> bool:
    """Whether a rule puts on a tag that it asks not to be there: nothing of a rule takes it away again."""
    added = {deed.value for deed in rule.deeds if deed.does is Does.TAG}
    return rule.every and any(each.field is Field.TAG and each.op is Op.IS_NOT and added & set(each.values)
                              for each in rule.conditions)


def loop(rules: Sequence[Rule], wanted: Rule) -> list[str]:
    """Names along the shortest ring through a rule, the first one again at the end; [] when there is none.

    `rules`: those that are on, without the former version of the wanted one.
    """
    everybody = [wanted, *rules]
    ways: list[list[Rule]] = [[wanted]]
    seen: set[str] = set()
    while ways:
        way = ways.pop(0)
        for each in everybody:
            if not sets_off(way[-1], each):
                continue
            if each is wanted:
                return [*(rule.name for rule in way), wanted.name]
            if each.name not in seen:
                seen.add(each.name)
                ways.append([*way, each])
    return []
