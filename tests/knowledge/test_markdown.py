"""Articles rewritten: what an article may become, and what never comes of a hostile one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from core.knowledge.markdown import safe, text_of

ARTICLES = Path(__file__).resolve().parents[3] / "shared" / "data" / "kb_es"
# A parser as generous as the screen's: it knows HTML and images, so that what slips through is seen.
_generous = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
PIECES = ("<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "![p](http://evil.example/p.png)",
          "[a](javascript:alert(1))", "[b](https://example.mx)", "`", "```", "|", "\n", "\n\n", "    ", "- ", "1. ", "# ", "> ",
          "*", "**", "_", "~~", "\\", "[", "]", "(", ")", "<", ">", "&lt;", "&#x6a;", ":red[x]", "$x$", "![r][r]",
          "[r]: http://evil.example/r.png\n", "<!--", "-->", "a", "ñ", "| a | b |\n|---|---|\n| c | d |\n", "<div>", "</div>",
          "<data:text/html,x>", "\t")


def _tokens(markdown: str) -> list[tuple[str, str]]:
    found = []
    for block in _generous.parse(markdown):
        for token in [block, *(block.children or [])]:
            found.append((token.type, str(token.attrs.get("href", ""))))
    return found


def _harmless(markdown: str) -> None:
    for kind, target in _tokens(markdown):
        assert kind not in {"image", "html_block", "html_inline"}, markdown
        assert kind != "link_open" or re.match(r"(https?|mailto):", target), markdown


@pytest.mark.parametrize("hostile", [
    "<script>alert(1)</script>", "texto <img src=x onerror=alert(1)> y más", "![pixel](http://evil.example/p.png)",
    "![ref]\n\n[ref]: http://evil.example/p.png", "[clic](javascript:alert(1))", "[clic](JaVaScRiPt:alert(1))",
    "[clic](data:text/html;base64,PHNjcmlwdD4=)", "[clic](vbscript:x)", "[clic](//evil.example)", "<javascript:alert(1)>",
    "[clic](&#106;avascript:alert(1))", "<iframe src='http://evil.example'></iframe>", "<style>body{display:none}</style>",
    "[![p](http://evil.example/p.png)](https://example.mx)", "\\<img src=x>", "&lt;img src=x onerror=alert(1)&gt;",
    "    <b>código</b>", "```\n<b>\n```", "<a href='javascript:alert(1)'>x</a>",
    "| ![p](http://evil.example/p.png) |\n|---|\n| <b> |"])
def test_a_hostile_article_leaves_no_image_no_html_and_no_other_scheme(hostile: str) -> None:
    _harmless(safe(hostile))


@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join))
def test_no_mixture_of_marks_gets_through(mixture: str) -> None:
    _harmless(safe(mixture))


def test_directives_of_the_screen_stay_text() -> None:
    assert safe(":red[rojo] :material/home: $E=mc^2$") == r"\:red\[rojo\] \:material\/home\: \$E\=mc\^2\$"


def test_scripts_and_styles_go_with_their_content() -> None:
    assert "alert" not in safe("<div>hola<script>alert(1)</script><style>p{}</style></div>")
    assert "hola" in safe("<div>hola<script>alert(1)</script></div>")


def test_an_image_becomes_its_description() -> None:
    assert safe("Vea ![la bomba](https://example.mx/b.png).") == r"Vea la bomba\."


def test_what_an_author_means_is_kept() -> None:
    body = ("# Título\n\nUno **dos** *tres* ~~no~~ `x|y` [liga](https://example.mx/a?b=1&c=2)\n\n1. a\n2. b\n   - c\n\n> cita\n\n"
            "| A | B |\n|---|---|\n| `p\\|q` | **r** |\n\n```python\nprint('<b>')\n```\n\n---")
    before = [kind for kind, _target in _tokens(body)]
    after = [kind for kind, _target in _tokens(safe(body))]
    assert after == before
    assert "## Título" in safe(body)  # one level below the title of the page
    assert "print('<b>')" in safe(body)
    assert ("link_open", "https://example.mx/a?b=1&c=2") in _tokens(safe(body))


def test_text_keeps_its_words_for_the_index() -> None:
    body = "# A\n\nUno **dos** [tres](https://x.mx) <b>cuatro</b> ![cinco](p.png)\n\n- seis"
    assert text_of(body) == "A\nUno dos tres cuatro cinco\nseis"


def test_rewriting_again_shows_the_same() -> None:
    body = "## A *b*\n\n1. c\n2. d `e`\n\n| f | g |\n|---|---|\n| h | i |"
    assert text_of(safe(body)) == text_of(body)


def test_control_and_direction_marks_are_dropped() -> None:
    assert safe("a\u202eb\u200bc\x00d\x1be") == "abcde"


def test_real_articles_stay_whole() -> None:
    if not ARTICLES.is_dir():
        pytest.skip("the real articles are not on this machine")
    for path in sorted(ARTICLES.glob("*.md")):
        body = path.read_text(encoding="utf-8").split("---", 2)[2]
        _harmless(safe(body))
        squeezed = re.sub(r"\W+", "", text_of(body))
        assert re.sub(r"\W+", "", text_of(safe(body))) == squeezed, path.name


def test_an_article_nested_without_end_is_shown_as_plain_text() -> None:
    body = "*a " * 3000 + "b" + "a*" * 3000
    assert safe(body).startswith("\\*a \\*a")
    assert text_of(body) == body
