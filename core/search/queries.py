"""One search over tickets and articles, each through the scope that its lists have; accents and inflection are ignored."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, text

from core import fulltext
from core.access import Permission
from core.config import get_settings
from core.db import is_sqlite
from core.directory import queries as directory
from core.knowledge import markdown
from core.knowledge import queries as knowledge
from core.knowledge.models import Article
from core.search.excerpts import Excerpt, excerpt, find
from core.tickets import paging, phrases
from core.tickets.filters import Filters
from core.tickets.lifecycle import PUBLIC
from core.tickets.models import Ticket, TicketMessage
from core.tickets.scope import scope_tokens, text_condition, visible_tickets
from core.work import Work

CAP = 10_000
MAX_QUERY = 200
_NUMBER = re.compile(r"\s*(?:#|n[oº]\.?\s*|tickets?\s*(?:#|n[oº]\.?)?\s*)?(\d{1,15})\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class TicketHit:
    """A ticket that was found. Codes as str; `exact`: its number is what was typed."""

    number: int
    subject: str
    status: str
    priority: str
    destination: str
    calls: int
    station_code: str
    short_name: str
    requester_name: str
    category_path: str
    owner_name: str
    created_at: datetime
    excerpt: Excerpt
    exact: bool = False


@dataclass(frozen=True, slots=True)
class ArticleHit:
    """An article that was found."""

    slug: str
    title: str
    shelf: str
    visibility: str
    updated_at: datetime
    excerpt: Excerpt


@dataclass(frozen=True, slots=True)
class Results:
    """What a search gave: the first hits of each kind and how many there are. `capped`: more tickets than `ticket_total`.

    `listed`: the filters under which the grid lists the same tickets.
    """

    query: str
    tickets: list[TicketHit]
    articles: list[ArticleHit]
    ticket_total: int
    article_total: int
    capped: bool
    listed: Filters

    @property
    def total(self) -> int:
        """Hits of both kinds."""
        return self.ticket_total + self.article_total


def search(work: Work, text: str, limit: int = 50) -> Results:
    """Tickets newest first, one whose number was typed before all others; articles with the words in the title first.

    All words must occur, small ones apart; the last may be a beginning. An empty search finds nothing. Raises Forbidden.
    """
    work.require(Permission.SEARCH)
    query = " ".join(text.replace("\x00", " ")[:MAX_QUERY].split())
    tickets, ticket_total, capped, listed = _tickets(work, query, limit)
    articles, article_total = _articles(work, query, limit)
    return Results(query, tickets, articles, ticket_total, article_total, capped, listed)


def _tickets(work: Work, query: str, limit: int) -> tuple[list[TicketHit], int, bool, Filters]:
    exact = _by_number(work, query)
    ids, total = _ticket_ids(work, query, limit)
    listed = Filters(text=query)
    if not total and (meant := _meant(work, query)) is not None:
        listed = meant
        found = paging.found(work, meant, "number", True, 1, limit)
        ids, total = found.ids, found.total + found.capped
    if exact is not None:
        ids = [exact, *(number for number in ids if number != exact)][:limit]
    hits = _ticket_hits(work, ids, query, exact)
    return hits, min(max(total, len(hits)), CAP), total > CAP, listed


def _by_number(work: Work, query: str) -> int | None:
    typed = _NUMBER.fullmatch(query)
    if typed is None:
        return None
    found = work.session.scalar(visible_tickets(work).select(Ticket.id).where(Ticket.number == int(typed[1])))
    return None if found is None else int(found)


def _meant(work: Work, query: str) -> Filters | None:
    """Words that stand in no text but name tickets all the same ("resueltos", "críticos de ayer"), or a station's telephone."""
    filters, rest = phrases.meant(query, work.now.astimezone(get_settings().zone).date())
    if not work.actor.is_staff:
        filters = filters.for_customer()
    if not rest and not filters.empty:
        return filters
    dialled = work.actor.is_staff and sum(sign.isdigit() for sign in query) >= 10
    station = directory.station_by_phone(work, query) if dialled else None
    return None if station is None else Filters(station_id=(station.id,))


def _ticket_ids(work: Work, query: str, limit: int) -> tuple[list[int], int]:
    """Ids newest first and how many there are (CAP + 1 when more)."""
    visible = visible_tickets(work)
    if visible.unlimited:
        numbers, total = _from_index(work, query, limit)
        found = visible.select(Ticket.id).where(Ticket.number.in_(numbers)).order_by(Ticket.number.desc())
        return list(work.session.scalars(found)), total
    matching = visible.select(Ticket.id).where(text_condition(work, query))
    total = work.session.scalar(select(func.count()).select_from(matching.limit(CAP + 1).subquery())) or 0
    return list(work.session.scalars(matching.order_by(Ticket.number.desc()).limit(limit))), total


def _from_index(work: Work, query: str, limit: int) -> tuple[list[int], int]:
    """Numbers from the index alone, walked from its newest end: a common word costs no more than a rare one."""
    match = fulltext.match_ids("ticket_text", query, sqlite=is_sqlite(work.session), internal=True, scopes=scope_tokens(work))
    if match is None:
        return [], 0
    sql, parameters = match
    newest = "rowid" if is_sqlite(work.session) else "id"
    ids = work.session.scalars(text(f"{sql} ORDER BY {newest} DESC LIMIT :most"), {**parameters, "most": limit}).all()
    total = work.session.scalar(text(f"SELECT count(*) FROM ({sql} LIMIT :most) AS found"), {**parameters, "most": CAP + 1})
    return list(ids), total or 0


_HIT = (Ticket.number, Ticket.subject, Ticket.status, Ticket.priority, Ticket.destination, Ticket.calls, Ticket.station_code,
        Ticket.short_name, Ticket.requester_name, Ticket.category_path, Ticket.owner_name, Ticket.created_at)


def _ticket_hits(work: Work, ids: Sequence[int], query: str, exact: int | None) -> list[TicketHit]:
    statement = visible_tickets(work).select(Ticket.id, Ticket.description, *_HIT).where(Ticket.id.in_(ids))
    rows = work.session.execute(statement).all()
    said = _conversations(work, [row[0] for row in rows if find(row[1], fulltext.terms(query)) is None])
    hits = []
    for row in sorted(rows, key=lambda row: (row[0] != exact, -row[2])):
        values = {column.key: value for column, value in zip(_HIT, row[2:], strict=True)}
        values |= {"status": values["status"].value, "priority": values["priority"].value}
        if not work.actor.is_staff:  # as in the list: how the desk works is not theirs to know
            values |= {"owner_name": "", "calls": 0}
        found = excerpt([row[1], *said.get(row[0], ())], query)
        hits.append(TicketHit(**values, excerpt=found, exact=row[0] == exact))
    return hits


def _conversations(work: Work, ids: Sequence[int]) -> dict[int, list[str]]:
    """What was said on tickets (staff: notes too), for the excerpts."""
    statement = select(TicketMessage.ticket_id, TicketMessage.body).join(Ticket).where(
        visible_tickets(work).where, Ticket.id.in_(ids)).order_by(TicketMessage.id)
    if not work.actor.is_staff:
        statement = statement.where(TicketMessage.kind.in_(PUBLIC))
    said: dict[int, list[str]] = {}
    for ticket_id, body in work.session.execute(statement):
        said.setdefault(ticket_id, []).append(body)
    return said


def _articles(work: Work, query: str, limit: int) -> tuple[list[ArticleHit], int]:
    match = fulltext.match_ids("article_text", query, sqlite=is_sqlite(work.session), internal=work.actor.is_staff)
    if match is None:
        return [], 0
    sql, parameters = match
    matching = text(sql).bindparams(**parameters).columns(Article.id)
    rows = work.session.execute(knowledge.visible_articles(work, Article.id, Article.title).where(Article.id.in_(matching))
                                .order_by(Article.updated_at.desc(), Article.id.desc())).all()
    terms = fulltext.terms(query)
    best = [row[0] for row in sorted(rows, key=lambda row: -_in_title(row[1], terms))[:limit]]
    cards = knowledge.cards(work, best)
    texts = work.session.execute(knowledge.visible_articles(work, Article.id, Article.body).where(Article.id.in_(best)))
    bodies: dict[int, str] = {number: body for number, body in texts}  # noqa: C416  # a result has the method keys()
    return [_article_hit(cards[number], bodies[number], query) for number in best], len(rows)


def _in_title(title: str, terms: Sequence[str]) -> int:
    """How many of the words the title has."""
    return sum(find(title, [term]) is not None for term in terms)


def _article_hit(card: knowledge.ArticleCard, body: str, query: str) -> ArticleHit:
    return ArticleHit(card.slug, card.title, card.shelf, card.visibility, card.updated_at,
                      excerpt([card.summary, markdown.text_of(body)], query))


def as_json(results: Results) -> dict[str, Any]:
    """What `search` prints on the command line: the hits of the page, with the names of the ticket list."""
    tickets = [{"number": hit.number, "status": hit.status, "destination": hit.destination, "calls": hit.calls,
                "station": hit.station_code, "short_name": hit.short_name, "requester": hit.requester_name,
                "category": hit.category_path, "owner": hit.owner_name, "priority": hit.priority, "subject": hit.subject,
                "excerpt": hit.excerpt.text} for hit in results.tickets]
    articles = [{"slug": hit.slug, "title": hit.title, "category": hit.shelf, "visibility": hit.visibility,
                 "excerpt": hit.excerpt.text} for hit in results.articles]
    return {"tickets": tickets, "articles": articles}
