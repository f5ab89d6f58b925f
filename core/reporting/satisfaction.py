"""Satisfaction: how many answered the survey, how many were satisfied, and the answers themselves.

Over all tickets it is read from `survey_months`; within a category, owner or station from the answers, with the same result.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pandas as pd
from sqlalchemy import ColumnElement, Select, bindparam, func, select

from core.access import Permission
from core.accounts.models import User
from core.config import get_settings
from core.directory.models import Category
from core.i18n import _, formats
from core.reporting.numbers import OverviewFilters
from core.reporting.periods import TREND_MONTHS, Period, month_number, months_between, shift
from core.rollups import SurveyMonth
from core.tickets import ratings
from core.tickets.models import Ticket, TicketRating, TicketSurvey
from core.tickets.ratings import ANSWERED, SENT, Amounts
from core.tickets.scope import visible_tickets
from core.work import Work

SIZE = 25
COLUMNS = ("at", "score", "comment", "number", "subject", "requester", "category", "owner")
# Built once, like those of `rolled`.
_SUMS = [getattr(SurveyMonth, name) for name in ("sent", "answered", *(f"score_{score}" for score in range(1, 6)))]
_MONTHS = select(SurveyMonth.month, *_SUMS).where(SurveyMonth.dimension == "all", SurveyMonth.month >= bindparam("since"))
_GROUPS = (select(SurveyMonth.dimension, SurveyMonth.key, *(func.sum(each) for each in _SUMS))
           .where(SurveyMonth.dimension.in_(("category", "owner")),
                  SurveyMonth.month.between(bindparam("first"), bindparam("last")))
           .group_by(SurveyMonth.dimension, SurveyMonth.key))
_CATEGORIES = select(Category.id, Category.path).where(Category.id.in_(bindparam("ids", expanding=True)))
_PEOPLE = select(User.id, User.name).where(User.id.in_(bindparam("ids", expanding=True)))


@dataclass(frozen=True, slots=True)
class Score:
    """Surveys sent, those of them that were answered, and all answers by score (the first one: 1)."""

    sent: int = 0
    answered: int = 0
    scores: tuple[int, ...] = (0, 0, 0, 0, 0)

    @property
    def n(self) -> int:
        """Answers."""
        return sum(self.scores)

    @property
    def satisfied(self) -> int:
        """Answers of 4 or 5."""
        return sum(self.scores[score - 1] for score in ratings.SATISFIED)

    @property
    def csat(self) -> float | None:
        """Share of satisfied answers; None without any."""
        return self.satisfied / self.n if self.n else None

    @property
    def response(self) -> float | None:
        """Share of surveys that were answered; None when none was sent."""
        return self.answered / self.sent if self.sent else None


@dataclass(frozen=True, slots=True)
class Group:
    """Satisfaction of one owner or category; `key` is the id as text, '' for nobody."""

    key: str
    name: str
    score: Score


@dataclass(frozen=True, slots=True)
class Satisfaction:
    """Of the period, of each month of the trend (`202611`), by owner and by category (the most answers first)."""

    whole: Score
    months: tuple[tuple[int, Score], ...]
    by_owner: tuple[Group, ...]
    by_category: tuple[Group, ...]

    @property
    def empty(self) -> bool:
        """Whether nobody was asked and nobody answered, in the period and in the trend."""
        return not any(score.sent or score.n for score in (self.whole, *(score for _month, score in self.months)))


def satisfaction(work: Work, filters: OverviewFilters) -> Satisfaction:
    """What customers said. Raises Forbidden."""
    work.require(Permission.VIEW_DASHBOARD)
    today = formats.number_day(work.today)
    trend = months_between(month_number(shift(today, 1 - TREND_MONTHS)), month_number(today))
    span = range(month_number(filters.period.first), month_number(filters.period.last) + 1)
    since = min(trend[0], span[0])
    found = _Found()
    if filters.rollup == ("all", ""):
        _rolled(work, found, since, span)
    else:
        _counted(work, found, filters, since, span)
    return Satisfaction(_score(amounts for month, amounts in found.months.items() if month in span),
                        tuple((month, _score([found.months[month]] if month in found.months else [])) for month in trend),
                        _named(work, found.groups["owner"], _PEOPLE), _named(work, found.groups["category"], _CATEGORIES))


@dataclass(slots=True)
class _Found:
    months: dict[int, Amounts] = field(default_factory=dict)
    groups: dict[str, dict[str, Amounts]] = field(default_factory=lambda: {"owner": {}, "category": {}})


def _score(several: Any) -> Score:
    sums = [sum(column) for column in zip(*several, strict=True)] or [0] * 7
    return Score(sums[0], sums[1], tuple(sums[2:]))


def _rolled(work: Work, found: _Found, since: int, span: range) -> None:
    for month, *amounts in work.session.execute(_MONTHS, {"since": since}):
        found.months[month] = tuple(amounts)
    for dimension, key, *amounts in work.session.execute(_GROUPS, {"first": span[0], "last": span[-1]}):
        found.groups[dimension][key] = tuple(map(int, amounts))  # type: ignore[assignment]


def _counted(work: Work, found: _Found, filters: OverviewFilters, since: int, span: range) -> None:
    begin = _instant(date(since // 100, since % 100, 1))
    rated, asked = _rated(work, filters), _asked(work, filters)
    rows = [ratings.contributions(at, category, owner, ratings.of_score(score)) for at, score, category, owner in
            work.session.execute(rated.where(TicketRating.at >= begin))]
    for at, category, owner, answer in work.session.execute(asked.where(TicketSurvey.asked_at >= begin)):
        rows.append(ratings.contributions(at, category, owner, SENT))
        if answer is not None:
            rows.append(ratings.contributions(at, category, owner, ANSWERED))
    for (dimension, month, key), amounts in ratings.summed(rows).items():
        if dimension == "all":
            found.months[month] = amounts
        elif month in span:
            before = found.groups[dimension].get(key, (0,) * 7)
            found.groups[dimension][key] = tuple(map(sum, zip(before, amounts, strict=True)))  # type: ignore[assignment]


def _rated(work: Work, filters: OverviewFilters) -> Select[Any]:
    statement = visible_tickets(work).select(TicketRating.at, TicketRating.score, TicketRating.category_id, TicketRating.owner_id)
    return statement.join(TicketRating, TicketRating.ticket_id == Ticket.id).where(*_limits(TicketRating, filters))


def _asked(work: Work, filters: OverviewFilters) -> Select[Any]:
    statement = visible_tickets(work).select(TicketSurvey.asked_at, TicketSurvey.category_id, TicketSurvey.owner_id,
                                             TicketRating.ticket_id)
    return (statement.join(TicketSurvey, TicketSurvey.ticket_id == Ticket.id)
            .outerjoin(TicketRating, TicketRating.ticket_id == Ticket.id)
            .where(TicketSurvey.sent, *_limits(TicketSurvey, filters)))


def _limits(table: type[TicketRating | TicketSurvey], filters: OverviewFilters) -> list[ColumnElement[bool]]:
    """Satisfaction belongs to the category and owner of its day; the station is the ticket's."""
    found: list[ColumnElement[bool]] = []
    if filters.category_id is not None:
        found.append(table.category_id == filters.category_id)
    if filters.owner_id is not None:
        found.append(table.owner_id == filters.owner_id if filters.owner_id else table.owner_id.is_(None))
    if filters.station_id is not None:
        found.append(Ticket.station_id == filters.station_id)
    return found


def _named(work: Work, groups: dict[str, Amounts], names: Select[int, str]) -> tuple[Group, ...]:
    known: dict[int, str] = dict(iter(work.session.execute(names, {"ids": [int(key) for key in groups if key]})))
    found = [Group(key, known[int(key)] if key else _("Unassigned"), _score([amounts])) for key, amounts in groups.items()
             if any(amounts)]
    return tuple(sorted(found, key=lambda each: (-each.score.n, -each.score.sent, each.name)))


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer as it is listed: who, when, what they said, about which ticket."""

    at: datetime
    score: int
    comment: str
    number: int
    subject: str
    requester: str
    category: str
    owner: str


@dataclass(frozen=True, slots=True)
class AnswerPage:
    """A page of answers, the newest first."""

    rows: tuple[Answer, ...]
    total: int
    page: int
    pages: int


def answers(work: Work, filters: OverviewFilters, scores: tuple[int, ...] = (), page: int = 1) -> AnswerPage:
    """Answers given in the period, of these scores (() for all), SIZE a page. Raises Forbidden."""
    statement = _listed(work, filters, scores)
    total = work.session.scalar(select(func.count()).select_from(statement.order_by(None).subquery())) or 0
    pages = max(1, -(-total // SIZE))
    shown = min(max(1, page), pages)
    rows = work.session.execute(statement.offset((shown - 1) * SIZE).limit(SIZE))
    return AnswerPage(tuple(Answer(*row) for row in rows), total, shown, pages)


def answers_frame(work: Work, filters: OverviewFilters, scores: tuple[int, ...] = ()) -> pd.DataFrame:
    """All of them, for an export; columns of COLUMNS, `at` aware UTC. Raises Forbidden."""
    work.require(Permission.EXPORT)
    frame = pd.DataFrame([tuple(row) for row in work.session.execute(_listed(work, filters, scores))], columns=list(COLUMNS))
    frame["at"] = pd.to_datetime(frame["at"], utc=True)
    return frame


def _listed(work: Work, filters: OverviewFilters, scores: tuple[int, ...]) -> Select[Any]:
    work.require(Permission.VIEW_DASHBOARD)
    statement = (visible_tickets(work).select(
        TicketRating.at, TicketRating.score, TicketRating.comment, Ticket.number, Ticket.subject, Ticket.requester_name,
        Category.path, func.coalesce(User.name, ""))
        .join(TicketRating, TicketRating.ticket_id == Ticket.id).join(Category, Category.id == TicketRating.category_id)
        .outerjoin(User, User.id == TicketRating.owner_id).where(*_within(filters.period), *_limits(TicketRating, filters)))
    if scores:
        statement = statement.where(TicketRating.score.in_(scores))
    return statement.order_by(TicketRating.at.desc(), Ticket.number.desc())


def _within(period: Period) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return TicketRating.at >= _instant(period.first), TicketRating.at < _instant(period.last + timedelta(days=1))


def _instant(day: date) -> datetime:
    return datetime.combine(day, time(), get_settings().zone).astimezone(UTC)
