"""State and criticality as colour + word + icon: the one table for tiles, lists, timelines and charts."""

from __future__ import annotations

from dataclasses import dataclass

from core.i18n import labels


@dataclass(frozen=True, slots=True)
class Style:
    """Colours on a light and on a dark background (each at least 4.5:1), badge colour of Streamlit, icon.

    `struck` marks a state that was called off; `quiet` one that asks for no attention.
    """

    light: str
    dark: str
    badge: str
    icon: str
    struck: bool = False
    quiet: bool = False

    def colour(self, dark: bool) -> str:
        """The colour for a chart or a mark on the present background."""
        return self.dark if dark else self.light


STATUS_STYLE: dict[str, Style] = {
    "open": Style("#c02b2b", "#ff8a80", "red", ":material/error:"),
    "in_progress": Style("#1f5fa8", "#7fb2ec", "blue", ":material/play_circle:"),
    "pending": Style("#9a5b00", "#f0b54a", "orange", ":material/pause_circle:"),
    "resolved": Style("#1e7b3c", "#6fce8b", "green", ":material/check_circle:"),
    "closed": Style("#5b6472", "#a7b0bd", "gray", ":material/lock:", quiet=True),
    "cancelled": Style("#6d7480", "#8f98a6", "gray", ":material/block:", struck=True, quiet=True),
}

PRIORITY_STYLE: dict[str, Style] = {
    "low": Style("#6d7480", "#8f98a6", "gray", ":material/keyboard_arrow_down:", quiet=True),
    "medium": Style("#46556b", "#b6c2d4", "gray", ":material/drag_handle:"),
    "high": Style("#b4500b", "#ffa657", "orange", ":material/keyboard_arrow_up:"),
    "critical": Style("#8e1616", "#ff7b72", "red", ":material/priority_high:"),
}

CALL_STYLE: dict[str, Style] = {
    "received": Style("#66758a", "#9fb0c6", "gray", ":material/call_received:"),
    "answered": STATUS_STYLE["resolved"],
    "missed": STATUS_STYLE["open"],
}

OUTCOME_STYLE: dict[str, Style] = {
    "answered": Style("#1e7b3c", "#6fce8b", "green", ":material/call:"),
    "abandoned": Style("#c02b2b", "#ff8a80", "red", ":material/phone_missed:"),
    "short_abandoned": Style("#8a6d6d", "#c9a9a9", "gray", ":material/phone_missed:"),
    "timeout": Style("#b4500b", "#ffa657", "orange", ":material/timer_off:"),
    "voicemail": Style("#6a4fb0", "#b79cf5", "violet", ":material/voicemail:"),
    "busy": Style("#9a5b00", "#f0b54a", "orange", ":material/phone_disabled:"),
    "out_of_hours": Style("#46556b", "#b6c2d4", "gray", ":material/bedtime:"),
    "ivr_only": Style("#6d7480", "#8f98a6", "gray", ":material/dialpad:", quiet=True),
}

LIVE_STYLE: dict[str, Style] = {
    "ringing": Style("#9a5b00", "#f0b54a", "orange", ":material/ring_volume:"),
    "talking": OUTCOME_STYLE["answered"],
}

UNASSIGNED = Style("#b4500b", "#ffa657", "orange", ":material/person_off:")
OVERDUE = Style("#8e1616", "#ff7b72", "red", ":material/alarm:")
DUE_SOON = Style("#b4500b", "#ffa657", "orange", ":material/hourglass_bottom:")
NEUTRAL = Style("#66758a", "#9fb0c6", "gray", ":material/bar_chart:")


def _badge(style: Style, word: str) -> str:
    text = f"~~{word}~~" if style.struck else word
    return f":{style.badge}-badge[{style.icon} {text}]"


def status_badge(code: str) -> str:
    """Markdown of a ticket status: `:red-badge[icon Abierto]`."""
    return _badge(STATUS_STYLE[code], labels.status(code))


def priority_badge(code: str) -> str:
    """Markdown of a priority; medium is plain and low is quiet, so that the others are seen."""
    style = PRIORITY_STYLE[code]
    word = labels.priority(code)
    if code == "medium":
        return word
    return f":gray[{word}]" if style.quiet else _badge(style, word)


def outcome_badge(code: str) -> str:
    """Markdown of how a call ended."""
    return _badge(OUTCOME_STYLE[code], labels.outcome(code))


def live_badge(code: str) -> str:
    """Markdown of where a call is that goes on now."""
    return _badge(LIVE_STYLE[code], labels.live_state(code))
