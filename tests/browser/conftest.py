"""A real server in its own process and a real browser, for what no other test can see.

`server` is one desk for all browser tests (its database is a copy of the prepared one, with every password that of the
cast); `page` is a fresh browser profile that fails the test when anything asks for an address off this machine.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from sqlalchemy import delete

from core import db, work
from core.access import SYSTEM
from core.accounts.models import Draft, SignInAttempt
from core.accounts.queries import actor_by_username
from core.work import Work
from tests.factories import PASSWORD

CHROMIUM = os.environ.get("MESA_TEST_CHROMIUM", "/usr/bin/chromium")
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]
ROOT = Path(__file__).resolve().parents[2]
SHOTS = Path(__file__).parent / "shots"
START_SECONDS = 60
expect.set_options(timeout=20_000)


class Server:
    """`streamlit run app.py` on a free port, with a data folder of its own."""

    def __init__(self, folder: Path, template: Any, **environment: str) -> None:
        self.folder, self.template, self.environment = folder, template, environment
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.url = f"http://localhost:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start and wait until it answers; fails with its log."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("MESA_", "STREAMLIT_"))}
        environment |= {"MESA_DATA_DIR": str(self.folder), "MESA_BASE_URL": self.url, "DATABASE_URL": "", "MESA_LOCALE": "es",
                        **self.environment}
        with (self.folder / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(self.port)],
                cwd=ROOT, env=environment, stdout=log, stderr=log)
        limit = time.monotonic() + START_SECONDS
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > limit:
                pytest.fail("the server did not start:\n" + (self.folder / "server.log").read_text()[-4000:])
            time.sleep(0.2)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/health", timeout=2) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def stop(self) -> None:
        """End the process this test started."""
        if self.process is not None:
            self.process.terminate()
            self.process.wait(20)
            self.process = None

    def restart(self) -> None:
        """Another process on the same port and data."""
        self.stop()
        self.start()

    @contextmanager
    def begin(self, who: str = "system", now: datetime | None = None) -> Iterator[Work]:
        """A writing work on the server's database, as from another process."""
        db.use_engine(self.template.engine)
        try:
            if who == "system":
                actor = SYSTEM
            else:
                with db.read_session() as session:
                    actor = actor_by_username(session, who)
            with work.begin(actor, now) as opened:
                yield opened
        finally:
            db.use_engine(None)

    @property
    def cast(self) -> Any:
        """Ids of the people, stations and tickets of the desk."""
        return self.template.cast

    def log(self) -> str:
        """What the server wrote."""
        return (self.folder / "server.log").read_text()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser of the machine; without it every browser test is skipped, loudly."""
    if not Path(CHROMIUM).exists():
        pytest.skip(f"NO BROWSER TEST RAN: there is no Chromium at {CHROMIUM} (set MESA_TEST_CHROMIUM)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def server(chromium: Browser, templates: Callable[[str], Any], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The desk all browser tests talk to."""
    folder = tmp_path_factory.mktemp("browser-data")
    template = templates("sqlite").in_file(folder / "mesa.db")
    running = Server(folder, template)
    running.start()
    yield running
    running.stop()
    template.close()


@pytest.fixture(autouse=True)
def _no_drafts(request: pytest.FixtureRequest) -> None:
    """What an earlier test typed is not found again in this one: drafts are kept while somebody types."""
    if "server" in request.fixturenames or "new_context" in request.fixturenames:
        with request.getfixturevalue("server").begin() as opened:
            opened.session.execute(delete(Draft))


@pytest.fixture
def new_context(chromium: Browser, server: Server) -> Iterator[Callable[..., BrowserContext]]:
    """Makes browser profiles; at the end none may have asked for anything off this machine, nor broken the content policy."""
    made: list[BrowserContext] = []
    outside: list[str] = []
    violations: list[str] = []

    def make(**options: Any) -> BrowserContext:
        context = chromium.new_context(**{"base_url": server.url, "locale": "es-MX", "timezone_id": "America/Mexico_City",
                                          "viewport": {"width": 1440, "height": 900}, **options})
        context.on("request", lambda request: outside.append(request.url) if _is_outside(request.url) else None)
        context.on("console", lambda message: violations.append(message.text)
                   if "Content Security Policy" in message.text or "Refused to" in message.text else None)
        context.route(_is_outside, lambda route: route.abort())
        made.append(context)
        return context

    yield make
    for context in made:
        context.close()
    assert not outside, f"requests off this machine: {outside}"
    assert not violations, f"the content policy was broken: {violations}"


def _is_outside(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme not in {"data", "blob", "about"} and parts.hostname not in {"localhost", "127.0.0.1"}


@pytest.fixture
def page(new_context: Callable[..., BrowserContext], request: pytest.FixtureRequest) -> Iterator[Page]:
    """A tab of a fresh profile; a failed test leaves a picture in tests/browser/shots."""
    failed = request.session.testsfailed
    tab = new_context().new_page()
    yield tab
    if request.session.testsfailed > failed and not tab.is_closed():
        SHOTS.mkdir(exist_ok=True)
        tab.screenshot(path=SHOTS / f"{request.node.name}.png")


def sign_in(page: Page, username: str, password: str = PASSWORD, path: str | None = "/") -> None:
    """Fill in the sign-in form as a person does (at `path`; None: the form is there already)."""
    if path is not None:
        page.goto(path)
    page.get_by_label("Usuario", exact=True).fill(username)
    page.get_by_label("Contraseña", exact=True).fill(password)
    page.get_by_role("button", name="Iniciar sesión").click()


def enter(page: Page, username: str, path: str = "/") -> None:
    """Sign in and wait for the cookie, so that whatever follows may reload."""
    with page.expect_response("**/auth/session") as answer:
        sign_in(page, username, path=path)
    assert answer.value.status == 204
    expect(own_menu(page)).to_be_visible()


def own_menu(page: Page) -> Any:
    """The button with the name of the person signed in."""
    return page.locator(".st-key-shell_menu button").first


def sign_out(page: Page) -> None:
    """Through the person's own menu, until the browser has dropped its cookie."""
    own_menu(page).click()
    with page.expect_response("**/auth/logout"):
        page.get_by_test_id("stMenuButtonBody").get_by_text("Cerrar sesión").click()
        expect(sign_in_form(page)).to_be_visible()


def sign_in_form(page: Page) -> Any:
    """The password field of the sign-in form."""
    return page.get_by_label("Contraseña", exact=True)


def clear_lock(server: Server) -> None:
    """Forget failed sign-ins: all tests come from one address."""
    with server.begin() as opened:
        opened.session.execute(delete(SignInAttempt))
