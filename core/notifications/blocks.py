"""Blocks that a template can hold and nobody can write by hand: the survey's five links, a report's figures.

Text and HTML say the same; HTML without image, script or anything that is fetched. In the present language.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from html import escape

from core.i18n import _

SCORES = range(5, 0, -1)
# Constant style: what mail programs show alike, legible on a light and on a dark background.
_LINK = ("display:block;margin:6px 0;padding:10px 14px;border:1px solid #8a94a3;border-radius:8px;text-decoration:none;"
         "color:#1f5fa8;background:#ffffff;font-weight:600;max-width:320px")
_NAME, _VALUE = "padding: 6px 16px 6px 0; border-bottom: 1px solid #e4e6eb", "padding: 6px 0; border-bottom: 1px solid #e4e6eb"


@dataclass(frozen=True, slots=True)
class Block:
    """What stands in the place of a variable, in both parts of a mail."""

    text: str
    html: str


def word(score: int) -> str:
    """What a score from 1 to 5 means."""
    return (_("Very bad"), _("Bad"), _("Neither good nor bad"), _("Good"), _("Very good"))[score - 1]


def stars(score: int) -> str:
    """`★★★★☆`: never alone, the word stands beside it."""
    return "★" * score + "☆" * (5 - score)


def scores(address: Callable[[int], str]) -> Block:
    """Five links, the best score first; `address` gives the one of a score."""
    return Block("\n".join(f"{stars(score)} {word(score)}: {address(score)}" for score in SCORES),
                 "".join(f'<a href="{escape(address(score))}" style="{_LINK}">{stars(score)} {escape(word(score))}</a>'
                         for score in SCORES))


def figures(rows: Iterable[tuple[str, str]]) -> Block:
    """A small table of names and values."""
    pairs = list(rows)
    cells = "".join(f'<tr><td style="{_NAME}">{escape(name)}</td><td align="right" style="{_VALUE}"><strong>{escape(value)}'
                    "</strong></td></tr>" for name, value in pairs)
    return Block("\n".join(f"{name}: {value}" for name, value in pairs),
                 f'<table cellspacing="0" cellpadding="0" style="border-collapse: collapse; width: 100%">{cells}</table>')
