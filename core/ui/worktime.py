"""Working time as people write and read it: `4:30` is four hours and a half, `08:00-14:00, 15:00-19:00` the blocks of a day."""

from __future__ import annotations

import re

from core.directory.calendar import DAY_MINUTES, Block
from core.i18n import _

_HOUR, _MINUTE = 3600, 60
_CLOCK = re.compile(r"(\d{1,4})(?::([0-5]\d))?(?:\s*h)?", re.IGNORECASE)
_MINUTES = re.compile(r"(\d{1,5})\s*min", re.IGNORECASE)
_BLOCK = re.compile(r"(\d{1,2})(?::([0-5]\d))?\s*(?:-|–|a|to)\s*(\d{1,2})(?::([0-5]\d))?", re.IGNORECASE)


def spoken(seconds: int) -> str:
    """`72 h`, `2 h 10 min`, `45 min`: a working day has no 24 hours, so nothing is told in days. Under a minute is one."""
    hours, minutes = divmod(max(1, round(seconds / _MINUTE)), 60)
    if not hours:
        return _("{minutes} min").format(minutes=minutes)
    return _("{hours} h {minutes} min").format(hours=hours, minutes=minutes) if minutes else _("{hours} h").format(hours=hours)


def written(seconds: int | None) -> str:
    """A time for its box, `4:00`; nothing for none."""
    return "" if seconds is None else f"{seconds // _HOUR}:{seconds % _HOUR // _MINUTE:02d}"


def seconds_of(typed: str) -> int | None:
    """Seconds of `4:30`, `4`, `4 h` or `30 min`; None for nothing typed. Raises ValueError for anything else."""
    text = typed.strip()
    if not text:
        return None
    if found := _MINUTES.fullmatch(text):
        return int(found[1]) * _MINUTE
    if found := _CLOCK.fullmatch(text):
        return int(found[1]) * _HOUR + int(found[2] or 0) * _MINUTE
    raise ValueError(typed)


def blocks_written(blocks: tuple[Block, ...]) -> str:
    """`08:00-14:00, 15:00-19:00`; nothing for a day off."""
    return ", ".join(f"{_clock(first)}-{_clock(last)}" for first, last in blocks)


def blocks_of(typed: str) -> tuple[Block, ...]:
    """The blocks of a day in minutes. Raises ValueError for what is no list of times."""
    found = []
    for part in filter(None, (each.strip() for each in re.split(r"[,;\n]|\by\b", typed))):
        block = _BLOCK.fullmatch(part)
        if block is None:
            raise ValueError(typed)
        first, last = (int(block[at]) * 60 + int(block[at + 1] or 0) for at in (1, 3))
        if max(first, last) > DAY_MINUTES:
            raise ValueError(typed)
        found.append((first, last))
    return tuple(found)


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
