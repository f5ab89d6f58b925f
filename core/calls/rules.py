"""The desk's own rules of counting calls: patterns of its exchange and the thresholds of its figures."""

from __future__ import annotations

import re
from dataclasses import asdict, fields
from typing import Any

from core.access import Permission
from core.audit import Action
from core.calls.counting import CountingRules
from core.errors import Invalid
from core.i18n import _
from core.work import Work

SETTING = "call_counting"
MOST_PATTERNS, LONGEST = 30, 200
# Least and most seconds of each.
SECONDS = {"service_s": (1, 600), "short_s": (0, 120), "window_s": (0, 60)}


def counting_rules(work: Work) -> CountingRules:
    """The rules of this desk; what it never changed is as `CountingRules` has it."""
    stored = work.setting(SETTING, {})
    known = {each.name for each in fields(CountingRules)}
    values: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value
                              for name, value in stored.items() if name in known}
    return CountingRules(**values)


def change_rules(work: Work, wanted: CountingRules) -> bool:
    """Keep other rules; says whether anything changed. Calls follow when they are formed anew.

    Raises Forbidden, or Invalid by field for a pattern that is no regular expression or a time out of its bounds.
    """
    work.require(Permission.IMPORT)
    check(wanted)
    before = counting_rules(work)
    if wanted == before:
        return False
    work.set_setting(SETTING, asdict(wanted))
    old, new = asdict(before), asdict(wanted)
    changed = [name for name in new if old[name] != new[name]]
    work.record(Action.COUNTING_CHANGED, object_kind="setting", object_id=SETTING,
                before={name: old[name] for name in changed}, after={name: new[name] for name in changed})
    return True


def check(wanted: CountingRules) -> None:
    """Raise Invalid by field for a pattern that is no regular expression or a time out of its bounds."""
    wrong: dict[str, str] = {}
    for name, value in asdict(wanted).items():
        if name in SECONDS:
            low, high = SECONDS[name]
            if not low <= value <= high:
                wrong[name] = _("Between {low} and {high} seconds.").format(low=low, high=high)
        elif len(value) > MOST_PATTERNS or any(not each or len(each) > LONGEST for each in value):
            wrong[name] = _("At most {most} patterns of at most {longest} characters, none of them empty.").format(
                most=MOST_PATTERNS, longest=LONGEST)
        elif broken := next((each for each in value if not _compiles(each)), None):
            wrong[name] = _("{pattern} is no regular expression.").format(pattern=broken)
    if wrong:
        raise Invalid(wrong)


def _compiles(pattern: str) -> bool:
    try:
        re.compile(pattern)
    except re.error:
        return False
    return True
