"""State and criticality are told by colour, word and icon, readable on both grounds."""

from __future__ import annotations

import pytest

from core.calls.counting import Outcome
from core.tickets.lifecycle import Priority, Status
from core.ui import badges

GROUNDS = {"light": "#ffffff", "dark": "#14181f"}
STYLES = [(f"{table}.{code}", style)
          for table in ("STATUS_STYLE", "PRIORITY_STYLE", "CALL_STYLE", "OUTCOME_STYLE")
          for code, style in getattr(badges, table).items()]


def _luminance(colour: str) -> float:
    parts = [int(colour[start:start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours (WCAG 2.2, 1.4.3)."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_every_state_priority_and_outcome_has_a_style() -> None:
    assert list(badges.STATUS_STYLE) == [status.value for status in Status]
    assert list(badges.PRIORITY_STYLE) == [priority.value for priority in Priority]
    assert list(badges.OUTCOME_STYLE) == [outcome.value for outcome in Outcome]


@pytest.mark.parametrize(("name", "style"), STYLES, ids=[name for name, _style in STYLES])
def test_colours_stand_out_from_both_grounds(name: str, style: badges.Style) -> None:
    assert contrast(style.light, GROUNDS["light"]) >= 4.5
    assert contrast(style.dark, GROUNDS["dark"]) >= 4.5


def test_a_badge_says_the_state_in_a_word_with_an_icon() -> None:
    assert badges.status_badge("open") == ":red-badge[:material/error: Abierto]"
    assert badges.status_badge("cancelled") == ":gray-badge[:material/block: ~~Cancelado~~]"
    assert badges.priority_badge("critical") == ":red-badge[:material/priority_high: Crítica]"
    assert badges.priority_badge("medium") == "Media"


def test_no_two_states_share_colour_and_icon() -> None:
    assert len({(style.light, style.icon) for style in badges.STATUS_STYLE.values()}) == len(Status)
