"""The piece of a text in which a search hit, as plain text in three parts: before, the hit, after."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from core import fulltext

WIDTH = 160
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A line of a text; `hit` is the word that matched, empty when none was found (then it is the beginning)."""

    before: str
    hit: str
    after: str

    @property
    def text(self) -> str:
        """The line without the mark."""
        return self.before + self.hit + self.after


def excerpt(texts: Sequence[str], query: str, width: int = WIDTH) -> Excerpt:
    """The surroundings of the first word of `texts` that the query finds; the beginning of the first text otherwise."""
    terms = fulltext.terms(query)
    for text in texts:
        if (place := find(text, terms)) is not None:
            return _around(text, *place, width)
    first = " ".join(next((text for text in texts if text.strip()), "").split())
    return Excerpt(_cut_end(first, width), "", "")


def find(text: str, terms: Sequence[str]) -> tuple[int, int] | None:
    """Where the first word stands that one of the stems matches (the last stem also as a beginning)."""
    if not terms:
        return None
    wanted = set(terms)
    for word in _WORD.finditer(text[:fulltext.MAX_TEXT]):
        stem = _stem(word.group())
        if stem in wanted or (len(terms[-1]) > 1 and stem.startswith(terms[-1])):
            return word.span()
    return None


@lru_cache(maxsize=50_000)
def _stem(word: str) -> str:
    return fulltext.stem(fulltext.fold(word))


def _around(text: str, start: int, end: int, width: int) -> Excerpt:
    """`width` characters around the hit, cut between words."""
    room = max(width - (end - start), 20)
    left, right = text[max(0, start - room):start], text[end:end + room * 2]
    before = re.sub(r"\s+", " ", left).lstrip()
    after = re.sub(r"\s+", " ", right).rstrip()
    kept = before if start <= room and len(before) <= room // 3 else _cut_start(before, room // 3)
    rest = _cut_end(after, room - min(len(kept), room // 3))
    return Excerpt(kept, text[start:end], rest)


def _cut_start(text: str, width: int) -> str:
    return text if len(text) <= width else "…" + text[-width:].partition(" ")[2]


def _cut_end(text: str, width: int) -> str:
    return text if len(text) <= width else text[:width].rpartition(" ")[0] + "…"
