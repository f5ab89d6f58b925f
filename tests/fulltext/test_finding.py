"""The same words find the same texts on both databases: without accents, inflected, begun."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import bindparam, text

from core import fulltext
from core.db import is_sqlite
from tests.databases import Desk

TEXTS = {
    101: "Facturación electrónica de las estaciones",
    102: "El lector de tarjetas no responde",
    103: "Camión pipa y camiones cisterna",
    104: "Luces del dispensador",
    105: "E05804 Juriquilla 442 100 2001",
    106: "",
    107: "Ñandú, pingüino y CFDI-4.0",
}
INTERNAL = {101: "contraseña del servidor", 106: "solo interno"}


def lay(desk: Desk) -> None:
    with desk.begin("system") as work:
        for number, words in TEXTS.items():
            fulltext.write(
                work.session, "ticket_text", number, fulltext.document([words]), fulltext.document([INTERNAL.get(number)])
            )


def find(desk: Desk, query: str, *, internal: bool = True, scopes: tuple[str, ...] = ()) -> set[int]:
    with desk.reading("system") as work:
        match = fulltext.match_ids("ticket_text", query, sqlite=is_sqlite(work.session), internal=internal, scopes=scopes)
        if match is None:
            return set()
        sql, parameters = match
        statement = text(sql).bindparams(*(bindparam(name, value) for name, value in parameters.items()))
        return {row[0] for row in work.session.execute(statement) if row[0] > 100}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("facturacion", {101}),
        ("FACTURACIÓN", {101}),
        ("facturaciones", {101}),
        ("estación", {101}),
        ("estaciones", {101}),
        ("tarjeta", {102}),
        ("tarjetas lector", {102}),
        ("lector nada", set()),
        ("camión", {103}),
        ("camiones", {103}),
        ("luz", {104}),
        ("luces", {104}),
        ("e05804", {105}),
        ("E058", {105}),
        ("juri", {105}),
        ("442 juri", {105}),
        ("juri 442", set()),
        ("nandu", {107}),
        ("pinguino", {107}),
        ("cfdi", {107}),
        ("contraseña", {101}),
        ("interno", {106}),
        ("", set()),
        ("   ", set()),
        ("¿?", set()),
    ],
)
def test_words_are_found_without_accents_inflected_and_begun(desk: Desk, query: str, expected: set[int]) -> None:
    lay(desk)
    assert find(desk, query) == expected


def test_internal_words_are_not_found_by_those_who_may_not_read_them(desk: Desk) -> None:
    lay(desk)
    assert find(desk, "contraseña", internal=False) == set()
    assert find(desk, "facturación", internal=False) == {101}


def test_writing_again_forgets_the_old_words(desk: Desk) -> None:
    lay(desk)
    with desk.begin("system") as work:
        fulltext.write(work.session, "ticket_text", 101, fulltext.document(["bomba"]), "")
    assert find(desk, "facturación") == set()
    assert find(desk, "contraseña") == set()
    assert find(desk, "bomba") == {101}


def test_a_scope_hides_what_lies_outside_it(desk: Desk) -> None:
    with desk.begin("system") as work:
        for number, company in ((101, 1), (102, 2)):
            fulltext.write(work.session, "ticket_text", number, f"bomb {fulltext.company_token(company)}", "")
    assert find(desk, "bomba") == {101, 102}
    assert find(desk, "bomba", scopes=(fulltext.company_token(1),)) == {101}
    assert find(desk, "bomba", scopes=(fulltext.company_token(1), fulltext.person_token(9))) == {101}
    assert find(desk, "bomba", scopes=(fulltext.company_token(3),)) == set()


def test_a_scope_cannot_be_typed(desk: Desk) -> None:
    with desk.begin("system") as work:
        fulltext.write(work.session, "ticket_text", 102, f"bomb {fulltext.company_token(2)}", "")
    assert find(desk, fulltext.company_token(2), scopes=(fulltext.company_token(1),)) == set()


@settings(max_examples=60)
@given(query=st.text(max_size=40) | st.text(alphabet="ab\"'*():-^&|!<>\\ {}", max_size=20))
def test_whatever_is_typed_never_breaks_the_search(desk: Desk, query: str) -> None:
    find(desk, query)


@given(st.text(max_size=60))
@settings(max_examples=200)
def test_folding_twice_is_folding_once_and_tokens_are_plain(value: str) -> None:
    assert fulltext.fold(fulltext.fold(value)) == fulltext.fold(value)
    assert all(token.isascii() and token.isalnum() for token in fulltext.tokens(value))


def test_codes_and_numbers_stay_whole() -> None:
    assert fulltext.tokens("E05804s CFDI40s 11768") == ["e05804s", "cfdi40s", "11768"]


def test_long_texts_and_long_queries_are_cut() -> None:
    assert len(fulltext.tokens("palabra " * 10_000)) <= fulltext.MAX_TEXT
    assert len(fulltext.terms(" ".join(f"palabra{number}" for number in range(50)))) == fulltext.MAX_TERMS


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    """Stems are cached; a test must not live on another's."""
    fulltext.stem.cache_clear()
