"""The pages of the knowledge base and of the search."""

from __future__ import annotations

import pytest

from core.knowledge.service import ArticleData, attach_file, save_article
from tests.databases import Desk
from tests.factories import PDF
from tests.pages.opening import checked, open_page, words

pytestmark = pytest.mark.sqlite_only
ARTICLES, ARTICLE, SEARCH = "knowledge/articles.py", "knowledge/article.py", "knowledge/search.py"


@pytest.fixture(autouse=True)
def _empty_shelves(desk: Desk) -> None:
    """Without the articles of the cast: these tests count."""
    for table in ("article_files", "articles", "article_categories", "article_text"):
        desk.run(f"DELETE FROM {table}")


def article(desk: Desk, title: str, body: str = "Texto.", shelf: str = "General", visibility: str = "public") -> str:
    """Save an article; gives its slug."""
    with desk.begin("agent") as work:
        return save_article(work, ArticleData(title, body, shelf, visibility))


def test_the_shelves_show_what_the_person_may_read(desk: Desk) -> None:
    article(desk, "Cancelar facturas", shelf="Facturación")
    article(desk, "Claves", shelf="Información interna", visibility="internal")
    article(desk, "Sin terminar", visibility="draft")
    customer, operator, agent = (words(open_page(desk, who, ARTICLES)) for who in ("customer", "operator", "agent"))
    assert "Facturación" in customer
    assert "Información interna" not in customer
    assert "Claves" in operator
    assert ":material/visibility_lock: Interno" in operator
    assert "Sin terminar" not in operator
    assert "Sin terminar" in agent


def test_a_long_shelf_opens_whole(desk: Desk) -> None:
    for place in range(8):
        article(desk, f"Artículo {place}")
    number = str(desk.rows("SELECT id FROM article_categories")[0][0])
    app = open_page(desk, "customer", ARTICLES)
    assert "Artículo 7" not in words(app)
    assert "Ver los 8 artículos" in words(app)
    assert "Artículo 7" in words(open_page(desk, "customer", ARTICLES, shelf=number))
    assert "Ver los 8 artículos" in words(open_page(desk, "customer", ARTICLES, shelf="999"))


def test_an_empty_knowledge_base_says_what_will_be_there(desk: Desk) -> None:
    assert "Todavía no hay ninguno." in words(open_page(desk, "customer", ARTICLES))


def test_an_article_is_shown_rewritten_with_its_documents(desk: Desk) -> None:
    slug = article(desk, "Medir *el* tanque", "Use la **vara**. ![p](http://evil.example/p.png) <script>alert(1)</script>")
    with desk.begin("agent") as work:
        number = attach_file(work, slug, "formato.pdf", PDF)
    app = open_page(desk, "customer", ARTICLE, slug=slug)
    assert app.title[0].value == r"Medir \*el\* tanque"
    body = next(each.value for each in app.markdown if "vara" in each.value)
    assert "**vara**" in body
    assert "evil" not in body
    assert "<script" not in body
    assert f"(files/{number})" in words(app)


@pytest.mark.parametrize("slug", ["claves", "no-hay-tal", ""])
def test_a_hidden_article_looks_like_one_that_does_not_exist(desk: Desk, slug: str) -> None:
    article(desk, "Claves", "Secreto.", visibility="internal")
    said = words(open_page(desk, "customer", ARTICLE, slug=slug))
    assert "No existe o usted no puede verlo." in said
    assert "Secreto" not in said


def test_the_search_page_has_three_tabs_with_their_counts(desk: Desk) -> None:
    article(desk, "La bomba no despacha")
    app = open_page(desk, "customer", SEARCH, q="bombas")
    assert [tab.label for tab in app.tabs] == ["Todo (2)", "Soluciones (1)", "Tickets (1)"]
    said = words(app)
    assert "La bomba no despacha" in said
    assert "Bomba cuatro" in said


def test_the_search_box_changes_the_address(desk: Desk) -> None:
    app = open_page(desk, "operator", SEARCH)
    assert "Aquí aparecen los tickets y artículos" in words(app)
    next(each for each in app.text_input if each.key == "search.text").set_value("tarjetas")
    checked(app.run())
    assert app.query_params["q"] in ("tarjetas", ["tarjetas"])
    assert "Lector de" in words(app)


@pytest.mark.parametrize("text", ["qwertz", "![x](http://evil.example/p.png)", "'; --", "[a](javascript:b)"])
def test_a_search_without_hits_says_what_to_try(desk: Desk, text: str) -> None:
    app = open_page(desk, "customer", SEARCH, q=text)
    assert f"No se encontró nada para “{text}”" in words(app)
    assert not app.tabs


def test_a_customer_finds_no_ticket_of_others_on_the_page(desk: Desk) -> None:
    app = open_page(desk, "stranger", SEARCH, q="comprobantes")
    assert [tab.label for tab in app.tabs] == ["Todo (1)", "Soluciones (0)", "Tickets (1)"]
    assert "Corte de turno" in words(app)
    assert "Bomba cuatro" not in words(app)
