"""A desk whose every inner corner holds one word, and a customer who asks every question there is: the word comes nowhere.

Notes, tags, names of owners, links, staff's canned replies, internal articles, other companies' tickets, stations and
people all carry MARK. It must stand in no answer of a command, no refusal, no export and on no page.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from core.accounts import passwords
from core.calls import service as calls
from core.calls.counting import Outcome
from core.calls.service import NewCall
from core.errors import DeskError
from core.exchange import exports
from core.knowledge import service as knowledge
from core.knowledge.service import ArticleData
from core.search import queries as search
from core.tickets import canned, documenting, paging, queries, relations, service, tags, watching
from core.tickets.filters import Filters
from core.tickets.lifecycle import Channel
from tests.databases import Desk
from tests.factories import PDF, new_ticket
from tests.pages.opening import open_page
from tests.test_access import COMMANDS, RELATIONS

MARK = "SECRETO"
NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
CUSTOMERS = ("customer", "company_head", "neighbour")


@pytest.fixture
def poisoned(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """The cast with MARK in everything that is not for the customers of the north; `neighbour` is in copy of `own`."""
    monkeypatch.setattr(passwords, "ROUNDS", 4)
    cast = desk.cast
    own = cast.tickets["own"]
    desk.run("UPDATE users SET name = :m || ' ' || username, email = 's' || id || '@secreto.mx' WHERE role <> 5", m=MARK)
    desk.run("UPDATE users SET name = :m || ' ' || username WHERE username IN ('stranger', 'loner')", m=MARK)
    desk.run("UPDATE companies SET name = :m || name WHERE id = :c", m=MARK, c=cast.companies["south"])
    desk.run("UPDATE stations SET short_name = :m || id, search = 'secreto' WHERE id IN (:a, :b)", m=MARK,
             a=cast.stations["south"], b=cast.stations["independent"])
    with desk.begin("operator", NOW) as work:
        # What staff say to the customer bears their name, as it must; the rest of what they do is told of nobody.
        service.note(work, own, f"{MARK} nota", attachments=[(f"{MARK}.pdf", PDF)])
        tags.set_tags(work, own, [f"{MARK}-etiqueta"])
        service.assign(work, own, cast.users["second_agent"])
        watching.watch(work, own, cast.users["agent"])
        watching.watch(work, own, cast.users["neighbour"])
        inner = service.create(work, new_ticket(cast, station_id=cast.stations["south"], subject=f"{MARK} asunto",
                                                description=f"{MARK} terminal", requester_name=f"{MARK} Rosa"))
        relations.link(work, own, inner.number, "related")
        service.reply(work, inner.id, f"{MARK} respuesta", attachments=[(f"{MARK}2.pdf", PDF)])
        call = calls.record_call(work, NewCall(NOW - timedelta(hours=1), Outcome.ANSWERED, caller="442 100 2001"))
        documenting.document(work, call, "existing_ticket", cast.numbers["own"])
    with desk.begin("agent", NOW) as work:
        canned.save_canned(work, f"{MARK} saludo", f"{MARK} hola", shared=True)
        for visibility in ("internal", "draft"):
            text = f"{MARK} dispensario terminal"
            slug = knowledge.save_article(work, ArticleData(f"{MARK} {visibility}", text, f"{MARK} estante", visibility))
            knowledge.attach_file(work, slug, f"{MARK}.pdf", PDF)
    desk.run("UPDATE calls SET operator = :m WHERE ticket_id = :t", m=MARK, t=own)
    return desk


def spoken(value: Any) -> Iterator[str]:
    """Every text within an answer."""
    if isinstance(value, pd.DataFrame):
        yield from spoken(value.to_dict("records"))
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        for each in dataclasses.fields(value):
            yield from spoken(getattr(value, each.name))
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from spoken(key)
            yield from spoken(each)
    elif isinstance(value, list | tuple | set | frozenset):
        for each in value:
            yield from spoken(each)
    else:
        yield str(value)


def clean(value: Any) -> bool:
    return MARK.lower() not in " ".join(spoken(value)).lower()


def test_the_poison_is_there(poisoned: Desk) -> None:
    with poisoned.reading("analyst") as work:
        assert not clean(queries.page(work, Filters()).rows)
        assert not clean(queries.history(work, poisoned.cast.tickets["own"]))
        assert not clean(queries.conversation(work, poisoned.cast.tickets["own"]))
        assert not clean(search.search(work, "dispensario"))
        assert search.search(work, MARK).ticket_total > 1


@pytest.mark.sqlite_only
@pytest.mark.parametrize("name", [name for name, command in COMMANDS.items() if name != "calls.service.import_calls"])
def test_no_command_answers_a_customer_with_it(poisoned: Desk, name: str) -> None:
    command = COMMANDS[name]
    for who in CUSTOMERS:
        for relation in command.each or RELATIONS:
            try:
                with poisoned.begin(who, NOW + timedelta(hours=1)) as work:
                    answer = command.do(work, poisoned.cast, relation)
            except DeskError as refusal:
                answer = [str(refusal), getattr(refusal, "fields", {})]
            except KeyError:
                continue  # the table has nothing for this relation
            assert clean(answer), (who, relation, answer)


def test_who_files_is_not_told_whose_work_it_becomes(poisoned: Desk) -> None:
    asked = new_ticket(poisoned.cast, category_id=poisoned.cast.categories["collection"], channel=Channel.PORTAL)
    for _attempt in range(2):
        with poisoned.begin("customer", NOW) as work:
            assert clean(service.create(work, asked, key="once"))
    [(owner,)] = poisoned.rows("SELECT owner_name FROM tickets ORDER BY id DESC LIMIT 1")
    assert MARK in owner


@pytest.mark.parametrize("who", CUSTOMERS)
def test_nothing_is_found_or_counted_by_it(poisoned: Desk, who: str, tmp_path: Path) -> None:
    with poisoned.reading(who) as work:
        for typed in (MARK, "secret", f"{MARK}-etiqueta", f"{MARK} asunto", "zzperson", "zzcompany2zz", "secreto.mx"):
            found = search.search(work, typed)
            assert (found.total, found.tickets, found.articles) == (0, [], []), typed
            assert paging.total(work, Filters(text=typed)) == (0, False)
        for filters in (Filters(), Filters(tag=(MARK.lower(),)), Filters(owner_id=(poisoned.cast.users["agent"],)),
                        Filters(station_id=(poisoned.cast.stations["south"],)),
                        Filters(company_id=(poisoned.cast.companies["south"],)), Filters(watched=True), Filters(mine=True)):
            for sort in queries.SORTS:
                assert clean(queries.page(work, filters, sort).rows)
        for format in exports.FORMATS:
            path = tmp_path / f"t.{format}"
            exports.write_tickets(work, Filters(), format, path)
            assert MARK.encode() not in path.read_bytes()
        assert clean(pd.concat(queries.export_rows(work, Filters())))


def drawn(app: AppTest) -> str:
    """Everything that was sent to the browser, texts, labels, options and links alike."""
    parts = []
    for block in (app.main, app.sidebar):
        stack = list(block.children.values())
        while stack:
            node = stack.pop()
            stack += list(getattr(node, "children", {}).values())
            parts.append(str(getattr(node, "proto", "")))
    return "".join(parts)


PAGES = (("portal/home.py", {}), ("portal/my_tickets.py", {}), ("portal/my_tickets.py", {"asked": "1"}),
         ("portal/my_tickets.py", {"tag": "secreto-etiqueta", "owner_id": "1"}), ("portal/new_request.py", {}),
         ("desk/ticket.py", {"number": "1"}), ("desk/ticket.py", {"number": "3"}), ("desk/ticket.py", {"number": "5"}),
         ("desk/tickets.py", {}), ("desk/queues.py", {}), ("dashboard/overview.py", {}), ("admin/audit.py", {}),
         ("knowledge/articles.py", {}), ("knowledge/article.py", {"slug": "secreto-internal"}),
         ("knowledge/search.py", {"q": "terminal"}), ("knowledge/search.py", {"q": "dispensario"}), ("account/profile.py", {}))


@pytest.mark.sqlite_only
@pytest.mark.parametrize("who", CUSTOMERS)
@pytest.mark.parametrize(("file", "params"), PAGES, ids=[f"{file}?{params}" for file, params in PAGES])
def test_no_page_shows_it_to_a_customer(poisoned: Desk, who: str, file: str, params: dict[str, str]) -> None:
    app = open_page(poisoned, who, file, **params)
    sent = drawn(app)
    assert len(sent) > 200
    assert MARK.lower() not in sent.lower()


@pytest.mark.sqlite_only
def test_the_pages_of_staff_do_show_it(poisoned: Desk) -> None:
    for file, params in (("desk/ticket.py", {"number": "1"}), ("knowledge/search.py", {"q": "dispensario"}),
                         ("knowledge/articles.py", {})):
        assert MARK.lower() in drawn(open_page(poisoned, "operator", file, **params)).lower()
