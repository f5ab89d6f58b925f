"""Reading the knowledge base. `visible_articles` is beneath every list, count, search, single read and file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select

from core.access import Permission
from core.errors import NotFound
from core.fulltext import fold
from core.knowledge.models import Article, ArticleCategory, ArticleFile, Visibility
from core.work import Work

# Shelves that have a place of their own on the portal, by their folded names.
FAQ_NAMES = ("preguntas frecuentes", "faq", "frequently asked questions")
_READERS = {Visibility.PUBLIC: Permission.READ_PUBLIC_ARTICLES, Visibility.INTERNAL: Permission.READ_INTERNAL_ARTICLES,
            Visibility.DRAFT: Permission.EDIT_ARTICLES}


@dataclass(frozen=True, slots=True)
class Shelf:
    """A category with what the actor finds in it."""

    id: int
    name: str
    count: int

    @property
    def is_faq(self) -> bool:
        """Whether this is the shelf of frequent questions."""
        return fold(self.name) in FAQ_NAMES


@dataclass(frozen=True, slots=True)
class ArticleCard:
    """An article in a list. `visibility` is a code."""

    id: int
    slug: str
    title: str
    summary: str
    shelf_id: int
    shelf: str
    visibility: str
    pinned: bool
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Document:
    """A file to download at `files/<id>`, with the article it belongs to. `size` in bytes."""

    id: str
    name: str
    size: int
    slug: str
    title: str


@dataclass(frozen=True, slots=True)
class ArticleDetail:
    """An article to read. `body` is Markdown as its author wrote it: show it through `core.knowledge.markdown.safe`."""

    card: ArticleCard
    body: str
    author_name: str
    created_at: datetime
    version: int
    files: tuple[Document, ...]


def visible_articles(work: Work, *columns: Any) -> Select[Any]:
    """The beginning of every select of articles: those whose visibility the actor's role may read."""
    readable = [kind for kind, permission in _READERS.items() if work.actor.may(permission)]
    return (select(*columns or (Article,)).select_from(Article)
            .join(ArticleCategory, ArticleCategory.id == Article.category_id).where(Article.visibility.in_(readable)))


_CARD = (Article.id, Article.slug, Article.title, Article.summary, ArticleCategory.id, ArticleCategory.name,
         Article.visibility, Article.pinned, Article.updated_at)


def _card(row: Sequence[Any]) -> ArticleCard:
    number, slug, title, summary, shelf_id, shelf, visibility, is_pinned, updated_at = row[:9]
    return ArticleCard(number, slug, title, summary, shelf_id, shelf, visibility.value, is_pinned, updated_at)


def shelves(work: Work) -> list[Shelf]:
    """Shelves that hold something for the actor, in the desk's order."""
    rows = work.session.execute(
        visible_articles(work, ArticleCategory.id, ArticleCategory.name, func.count())
        .group_by(ArticleCategory.id, ArticleCategory.name, ArticleCategory.position)
        .order_by(ArticleCategory.position, ArticleCategory.name))
    return [Shelf(*row) for row in rows]


def articles(work: Work, shelf_id: int | None = None, limit: int = 500) -> list[ArticleCard]:
    """Articles of a shelf (or of all) in reading order: shelf, pinned first, title."""
    statement = visible_articles(work, *_CARD)
    if shelf_id is not None:
        statement = statement.where(ArticleCategory.id == shelf_id)
    rows = work.session.execute(statement.order_by(ArticleCategory.position, ArticleCategory.name, Article.pinned.desc(),
                                                   Article.title).limit(limit))
    return [_card(row) for row in rows]


def first_of_shelves(work: Work, count: int) -> dict[int, list[ArticleCard]]:
    """The first articles of every shelf, at most `count` each, by shelf id."""
    place = func.row_number().over(partition_by=Article.category_id, order_by=(Article.pinned.desc(), Article.title))
    numbered = visible_articles(work, Article.id, place.label("place")).subquery()
    found = cards(work, list(work.session.scalars(select(numbered.c.id).where(numbered.c.place <= count))))
    shelved: dict[int, list[ArticleCard]] = {}
    for card in sorted(found.values(), key=lambda card: (not card.pinned, fold(card.title))):
        shelved.setdefault(card.shelf_id, []).append(card)
    return shelved


def pinned(work: Work, limit: int = 5) -> list[ArticleCard]:
    """Articles that are to be met first: the quick guide."""
    rows = work.session.execute(visible_articles(work, *_CARD).where(Article.pinned).order_by(
        ArticleCategory.position, Article.title).limit(limit))
    return [_card(row) for row in rows]


def cards(work: Work, ids: Iterable[int]) -> dict[int, ArticleCard]:
    """The articles of these ids that the actor may read."""
    rows = work.session.execute(visible_articles(work, *_CARD).where(Article.id.in_(list(ids))))
    return {row[0]: _card(row) for row in rows}


def article(work: Work, slug: str) -> ArticleDetail:
    """One article. Raises NotFound, the same for one that is not for the actor and one that does not exist."""
    row = work.session.execute(visible_articles(work, *_CARD, Article.body, Article.author_name, Article.created_at,
                                                Article.version).where(Article.slug == slug)).first()
    if row is None:
        raise NotFound()
    body, author, created_at, version = row[9:]
    return ArticleDetail(_card(row), body, author, created_at, version, tuple(documents(work, article_id=row[0])))


def documents(work: Work, article_id: int | None = None, limit: int = 200) -> list[Document]:
    """Documents and forms of the articles the actor may read (or of one of them), by name."""
    statement = visible_articles(work, ArticleFile.id, ArticleFile.name, ArticleFile.size, Article.slug, Article.title).join(
        ArticleFile, ArticleFile.article_id == Article.id)
    if article_id is not None:
        statement = statement.where(Article.id == article_id)
    return [Document(*row) for row in work.session.execute(statement.order_by(ArticleFile.name, ArticleFile.id).limit(limit))]


def file_for(work: Work, file_id: str) -> tuple[str, str]:
    """(name, stored id) of a document the actor may fetch. Raises NotFound for all others."""
    row = work.session.execute(visible_articles(work, ArticleFile.name, ArticleFile.id).join(
        ArticleFile, ArticleFile.article_id == Article.id).where(ArticleFile.id == file_id)).first()
    if row is None:
        raise NotFound()
    return row[0], row[1]
