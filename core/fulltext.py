"""The text index: folding and Spanish stemming in Python at write time, so both databases find the same.

SQLite keeps the tokens in FTS5, PostgreSQL in `tsvector('simple')`; neither interprets them. Two texts are kept
a document: `public` (everybody who sees it) and `internal` (staff). Scopes are tokens too (`company_token`), so a
customer's search never walks other companies' documents.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache

import snowballstemmer
from sqlalchemy import text
from sqlalchemy.orm import Session

from core.db import is_sqlite

TABLES = ("ticket_text", "article_text")
_TOKEN = re.compile(r"[a-z0-9]+")
_stemmer = snowballstemmer.stemmer("spanish")
MAX_TERMS = 12
FACETS = ("status", "priority", "type", "channel", "category", "owner", "month")
_SCOPES = ("zzcompany", "zzstation", "zzperson", *(f"zz{facet}" for facet in FACETS))
# Spanish words that say nothing of what is sought ("error de facturación" must find "error al facturar"), folded.
SMALL_WORDS = frozenset(re.findall(
    r"\w+", "a al ante como con cual cuando de del desde donde e el ella en entre es esta este esto ha hay la las lo los me "
            "mi mis muy no nos o para pero por porque que se si sin sobre son su sus te tu tus u un una uno y ya"))
MAX_TEXT = 20_000


def fold(value: str) -> str:
    """Lower case without accents or compatibility forms: `Facturación` -> `facturacion`."""
    decomposed = unicodedata.normalize("NFKD", value).casefold()
    return "".join(character for character in decomposed if not unicodedata.combining(character))


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """Stem of a folded word; numbers and codes (anything with a digit) stay whole.

    The stemmer does not know foreign plurals (tickets) nor z -> ces (luces): both are made singular first.
    """
    if len(word) < 4 or any(character.isdigit() for character in word):
        return word
    if word.endswith("ces"):
        word = word[:-3] + "z"
    elif word.endswith("s") and word[-2] not in "aeious":
        word = word[:-1]
    stemmed = fold(_stemmer.stemWord(word))
    # Plurals too short for the stemmer (islas).
    return stem(word[:-1]) if stemmed == word and word[-1] == "s" and word[-2] in "aeo" else stemmed


def tokens(value: str) -> list[str]:
    """Stems of a text, in order, at most MAX_TEXT characters of it."""
    return [stem(word) for word in _TOKEN.findall(fold(value[:MAX_TEXT]))]


def document(parts: Iterable[str | None]) -> str:
    """The indexed form of several texts: distinct stems separated by spaces."""
    seen: dict[str, None] = {}
    for part in parts:
        if part:
            seen.update(dict.fromkeys(tokens(part)))
    return " ".join(seen)


def company_token(company_id: int | None) -> str:
    """Scope token of a company, impossible as a word of a text."""
    return f"zzcompany{company_id or 0}zz"


def station_token(station_id: int | None) -> str:
    """Scope token of a station."""
    return f"zzstation{station_id or 0}zz"


def person_token(user_id: int | None) -> str:
    """Scope token of the customer who asked."""
    return f"zzperson{user_id or 0}zz"


def facet_token(facet: str, key: int | None) -> str:
    """Token of a coded fact (one of FACETS); only in the internal text."""
    assert facet in FACETS
    return f"zz{facet}{key or 0}zz"


def swap(session: Session, table: str, document_id: int, old: Sequence[str], new: Sequence[str]) -> None:
    """Exchange tokens of the internal text, old for new in the same order; nothing else is read or indexed anew."""
    assert table in TABLES
    if is_sqlite(session):
        changed = "internal"
        for number in range(len(old)):
            changed = f"replace({changed}, :old{number}, :new{number})"
        values = {f"old{number}": token for number, token in enumerate(old)}
        values |= {f"new{number}": token for number, token in enumerate(new)}
    else:
        changed = "ts_delete(internal, string_to_array(:old, ' ')) || array_to_tsvector(string_to_array(:new, ' '))"
        values = {"old": " ".join(old), "new": " ".join(new)}
    session.connection().execute(text(f"UPDATE {table} SET internal = {changed} WHERE {_key(session)} = :id"),
                                 {"id": document_id, **values})


def clear(session: Session, table: str) -> None:
    """Forget every document."""
    assert table in TABLES
    session.connection().execute(text(f"DELETE FROM {table}"))


def write(session: Session, table: str, document_id: int, public: str, internal: str) -> None:
    """Index (or index anew) one document. `public` and `internal` come from `document()`."""
    write_many(session, table, [(document_id, public, internal)], known=True)


def write_many(session: Session, table: str, documents: Sequence[tuple[int, str, str]], *, known: bool = False) -> None:
    """Index documents `(id, public, internal)`; `known` replaces those that may be there already."""
    assert table in TABLES
    if not documents:
        return
    rows = [{"id": number, "public": public, "internal": internal} for number, public, internal in documents]
    connection = session.connection()
    if known:
        connection.execute(text(f"DELETE FROM {table} WHERE {_key(session)} = :id"), [{"id": row["id"]} for row in rows])
    if is_sqlite(session):
        connection.execute(text(f"INSERT INTO {table}(rowid, public, internal) VALUES (:id, :public, :internal)"), rows)
    else:
        connection.execute(text(f"INSERT INTO {table}(id, public, internal) VALUES "
                                "(:id, array_to_tsvector(string_to_array(:public, ' ')), "
                                "array_to_tsvector(string_to_array(:internal, ' ')))"), rows)


def _key(session: Session) -> str:
    return "rowid" if is_sqlite(session) else "id"


def terms(query: str) -> list[str]:
    """Distinct stems of what a person typed, at most MAX_TERMS; small words count only when there are no others."""
    words = _TOKEN.findall(fold(query[:MAX_TEXT]))
    telling = [word for word in words if word not in SMALL_WORDS] or words
    # A scope token, or the beginning of one, is no word anybody wrote: it would find everything.
    return list(dict.fromkeys(stem(word) for word in telling if not (word.startswith("zz") and _is_scope(word))))[:MAX_TERMS]


def match(query: str, *, facets: Sequence[Sequence[str]]) -> str | None:
    """An FTS5 expression for staff: all words of the text (if any), and of each group of tokens one. None: nothing searchable."""
    words = terms(query)
    if query.strip() and not words:
        return None
    parts = _words(words, "{public internal}") if words else []
    return " AND ".join([*parts, *("(" + " OR ".join(f'"{token}"' for token in group) + ")" for group in facets)])


def _is_scope(word: str) -> bool:
    return any(word.startswith(scope) or scope.startswith(word) for scope in _SCOPES)


def _last(words: Sequence[str], mark: str) -> str:
    """The mark that makes the last word a beginning; a single letter is none, it would begin every other word."""
    return mark if len(words[-1]) > 1 else ""


def match_ids(table: str, query: str, *, sqlite: bool, internal: bool, scopes: Sequence[str] = (),
              ) -> tuple[str, dict[str, str]] | None:
    """SQL for a subselect of matching document ids and its parameters; None when nothing searchable was typed.

    All words must occur; the last one also as a beginning (people search while they type). `internal` searches
    the staff's text too. `scopes`: tokens of which one must be there.
    """
    assert table in TABLES
    words = terms(query)
    if not words:
        return None
    if sqlite:
        return _fts5(table, words, internal, scopes)
    return _tsquery(table, words, internal, scopes)


def _fts5(table: str, words: Sequence[str], internal: bool, scopes: Sequence[str]) -> tuple[str, dict[str, str]]:
    columns = "{public internal}" if internal else "{public}"
    parts = _words(words, columns)
    if scopes:
        parts.append("(" + " OR ".join(f'{{public}} : "{scope}"' for scope in scopes) + ")")
    return f"SELECT rowid FROM {table} WHERE {table} MATCH :fulltext", {"fulltext": " AND ".join(parts)}


def _words(words: Sequence[str], columns: str) -> list[str]:
    return [f'{columns} : "{word}"' for word in words[:-1]] + [f'{columns} : "{words[-1]}"{_last(words, " *")}']


def _tsquery(table: str, words: Sequence[str], internal: bool, scopes: Sequence[str]) -> tuple[str, dict[str, str]]:
    parts = [f"'{word}'" for word in words[:-1]] + [f"'{words[-1]}'{_last(words, ':*')}"]
    if scopes:
        parts.append("(" + " | ".join(f"'{scope}'" for scope in scopes) + ")")
    column = "(public || internal)" if internal else "public"
    return f"SELECT id FROM {table} WHERE {column} @@ CAST(:fulltext AS tsquery)", {"fulltext": " & ".join(parts)}


SQLITE_DDL = ("CREATE VIRTUAL TABLE {table} USING fts5(public, internal, detail=column, prefix='2 3', tokenize='ascii')",)
POSTGRESQL_DDL = (
    "CREATE TABLE {table} (id BIGINT PRIMARY KEY, public TSVECTOR NOT NULL, internal TSVECTOR NOT NULL)",
    "CREATE INDEX ix_{table}_public ON {table} USING gin(public)",
    "CREATE INDEX ix_{table}_all ON {table} USING gin((public || internal))",
)
