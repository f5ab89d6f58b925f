"""Writing the knowledge base: an article and its index in one transaction, and the documents that go with it."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import ColumnElement, select

from core import files, fulltext
from core.access import Permission
from core.audit import Action
from core.errors import Conflict, FileRefused, Invalid, NotFound
from core.fulltext import fold
from core.i18n import _
from core.knowledge import markdown
from core.knowledge.models import Article, ArticleCategory, ArticleFile, Visibility
from core.knowledge.queries import visible_articles
from core.work import Work

# Where the shelves that everybody has stand; the others lie between them by name.
_POSITIONS = {"guias": 10, "preguntas frecuentes": 20, "documentos y formatos": 30, "informacion interna": 900}
LIMITS = {"title": 200, "summary": 400, "category": 80, "body": markdown.MAX_BODY}


@dataclass(frozen=True, slots=True)
class ArticleData:
    """An article as a form or a file gives it.

    `category`: name of its shelf, made when missing. `visibility`: code. `slug`: which article to change (empty: a new
    one). `source_key`: the file it comes from; the article of that file is changed.
    """

    title: str
    body: str
    category: str
    visibility: str = Visibility.DRAFT.value
    summary: str = ""
    pinned: bool = False
    slug: str = ""
    source_key: str | None = None


@dataclass(frozen=True, slots=True)
class Stored:
    """What came of storing an article; `new` and `changed` are both false when it was there already, word by word."""

    slug: str
    new: bool
    changed: bool


def save_article(work: Work, data: ArticleData, version: int | None = None, key: str | None = None) -> str:
    """Create or change an article and index it; gives its slug. The same `key` again saves nothing twice.

    Raises Forbidden, Invalid with a sentence per field, NotFound, Conflict when it is no longer at `version`.
    """
    work.require(Permission.EDIT_ARTICLES)
    if (known := work.once(key)) is not None:
        return str(known["slug"])
    slug = store_article(work, data, version).slug
    work.remember(key, {"slug": slug})
    return slug


def store_article(work: Work, data: ArticleData, version: int | None = None) -> Stored:
    """As `save_article`, telling whether anything changed (importers count it)."""
    work.require(Permission.EDIT_ARTICLES)
    wanted = _checked(data)
    found = _find(work, data)
    if found is not None and version is not None and found.version != version:
        raise Conflict()
    wanted["category_id"] = _shelf(work, data.category.strip())
    if found is not None and all(getattr(found, name) == value for name, value in wanted.items()):
        return Stored(found.slug, new=False, changed=False)
    return _put(work, found, wanted, data)


def _checked(data: ArticleData) -> dict[str, Any]:
    """The columns of an article. Raises Invalid."""
    wrong = {name: _("The text is longer than {limit} characters.").format(limit=limit)
             for name, limit in LIMITS.items() if len(getattr(data, name)) > limit}
    missing = {"title": _("Write the title of the article."), "category": _("Choose the shelf of the article."),
               "body": _("Write the text of the article.")}
    wrong |= {name: sentence for name, sentence in missing.items() if not getattr(data, name).strip()}
    if data.visibility not in set(Visibility):
        wrong["visibility"] = _("Choose who reads the article: public, internal or draft.")
    if wrong:
        raise Invalid(wrong)
    texts = {name: getattr(data, name).replace("\x00", "").strip() for name in ("title", "summary", "body")}
    texts |= {name: " ".join(texts[name].split()) for name in ("title", "summary")}
    return {**texts, "visibility": Visibility(data.visibility), "pinned": bool(data.pinned)}


def _find(work: Work, data: ArticleData) -> Article | None:
    if data.source_key is not None:
        return _one(work, Article.source_key == data.source_key[:200])
    if not data.slug:
        return None
    found = _one(work, Article.slug == data.slug)
    if found is None:
        raise NotFound()
    return found


def _one(work: Work, condition: ColumnElement[bool]) -> Article | None:
    found: Article | None = work.session.scalar(visible_articles(work).where(condition))
    return found


def _put(work: Work, found: Article | None, wanted: dict[str, Any], data: ArticleData) -> Stored:
    new = found is None
    article = found or Article(slug=_free_slug(work, data.title), source_key=data.source_key, created_at=work.now,
                               author_name=work.actor.name)
    before = None if new else {"title": article.title, "visibility": article.visibility.value}
    for name, value in wanted.items():
        setattr(article, name, value)
    article.updated_at = work.now
    work.session.add(article)
    work.session.flush()
    index(work, article, data.category)
    work.record(Action.ARTICLE_SAVED, object_kind="article", object_id=article.id, before=before,
                after={"title": article.title, "visibility": article.visibility.value})
    return Stored(article.slug, new=new, changed=not new)


def _shelf(work: Work, name: str) -> int:
    """Id of a shelf by name (case and accents ignored), made when missing."""
    rows = work.session.execute(select(ArticleCategory.id, ArticleCategory.name)).all()
    for number, known in rows:
        if fold(known) == fold(name):
            return int(number)
    shelf = ArticleCategory(name=" ".join(name.split()), position=_POSITIONS.get(fold(name), 100))
    work.session.add(shelf)
    work.session.flush()
    return shelf.id


def _free_slug(work: Work, title: str) -> str:
    base = re.sub(r"[^a-z0-9]+", "-", fold(title)).strip("-")[:100] or "articulo"
    taken = set(work.session.scalars(select(Article.slug).where(Article.slug.startswith(base, autoescape=True))))
    number = 1
    while (slug := base if number == 1 else f"{base}-{number}") in taken:
        number += 1
    return slug


def index(work: Work, article: Article, category: str) -> None:
    """Index an article: only what is public may be found by everybody."""
    text = fulltext.document([article.title, article.summary, category, markdown.text_of(article.body)])
    public = article.visibility is Visibility.PUBLIC
    fulltext.write(work.session, "article_text", article.id, text if public else "", "" if public else text)


def attach_file(work: Work, slug: str, name: str, content: bytes) -> str:
    """Add a document or form to an article; gives its id. The same name and content again is the same document.

    A document of the same name is replaced. Raises Forbidden, NotFound, FileRefused.
    """
    work.require(Permission.EDIT_ARTICLES)
    article = _one(work, Article.slug == slug)
    if article is None:
        raise NotFound()
    label = files.check(name, content)
    present = {file.name: file for file in work.session.scalars(select(ArticleFile).where(ArticleFile.article_id == article.id))}
    if len(present) >= files.MAX_FILES and label not in present:
        raise FileRefused(_("At most {limit} files can be attached at once. None was attached.").format(limit=files.MAX_FILES))
    known = present.get(label)
    if known is not None and known.size == len(content) and files.path(known.id).is_file() and files.read(known.id) == content:
        return known.id
    return _attach(work, article, known, label, content)


def _attach(work: Work, article: Article, old: ArticleFile | None, label: str, content: bytes) -> str:
    if old is not None:
        work.session.delete(old)
    stored = files.store(label, content)
    work.session.add(ArticleFile(article_id=article.id, created_at=work.now,
                                 **{each.name: getattr(stored, each.name) for each in fields(stored)}))
    work.record(Action.ARTICLE_SAVED, object_kind="article", object_id=article.id, after={"file": stored.name})
    return stored.id
