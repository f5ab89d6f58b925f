"""Letters on paper: the typeface of the screen (Source Sans, embedded), and texts cut to what fits into a line.

A typeface has not every letter: what it lacks (emoji, Chinese) is shown as an empty box, so that one sees that something
stood there. Nothing that people typed makes a report fail.
"""

from __future__ import annotations

import unicodedata
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

PLAIN, BOLD = "MesaSans", "MesaSans-Semibold"
MISSING = "\u2610"  # the one empty box that the typeface has
_FILES = {PLAIN: "SourceSansPro-Regular.ttf", BOLD: "SourceSansPro-Semibold.ttf"}
_UNSEEN = {"Cc": " ", "Cf": "", "Zl": " ", "Zp": " ", "Cs": MISSING, "Co": MISSING}


@cache
def _glyphs() -> tuple[dict[int, Any], ...]:
    """Register the typeface once a process; the code points that each of its weights has."""
    found = []
    for name, file in _FILES.items():
        font = TTFont(name, str(files("font_source_sans_pro").joinpath("files", file)))
        pdfmetrics.registerFont(font)
        found.append(font.face.charToGlyph)
    return tuple(found)


def prepare() -> None:
    """Have the typeface ready before anything is drawn."""
    _glyphs()


@lru_cache(maxsize=20_000)
def printable(text: str) -> str:
    """A text in letters that the typeface has: composed, on one line, what is missing as an empty box."""
    glyphs = _glyphs()
    letters = []
    for letter in unicodedata.normalize("NFC", text):
        if 0xFE00 <= ord(letter) <= 0xFE0F:  # says which look the letter before it has
            continue
        letter = _UNSEEN.get(unicodedata.category(letter), letter)
        letters.append(letter if all(ord(each) in known for each in letter for known in glyphs) else MISSING)
    return " ".join("".join(letters).split())


def width(text: str, font: str, size: float) -> float:
    """Points that a printable text takes."""
    return float(pdfmetrics.stringWidth(text, font, size))


@lru_cache(maxsize=20_000)
def lines(text: str, font: str, size: float, room: float, most: int) -> tuple[str, ...]:
    """A text in at most so many lines of `room` points, broken between words; what does not fit ends with "…"."""
    words = printable(text).split(" ")
    found: list[str] = []
    while words and len(found) < most:
        line = words.pop(0)
        while words and width(f"{line} {words[0]}", font, size) <= room:
            line = f"{line} {words.pop(0)}"
        if width(line, font, size) > room:  # one word, too long: its rest begins the next line
            kept = _kept(line, font, size, room)
            words.insert(0, line[kept:])
            line = line[:kept]
        found.append(line)
    if words:
        found[-1] = shortened(f"{found[-1]} {words[0]}", font, size, room)
    return tuple(found)


def _kept(word: str, font: str, size: float, room: float) -> int:
    """How many letters fit, at least one."""
    kept = len(word)
    while kept > 1 and width(word[:kept], font, size) > room:
        kept -= 1
    return kept


def shortened(text: str, font: str, size: float, room: float) -> str:
    """A printable text in one line; what does not fit ends with "…"."""
    if width(text, font, size) <= room:
        return text
    return text[:_kept(text, font, size, room - width("…", font, size))].rstrip() + "…"
