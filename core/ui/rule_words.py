"""A rule in words: its conditions and what it does, with the names of what they mention."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from core.accounts.queries import owners
from core.directory import queries as directory
from core.errors import NotFound
from core.i18n import _, labels, ngettext
from core.tickets.rules import keeping
from core.tickets.rules.matching import LEAST_LOADED, NOBODY, Condition, Deed, Does, Field, Op, Rule
from core.ui import session
from core.work import Work

CODE_WORDS: dict[Field, Callable[[str], str]] = {Field.STATUS: labels.status, Field.PRIORITY: labels.priority,
                                                 Field.TYPE: labels.ticket_type, Field.CHANNEL: labels.channel,
                                                 Field.EVENT: labels.happened}


@dataclass(frozen=True, slots=True)
class Names:
    """Names by number of everything that a rule may mention; `stations` are those that the rules do, by code and name."""

    categories: Mapping[int, str]
    owners: Mapping[int, str]
    companies: Mapping[int, str]
    people: Mapping[int, str]
    stations: Mapping[int, str]

    def of(self, name: Field) -> Mapping[int, str]:
        """The names behind a field of numbers."""
        return {Field.CATEGORY: self.categories, Field.OWNER: self.owners, Field.COMPANY: self.companies,
                Field.STATION: self.stations}[name]


def read(rules: Iterable[Rule]) -> Names:
    """The present names."""
    wanted = {value for rule in rules for each in rule.conditions if each.field is Field.STATION for value in each.values}
    with session.reading() as work:
        return Names({each.id: each.path for each in directory.categories(work)},
                     {NOBODY: _("Nobody")} | {each.id: each.name for each in owners(work)},
                     dict(directory.companies(work)), keeping.desk_people(work),
                     {int(each): _station(work, int(each)) for each in wanted})


def _station(work: Work, number: int) -> str:
    try:
        return directory.station(work, number).label
    except NotFound:
        return str(number)


def condition(each: Condition, names: Names) -> str:
    """One condition: `Priority is High or Critical`."""
    if each.field in CODE_WORDS:
        values = [CODE_WORDS[each.field](str(value)) for value in each.values]
    elif each.op is Op.AT_LEAST:
        values = [str(value) for value in each.values]
    elif each.field in (Field.TAG, Field.WORDS):
        values = [f"“{value}”" for value in each.values]
    else:
        values = [names.of(each.field).get(int(value), str(value)) for value in each.values]
    return _("{field} {comparison} {values}").format(
        field=labels.rule_field(each.field), comparison=_comparison(each), values=f" {_('or')} ".join(values))


def _comparison(each: Condition) -> str:
    if each.field is Field.WORDS:
        return _("contain") if each.op is Op.IS else _("do not contain")
    return labels.rule_op(each.op)


def conditions(rule: Rule, names: Names) -> str:
    """All conditions in one sentence."""
    if not rule.conditions:
        return _("every ticket")
    return f" {_('and') if rule.every else _('or else')} ".join(condition(each, names) for each in rule.conditions)


def deed(each: Deed, names: Names) -> str:
    """One thing the rule does: `Set the priority: High`."""
    match each.does:
        case Does.STATUS:
            said = labels.status(str(each.value))
        case Does.PRIORITY:
            said = labels.priority(str(each.value))
        case Does.CATEGORY:
            said = names.categories.get(int(each.value), str(each.value))
        case Does.ASSIGN:
            said = owner(int(each.value), names)
        case Does.NOTIFY:
            said = ", ".join(names.people.get(number, str(number)) for number in each.people)
        case _:
            said = str(each.value)
    return _("{deed}: {value}").format(deed=labels.rule_does(each.does), value=said if len(said) <= 80 else f"{said[:79]}…")


def owner(number: int, names: Names) -> str:
    """Whom a rule assigns a ticket to."""
    return _("The least loaded agent on shift") if number == LEAST_LOADED else names.owners.get(number, str(number))


def times(count: int) -> str:
    """How often a rule acted."""
    return ngettext("{count} time", "{count} times", count).format(count=count)
