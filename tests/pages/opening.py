"""Opening a page of the app as a member of the cast, without a browser: a session is begun as after a sign-in."""

from __future__ import annotations

from pathlib import Path

from streamlit.testing.v1 import AppTest

from core.access import SYSTEM
from core.accounts import sessions
from core.ui.session import SESSION_ID
from core.work import begin
from tests.databases import Desk

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 30


def open_page(desk: Desk, who: str, file: str, **params: str) -> AppTest:
    """The app at a page (`portal/home.py`) with URL parameters, run once. Fails when the page does."""
    return open_as(desk.cast.users[who], file, **params)


def open_as(user: int, file: str, **params: str) -> AppTest:
    """The same for the user of that number, in the database that is in use."""
    with begin(SYSTEM) as work:
        started = sessions.start(work, user)
    app = AppTest.from_file(str(ROOT / "core" / "ui" / "main.py"), default_timeout=SECONDS)
    app.session_state[SESSION_ID] = started.session_id
    app.run()
    for name, value in params.items():
        app.query_params[name] = value
    app.switch_page(str(ROOT / "pages" / file))
    return checked(app.run())


def unfolded(app: AppTest) -> AppTest:
    """The same page with every table of figures opened."""
    for each in app.expander:
        _mark, _hash, key = (*each.proto.id.split("-", 2), "", "")[:3]
        if key.startswith("table."):
            app.session_state[key] = True
    return checked(app.run())


def checked(app: AppTest) -> AppTest:
    """The same app, unless its last run failed."""
    assert not app.exception, app.exception[0].value
    return app


def words(app: AppTest) -> str:
    """Everything the page says in texts, labels and links, without the marks that keep text literal."""
    kinds = ("title", "header", "subheader", "markdown", "caption", "info", "error", "warning", "button")
    parts = [str(getattr(each, "value", "") if kind != "button" else each.label) for kind in kinds for each in app.get(kind)]
    parts += [str(each.proto.label) for each in app.get("page_link")]
    parts += [" ".join(str(cell) for cell in row) for each in app.get("table") for row in each.value.itertuples(index=False)]
    return "\n".join(parts).replace("\\", "").replace("\u2060", "")
