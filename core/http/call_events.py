"""The fields of a call event, checked: a `CallEvent`, or a sentence for every field that is wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from core.calls.counting import Direction
from core.calls.live import CallEvent, Cause, EventKind
from core.errors import Invalid
from core.i18n import _

T = TypeVar("T")
_CALL_ID = re.compile(r"[!-~]{1,120}")
_USER = re.compile(r"[!-~]{1,40}")
_NUMBER = re.compile(r"[^\x00-\x1f\x7f]{0,40}")
_EPOCH = re.compile(r"\d{9,10}(\.\d{1,9})?")
MOST_USERS = 20
DIRECTIONS = {"in": Direction.INBOUND, "out": Direction.OUTBOUND} | {each.value: each for each in Direction}
_KINDS = {each.value.lower(): each for each in EventKind}
_CAUSES = {each.value.lower(): each for each in Cause}
EARLY, LATE = timedelta(days=1), timedelta(minutes=1)  # how far an event's own time may be from ours


def read(fields: Mapping[str, object], now: datetime) -> CallEvent:
    """The event; unknown fields are passed over. Raises Invalid with every wrong field."""
    wrong: dict[str, str] = {}

    def checked(name: str, check: Callable[[object], T], blank: T) -> T:
        try:
            return check(fields.get(name))
        except ValueError as error:
            wrong[name] = str(error)
            return blank

    kind = checked("event", _kind, EventKind.NEW_CALL)
    event = CallEvent(
        kind=kind, call_id=checked("callId", _call_id, ""), at=checked("at", lambda value: _instant(value, now), 0),
        caller=checked("from", _number, ""), dialled=checked("to", _number, ""),
        direction=checked("direction", lambda value: _direction(value, needed=kind is EventKind.NEW_CALL), None),
        users=checked("user", _users, ()), cause=checked("cause", _cause, None))
    if wrong:
        raise Invalid(wrong)
    return event


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise ValueError(_("This must be a text."))
    text = str(value)
    if len(text) > 400:
        raise ValueError(_("This is too long."))
    return text.strip()


def _kind(value: object) -> EventKind:
    found = _KINDS.get(_text(value).lower())
    if found is None:
        raise ValueError(_("The event is one of newCall, answer, hangup."))
    return found


def _call_id(value: object) -> str:
    text = _text(value)
    if not _CALL_ID.fullmatch(text):
        raise ValueError(_("callId has 1 to 120 printable ASCII characters without spaces."))
    return text


def _number(value: object) -> str:
    text = _text(value)
    if not _NUMBER.fullmatch(text) or not text.isprintable():
        raise ValueError(_("A number has 40 characters at most, without control characters."))
    return text


def _direction(value: object, *, needed: bool) -> Direction | None:
    text = _text(value).lower()
    if text not in DIRECTIONS and (text or needed):
        raise ValueError(_("The direction is one of in, out, internal."))
    return DIRECTIONS.get(text)


def _users(value: object) -> tuple[str, ...]:
    each = value if isinstance(value, list) else [value]
    names = tuple(dict.fromkeys(name for one in each[:MOST_USERS + 1] if (name := _text(one))))
    if len(each) > MOST_USERS or not all(_USER.fullmatch(name) for name in names):
        raise ValueError(_("user has up to {count} names or extensions of 40 printable ASCII characters at most.").format(
            count=MOST_USERS))
    return names


def _cause(value: object) -> Cause | None:
    text = _text(value)
    return _CAUSES.get(text.lower(), Cause.NORMAL) if text else None


def _instant(value: object, now: datetime) -> int:
    """Epoch seconds, or ISO 8601 with its zone; the moment of the request when the exchange gives none."""
    text = str(value) if isinstance(value, float) else _text(value)
    if not text:
        return int(now.timestamp())
    try:
        told = datetime.fromtimestamp(float(text), UTC) if _EPOCH.fullmatch(text) else datetime.fromisoformat(text)
    except (ValueError, OverflowError):
        told = None
    if told is None or told.tzinfo is None:
        raise ValueError(_("at is a time in epoch seconds or like 2026-11-25T14:05:00-06:00, with its zone."))
    if not now - EARLY <= told <= now + LATE:
        raise ValueError(_("at is more than a day ago, or in the future."))
    return int(told.timestamp())
