"""Text of others inside our own sentences: it is read, and nothing else comes of it."""

from __future__ import annotations

import pytest
from markdown_it import MarkdownIt

from core.ui.plain import escaped, told

HOSTILE = ("[click](https://evil.example)", "![p](https://evil.example/p.png)", "<https://evil.example>", "**bold**", "`code`",
           ":red[x]", "$x$", "https://evil.example", "www.evil.example", "\\[a](https://evil.example)", "~~x~~", "[a]: https://evil.example")
_screen = MarkdownIt("gfm-like", {"html": True, "linkify": False}).disable("linkify")


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("plain", [escaped, told])
def test_no_link_picture_colour_or_formula_comes_of_a_quoted_text(plain: object, text: str) -> None:
    assert callable(plain)
    written = plain(f"El archivo {text} está vacío.")
    shown = _screen.render(written)
    assert not any(mark in shown for mark in ("<a", "<img", "<strong", "<em", "<code", "<s>", "<del"))
    assert not any(mark in written for mark in (":red[", " $x", "https://", "www.evil"))


def test_a_sentence_of_the_desk_is_told_as_it_is() -> None:
    sentence = "Falta algo: escriba el nombre (máximo 80). No se guardó nada; lo escrito sigue aquí."
    assert told(sentence) == sentence
