"""Every page of the menu opens for every role in both languages: the page itself, or the one refusal for all."""

from __future__ import annotations

from pathlib import Path

import pytest

from core import i18n
from core.access import ROLE_PERMISSIONS, Role
from core.accounts.queries import actor_by_username
from core.db import read_session
from core.i18n import _
from core.ui import navigation
from tests.databases import Desk
from tests.pages.opening import open_page, words

ROLES = [str(role) for role in Role if role is not Role.SYSTEM]
NUMBER = {"number": "1"}
PARAMS = {"ticket": NUMBER, "print_ticket": NUMBER, "article": {"slug": "guia-public"}, "search": {"q": "terminal"},
          "call": {"id": "1"}}
# Spanish for every role; English where a page shows most: to those who may open all of the desk, and to customers.
OPENINGS = [(who, key, "es") for who in ROLES for key in navigation.pages()] + [
    (who, key, "en")
    for key, spec in navigation.pages().items()
    for who in (Role.ADMIN, Role.CUSTOMER)
    if set(spec.permissions) & ROLE_PERMISSIONS[who]
]
pytestmark = pytest.mark.sqlite_only


def test_there_are_pages() -> None:
    assert set(navigation.pages()) >= {
        "overview",
        "calls",
        "new_ticket",
        "tickets",
        "ticket",
        "home",
        "new_request",
        "my_tickets",
        "articles",
        "article",
        "search",
        "users",
        "imports",
    }


def test_every_script_stands_in_the_table() -> None:
    scripts = {path.relative_to(navigation.FOLDER).as_posix() for path in Path(navigation.FOLDER).rglob("*.py")}
    assert scripts == {spec.file for spec in navigation.pages().values()}


@pytest.mark.parametrize(("who", "key", "locale"), OPENINGS)
def test_a_page_opens_for_those_it_is_for_and_refuses_the_others(desk: Desk, who: str, key: str, locale: str) -> None:
    desk.run("UPDATE users SET locale = :locale", locale=locale)
    with read_session() as session:
        actor = actor_by_username(session, who)
    spec = navigation.pages()[key]
    app = open_page(desk, who, spec.file, **PARAMS.get(key, {}))
    i18n.use(locale)
    assert (_("Page not available") in words(app)) == (not spec.open_to(actor))
