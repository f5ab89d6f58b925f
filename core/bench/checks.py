"""Every answer that will be measured, against a scan that knows nothing of summaries and indexes."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import pandas as pd
from sqlalchemy import func, select, text

from core import fulltext
from core.bench import grid
from core.calls.rules import counting_rules
from core.config import get_settings
from core.errors import DeskError
from core.search import queries as searching
from core.tickets import contributions, store
from core.tickets.lifecycle import Status
from core.tickets.models import Ticket
from core.tickets.scope import conditions
from core.work import Work

_COLUMNS = {"all": "''", "priority": "priority", "category": "category_id", "owner": "owner_id", "type": "type",
            "station": "station_id"}
_CODES = {rank: status.value for rank, status in enumerate(Status, 1)}


class WrongAnswer(DeskError):
    """A figure or a list differs from what a scan gives."""

    code = "wrong_answer"


def check(work: Work) -> list[str]:
    """Compare all; gives what was compared. Raises WrongAnswer naming the first difference."""
    return [_counts(work), _days(work), check_service_times(work), check_satisfaction(work), *check_calls(work), _index(work),
            _search(work), *_grid(work)]


def check_calls(work: Work) -> list[str]:
    """The summaries of calls alone."""
    return [_calls(work, "call_months", "local_day / 100"), _calls(work, "call_hours", "local_day, local_hour"),
            _call_groups(work)]


def _same(what: str, held: Any, scanned: Any) -> str:
    if held != scanned:
        raise WrongAnswer(f"{what}: the answer differs from a scan")
    return what


def _rows(work: Work, sql: str) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in work.session.execute(text(sql))]


def _counts(work: Work) -> str:
    scanned = {(dimension, "" if key is None else str(key), status): n for dimension, column in _COLUMNS.items()
               for key, status, n in _rows(work, f"SELECT {column}, status, count(*) FROM tickets GROUP BY 1, 2")}
    held = {row[:3]: row[3] for row in _rows(work, "SELECT dimension, key, status, n FROM ticket_counts WHERE n <> 0")}
    return _same("ticket_counts", held, scanned)


def _day(seconds: pd.Series) -> pd.Series:
    local = pd.to_datetime(seconds, unit="s", utc=True).dt.tz_convert(get_settings().zone).dt
    return local.year * 10_000 + local.month * 100 + local.day


def _days(work: Work) -> str:
    columns = ", ".join(f"{column} AS \"{name}\"" for name, column in _COLUMNS.items())
    frame = pd.DataFrame(_rows(work, f"SELECT id, status, created_at, done_at, due_at, response_due_at, first_response_at, "
                                     f"{columns} FROM tickets"),
                         columns=["id", "state", "created_at", "done_at", "due_at", "promised", "answered", *_COLUMNS])
    moves = pd.DataFrame(_rows(work, "SELECT ticket_id, at, before, after FROM ticket_transitions"),
                         columns=["id", "at", "before", "after"])
    frame["day"] = _day(frame["created_at"])
    parts = [frame.assign(measure="created_" + frame["state"].map(_CODES), n=1)]
    done = frame[frame["state"] > 3]
    parts.append(done.assign(measure=done["state"].map({4: "attended", 5: "attended", 6: "cancelled"}),
                             day=_day(done["done_at"]), n=1))
    late = frame[frame["due_at"].notna() & (frame["done_at"].isna() | (frame["done_at"] > frame["due_at"]))]
    parts.append(late.assign(measure="late", day=_day(late["due_at"]), n=1))
    mended = late[late["done_at"].notna()]
    parts.append(mended.assign(measure="late", day=_day(mended["done_at"]), n=-1))
    parts += _promises(frame)
    moves["day"] = _day(moves["at"])
    for column, sign in (("before", -1), ("after", 1)):
        active = moves[moves[column].isin((1, 2, 3))]
        parts.append(active[["id"]].assign(measure="stock_" + active[column].map(_CODES), day=active["day"], n=sign)
                     .merge(frame[["id", *_COLUMNS]], on="id"))
    scanned: dict[tuple[Any, ...], int] = {}
    whole = pd.concat(parts)
    for dimension in contributions.DAY_DIMENSIONS:
        scanned |= _summed(whole, dimension)
    months = frame.assign(measure="created", day=frame["day"] // 100 * 100 + 1, n=1)
    for dimension in contributions.MONTH_DIMENSIONS:
        scanned |= _summed(months, dimension)
    held = {row[:4]: row[4] for row in _rows(work, "SELECT dimension, measure, day, key, n FROM ticket_days WHERE n <> 0")}
    return _same("ticket_days", held, scanned)


def check_service_times(work: Work) -> str:
    """`ticket_figures` from the transitions: of each month how many were resolved, and the sum of the times that it took."""
    moves = pd.DataFrame(_rows(work, "SELECT m.ticket_id, m.at, m.before, m.after, t.status, t.created_at "
                                     "FROM ticket_transitions m JOIN tickets t ON t.id = m.ticket_id ORDER BY m.ticket_id, m.id"),
                         columns=["id", "at", "before", "after", "state", "created"])
    solved = moves[moves["before"].isin((1, 2, 3)) & moves["after"].isin((4, 5)) & (moves["state"] != 6)].groupby("id").tail(1)
    follows = moves["at"].where(moves["id"] == moves["id"].shift(-1)).notna()
    waits = (moves["at"].shift(-1) - moves["at"])[follows & (moves["after"] == 3)].groupby(moves["id"]).sum()
    waited = solved["id"].map(waits).fillna(0).astype("int64")
    stands = solved["state"].isin((4, 5))
    took = (solved["at"] - solved["created"] - waited).where(stands, 0)
    scanned = {int(month): (len(each), int(each.sum())) for month, each in took.groupby(_day(solved["at"]) // 100)}
    held = {row[0]: row[1:] for row in _rows(work, "SELECT resolved_month, count(*), coalesce(sum(resolve_s), 0) "
                                                   "FROM ticket_figures WHERE resolved_month IS NOT NULL GROUP BY 1")}
    return _same("ticket_figures", held, scanned)


def check_satisfaction(work: Work) -> str:
    """`survey_months` from the surveys and ratings."""
    names = ["at", "category", "owner", "measure"]
    asked = pd.DataFrame(_rows(work, "SELECT s.asked_at, s.category_id, s.owner_id, 'sent' FROM ticket_surveys s WHERE s.sent "
                                     "UNION ALL SELECT s.asked_at, s.category_id, s.owner_id, 'answered' FROM ticket_surveys s "
                                     "JOIN ticket_ratings r ON r.ticket_id = s.ticket_id WHERE s.sent"), columns=names)
    said = pd.DataFrame(_rows(work, "SELECT at, category_id, owner_id, 'score_' || score FROM ticket_ratings"), columns=names)
    whole = pd.concat([asked, said]).assign(all="", n=1)
    whole["day"] = _day(whole["at"]) // 100 if len(whole) else 0
    scanned: dict[tuple[Any, ...], int] = {}
    for dimension in ("all", "category", "owner"):
        scanned |= _summed(whole, dimension)
    columns = ("sent", "answered", *(f"score_{score}" for score in range(1, 6)))
    held = {(row[0], measure, row[1], row[2]): n
            for row in _rows(work, f"SELECT dimension, month, key, {', '.join(columns)} FROM survey_months")
            for measure, n in zip(columns, row[3:], strict=True) if n}
    return _same("survey_months", held, scanned)


def _promises(frame: pd.DataFrame) -> list[pd.DataFrame]:
    """Attended tickets by their term, tickets with a first response by its term."""
    attended = frame[frame["state"].isin((4, 5)) & frame["due_at"].notna()]
    found = [attended.assign(day=_day(attended["done_at"]), n=1, measure=(attended["done_at"] <= attended["due_at"]).map(
        {True: "resolution_met", False: "resolution_missed"}))]
    answered = frame["answered"].astype("float64").fillna(frame["done_at"].astype("float64"))
    frame = frame.assign(answered=answered)
    promised = frame[(frame["state"] != 6) & frame["promised"].notna() & answered.notna()]
    found.append(promised.assign(n=1, measure=(promised["answered"] <= promised["promised"].astype("float64")).map(
        {True: "response_met", False: "response_missed"})))
    return found


def _summed(frame: pd.DataFrame, dimension: str) -> dict[tuple[Any, ...], int]:
    grouped = frame.groupby(["measure", "day", dimension], dropna=False)["n"].sum().reset_index()
    return {(dimension, measure, int(day), "" if pd.isna(key) or key == "" else str(int(key))): int(n)
            for measure, day, key, n in grouped.itertuples(index=False) if n}


def _calls(work: Work, table: str, key: str) -> str:
    within = counting_rules(work).service_s
    figures = (f"count(*), sum(CASE WHEN wait_s <= {within} THEN 1 ELSE 0 END), count(wait_s), coalesce(sum(wait_s), 0), "
               "count(talk_s), coalesce(sum(talk_s), 0)")
    scanned = sorted(_rows(work, f"SELECT {key}, outcome, {figures} FROM calls WHERE direction = 1 GROUP BY {key}, outcome"))
    return _same(table, sorted(_rows(work, f"SELECT * FROM {table}")), scanned)


_GROUPS = {"operator": "coalesce(operator, '')", "queue": "coalesce(queue, '')",
           "station": "coalesce(CAST(station_id AS VARCHAR(80)), '')",
           "wait": "CASE WHEN wait_s IS NULL THEN '' WHEN wait_s <= 10 THEN '10' WHEN wait_s <= 20 THEN '20' WHEN wait_s <= 30 "
                   "THEN '30' WHEN wait_s <= 60 THEN '60' WHEN wait_s <= 120 THEN '120' ELSE 'more' END"}


def _call_groups(work: Work) -> str:
    within = counting_rules(work).service_s
    figures = (f"count(*), sum(CASE WHEN wait_s <= {within} THEN 1 ELSE 0 END), count(wait_s), coalesce(sum(wait_s), 0), "
               "count(talk_s), coalesce(sum(talk_s), 0)")
    scanned: list[tuple[Any, ...]] = []
    for dimension, key in _GROUPS.items():
        for length in (1, 100, 10_000)[dimension == "station":]:  # days, months, years; stations have no days
            period = f"local_day / {length}"
            scanned += _rows(work, f"SELECT '{dimension}', {period}, {key}, outcome, {figures} FROM calls WHERE direction = 1 "
                                   f"GROUP BY {period}, {key}, outcome")
    return _same("call_groups", sorted(_rows(work, "SELECT * FROM call_groups WHERE n <> 0")), sorted(scanned))


def _index(work: Work) -> str:
    """The text index of some tickets is what the service would have written."""
    for ticket in work.session.scalars(select(Ticket).where(Ticket.number % 997 == 0)).all():
        said = [row[0] for row in _rows(work, f"SELECT body FROM ticket_messages WHERE ticket_id = {ticket.id}")]
        number, public, internal = store.texts(ticket, said, [])
        found = _rows(work, f"SELECT public, internal FROM ticket_text WHERE rowid = {number}")[0]
        _same(f"ticket_text {number}", [set(each.split()) for each in found], [set(public.split()), set(internal.split())])
    return "ticket_text"


@lru_cache(maxsize=200_000)
def _words(value: str) -> frozenset[str]:
    return frozenset(fulltext.tokens(value))


def _scan(work: Work, word: str) -> set[int]:
    stem = fulltext.stem(fulltext.fold(word))
    texts = ("subject", "description", "station_code", "short_name", "destination", "requester_name", "category_path",
             "owner_name", "requester_phone")
    found = {row[0] for row in _rows(work, f"SELECT number, {', '.join(texts)} FROM tickets")
             if any(part.startswith(stem) for value in row[1:] for part in _words(value or ""))}
    said = _rows(work, "SELECT number, body FROM ticket_messages JOIN tickets ON tickets.id = ticket_id")
    return found | {number for number, body in said if any(part.startswith(stem) for part in _words(body))}


def _search(work: Work) -> str:
    for word in (grid.COMMON_WORD, grid.RARE_WORD):
        scanned = _scan(work, word)
        for typed in (word, fulltext.fold(word), word.upper()):
            hits = searching.search(work, typed)
            newest = [hit.number for hit in hits.tickets]
            _same(f"search {typed}", newest, sorted(scanned, reverse=True)[:len(newest)])
            _same(f"search {typed}, total", hits.ticket_total, min(len(scanned), searching.CAP))
    return "search"


def _grid(work: Work) -> list[str]:
    for case in grid.cases():
        page = grid.page(work, case)
        where = conditions(work, case.filters)
        count = work.session.scalar(select(func.count()).select_from(Ticket).where(*where)) or 0
        _same(f"grid {case.name}, total", page.capped or page.total == count, True)
        _same(f"grid {case.name}, cap", page.capped and page.total >= count, False)
        first = page.rows["number"].tolist()
        column = getattr(Ticket, case.sort)
        order = (column, Ticket.number) if case.sort != "number" else (Ticket.number,)
        start = {"first": 0, "last": (page.pages - 1) * 50}.get(case.place, (max(1, page.total // 100) - 1) * 50)
        start = min(start, (page.pages - 1) * 50)
        plain = list(work.session.scalars(select(Ticket.number).where(*where).order_by(
            *(each.desc() if case.descending else each.asc() for each in order)).offset(start).limit(50)))
        _same(f"grid {case.name}, sorted by {case.sort}, {case.place} page", first, plain)
    return ["grid totals", "grid pages"]


__all__ = ["WrongAnswer", "check"]
