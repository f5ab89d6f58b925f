"""Articles: who reads which, in every way there is to reach one; saving, conflicts, index, documents."""

from __future__ import annotations

from typing import Any

import pytest

from core.errors import Conflict, FileRefused, Forbidden, Invalid, NotFound
from core.knowledge import queries, service
from core.knowledge.service import ArticleData
from core.search.queries import search
from tests.databases import Desk
from tests.factories import PDF, STAFF

EDITORS = ("agent", "second_agent", "admin")
WORDS = {"public": "cigüeñal", "internal": "alternador", "draft": "carburador"}


@pytest.fixture(autouse=True)
def _empty_shelves(desk: Desk) -> None:
    """Without the articles of the cast: these tests count."""
    for table in ("article_files", "articles", "article_categories", "article_text"):
        desk.run(f"DELETE FROM {table}")


def write(desk: Desk, who: str = "agent", key: str | None = None, version: int | None = None, **changes: Any) -> str:
    """Save an article as a member of the cast."""
    values: dict[str, Any] = {"title": "Cómo cuidar el motor", "body": "Cambie el aceite.", "category": "Motores",
                              "visibility": "public"}
    with desk.begin(who) as work:
        return service.save_article(work, ArticleData(**(values | changes)), version, key)


@pytest.fixture
def shelf(desk: Desk) -> dict[str, str]:
    """One article of each visibility, with a document: visibility -> slug."""
    slugs = {code: write(desk, title=f"Sobre el {word}", body=f"Todo del {word}.", visibility=code)
             for code, word in WORDS.items()}
    for slug in slugs.values():
        with desk.begin("agent") as work:
            service.attach_file(work, slug, "formato.pdf", PDF)
    return slugs


def readable(who: str) -> set[str]:
    """The visibilities a member of the cast may read."""
    if who in EDITORS:
        return set(WORDS)
    return {"public", "internal"} if who in STAFF else {"public"}


@pytest.mark.parametrize("who", [*STAFF, "customer", "company_head", "loner"])
def test_lists_counts_search_reading_and_files_know_the_same_articles(desk: Desk, shelf: dict[str, str], who: str) -> None:
    with desk.reading("agent") as work:
        files = {document.slug: document.id for document in queries.documents(work)}
    expected = {shelf[code] for code in readable(who)}
    with desk.reading(who) as work:
        assert {card.slug for card in queries.articles(work)} == expected
        assert {card.slug for cards in queries.first_of_shelves(work, 9).values() for card in cards} == expected
        assert sum(each.count for each in queries.shelves(work)) == len(expected)
        assert {document.slug for document in queries.documents(work)} == expected
        for code, slug in shelf.items():
            found = search(work, WORDS[code])
            assert [hit.slug for hit in found.articles] == ([slug] if slug in expected else [])
            assert found.article_total == (slug in expected)
            _reached(work, slug, files[slug], slug in expected)


def _reached(work: Any, slug: str, file_id: str, expected: bool) -> None:
    if expected:
        assert queries.article(work, slug).card.slug == slug
        assert queries.file_for(work, file_id) == ("formato.pdf", file_id)
        return
    with pytest.raises(NotFound) as hidden:
        queries.article(work, slug)
    with pytest.raises(NotFound) as missing:
        queries.article(work, "no-hay-tal")
    assert str(hidden.value) == str(missing.value)
    with pytest.raises(NotFound):
        queries.file_for(work, file_id)


def test_an_article_that_is_withdrawn_leaves_the_index_of_the_public(desk: Desk, shelf: dict[str, str]) -> None:
    write(desk, slug=shelf["public"], title="Sobre el cigüeñal", body="Todo del cigüeñal.", visibility="internal")
    with desk.reading("customer") as work:
        assert search(work, "cigüeñal").article_total == 0
    with desk.reading("operator") as work:
        assert search(work, "cigüeñal").article_total == 1
    key = "rowid" if desk.name == "sqlite" else "id"
    assert [row[0] for row in desk.rows(f"SELECT count(*) FROM article_text WHERE {key} IN (SELECT id FROM articles)")] == [3]


@pytest.mark.parametrize("who", ["manager", "operator", "analyst", "customer"])
def test_who_may_not_edit_saves_nothing(desk: Desk, shelf: dict[str, str], who: str) -> None:
    before = desk.fingerprint()
    with pytest.raises(Forbidden):
        write(desk, who)
    with pytest.raises(Forbidden), desk.begin(who) as work:
        service.attach_file(work, shelf["public"], "x.pdf", PDF)
    assert desk.fingerprint() == before


def test_an_article_without_its_parts_is_refused_with_a_sentence_for_each(desk: Desk) -> None:
    before = desk.fingerprint()
    with pytest.raises(Invalid) as refusal:
        write(desk, title=" ", body="", category="", visibility="secret")
    assert set(refusal.value.fields) == {"title", "body", "category", "visibility"}
    with pytest.raises(Invalid) as refusal:
        write(desk, title="x" * 201)
    assert set(refusal.value.fields) == {"title"}
    assert desk.fingerprint() == before


def test_the_second_of_two_editors_is_told(desk: Desk) -> None:
    slug = write(desk)
    write(desk, slug=slug, body="Uno.", version=1)
    with pytest.raises(Conflict):
        write(desk, "second_agent", slug=slug, body="Dos.", version=1)
    with desk.reading("agent") as work:
        assert queries.article(work, slug).body == "Uno."
        assert queries.article(work, slug).version == 2


def test_the_same_form_sent_twice_makes_one_article(desk: Desk) -> None:
    assert write(desk, key="k1") == write(desk, key="k1")
    assert desk.rows("SELECT count(*) FROM articles") == [(1,)]


def test_two_articles_of_one_title_have_their_own_addresses(desk: Desk) -> None:
    assert [write(desk), write(desk)] == ["como-cuidar-el-motor", "como-cuidar-el-motor-2"]


def test_a_shelf_is_known_by_its_name_whatever_the_accents(desk: Desk) -> None:
    write(desk, category="Facturación")
    write(desk, category="FACTURACION")
    write(desk, category="Preguntas frecuentes")
    with desk.reading("customer") as work:
        assert [(each.name, each.count, each.is_faq) for each in queries.shelves(work)] == [
            ("Preguntas frecuentes", 1, True), ("Facturación", 2, False)]


def test_pinned_articles_come_first(desk: Desk) -> None:
    write(desk, title="A")
    write(desk, title="Z", pinned=True)
    with desk.reading("customer") as work:
        assert [card.title for card in queries.articles(work)] == ["Z", "A"]
        assert [card.title for card in queries.pinned(work)] == ["Z"]


def test_a_document_given_again_is_the_same_and_a_new_one_of_its_name_replaces_it(desk: Desk) -> None:
    slug = write(desk)
    with desk.begin("agent") as work:
        first = service.attach_file(work, slug, "formato.pdf", PDF)
        again = service.attach_file(work, slug, "formato.pdf", PDF)
    with desk.begin("agent") as work:
        other = service.attach_file(work, slug, "formato.pdf", PDF + b"2")
    assert first == again != other
    with desk.reading("customer") as work:
        assert [(each.id, each.size) for each in queries.article(work, slug).files] == [(other, len(PDF) + 1)]
        with pytest.raises(NotFound):
            queries.file_for(work, first)


def test_a_document_that_is_not_what_its_name_says_is_refused(desk: Desk) -> None:
    slug = write(desk)
    with pytest.raises(FileRefused), desk.begin("agent") as work:
        service.attach_file(work, slug, "formato.pdf", b"<html>")
    with pytest.raises(NotFound), desk.begin("agent") as work:
        service.attach_file(work, "no-hay-tal", "formato.pdf", PDF)


def test_saving_is_an_event(desk: Desk) -> None:
    write(desk)
    saved = "SELECT actor_name, before, after FROM events WHERE action = 'article_saved' ORDER BY id DESC LIMIT 1"
    name, before, after = desk.rows(saved)[0]
    assert (name, before) == ("Agent", None)
    assert "motor" in str(after)
