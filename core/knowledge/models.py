"""Tables of the knowledge base: categories, articles and their files."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.audit import BigId
from core.db import Base, Coded, Instant


class Visibility(StrEnum):
    """Who reads an article: everybody, staff, or nobody yet but its editors."""

    PUBLIC = "public"
    INTERNAL = "internal"
    DRAFT = "draft"


class ArticleCategory(Base):
    """A shelf of the knowledge base; `position` orders them on screen."""

    __tablename__ = "article_categories"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    position: Mapped[int] = mapped_column(Integer, default=100)


class Article(Base):
    """An article in Markdown. `source_key` is the file it was imported from, if it was."""

    __tablename__ = "articles"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    slug: Mapped[str] = mapped_column(String(120), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    summary: Mapped[str] = mapped_column(String(400), default="")
    body: Mapped[str] = mapped_column(Text)
    category_id: Mapped[int] = mapped_column(ForeignKey("article_categories.id"))
    visibility: Mapped[Visibility] = mapped_column(Coded(Visibility))
    pinned: Mapped[bool] = mapped_column(default=False)
    source_key: Mapped[str | None] = mapped_column(String(200), unique=True)
    author_name: Mapped[str] = mapped_column(String(120), default="")
    created_at: Mapped[datetime] = mapped_column(Instant)
    updated_at: Mapped[datetime] = mapped_column(Instant)
    version: Mapped[int] = mapped_column(Integer, default=1)

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (Index("ix_articles_category", "category_id", "visibility", "title"),)


class ArticleFile(Base):
    """A document or form to download with an article."""

    __tablename__ = "article_files"

    id: Mapped[str] = mapped_column(String(22), primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    size: Mapped[int] = mapped_column(Integer)
    sha256: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(Instant)
