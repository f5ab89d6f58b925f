"""HTML becomes readable plain text, of which nothing can act."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.notifications.inbound import texts


@pytest.mark.parametrize(("html", "text"), [
    ("<p>Hola</p><p>Adiós</p>", "Hola\n\nAdiós"),
    ("Hola<br>mundo", "Hola\nmundo"),
    ("<div>uno</div><div>dos</div>", "uno\ndos"),
    ("<p class=MsoNormal>uno</p><p class=MsoNormal>dos</p>", "uno\ndos"),
    ("<ul><li>uno<li>dos</ul>", "- uno\n- dos"),
    ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a  b\nc"),
    ("antes<blockquote>citado<br>más</blockquote>después", "antes\n\n> citado\n> más\n\ndespués"),
    ("<a href='https://mesa.example/x'>aquí</a>", "aquí (https://mesa.example/x)"),
    ("<a href='https://mesa.example'>mesa.example</a>", "mesa.example"),
    ("<a href='javascript:alert(1)'>aquí</a>", "aquí"),
    ("<script>alert(1)</script><style>p{}</style>hola<img src=x onerror=alert(1) alt=logo>", "hola"),
    ("<title>x</title>&lt;b&gt; &amp; &nbsp;fin", "<b> &  fin"),
    ("<pre>uno\n  dos</pre>", "uno\n  dos"),
    ("a\n\n b   c", "a b c"),
    ("<svg><a>x</a></svg>y", "y"),
    ("sin <cerrar <b>hola", "sin hola"),
    ("zero\u200bwidth\u00ad", "zerowidth"),
])
def test_html_is_read_as_people_see_it(html: str, text: str) -> None:
    assert texts.of_html(html) == text


def test_a_deep_and_long_page_is_read() -> None:
    assert texts.of_html("<div>" * texts.MOST_TAGS + "hola").strip() == "hola"
    assert texts.of_html("<div>uno " * 60_000).count("uno") == texts.MOST_TAGS
    assert texts.of_html("<blockquote>" * 5_000 + "hola").startswith("> " * 20 + "hola")


@given(st.text(alphabet="<>/ablockquotepre&;#=\"' \n-!", max_size=200))
def test_no_page_raises(html: str) -> None:
    assert "<script" not in texts.of_html(html)
