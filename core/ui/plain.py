"""Text from outside inside our own Markdown: every mark is taken literally, so no link, image or colour comes of it."""

from __future__ import annotations

import re

_MARKS = re.compile(r"([!-/:-@\[-`{-~])")
_ADDRESS = re.compile(r"(?i)(https?:|www\.)")
_LIVELY = re.compile(r"([\[\]*`$<~\\])")
_JOINER = "\u2060"  # invisible; without it a bare address becomes a link even when its marks are escaped


def escaped(text: str) -> str:
    """Text for a Markdown sentence or label: one line, each ASCII punctuation mark behind a backslash (CommonMark 2.4)."""
    return _MARKS.sub(r"\\\1", _ADDRESS.sub(rf"\1{_JOINER}", " ".join(text.split())))


def told(sentence: str) -> str:
    """A sentence of the desk that may quote a file or a cell: what is quoted becomes no link, picture, colour or formula."""
    return _LIVELY.sub(r"\\\1", _ADDRESS.sub(rf"\1{_JOINER}", sentence))
