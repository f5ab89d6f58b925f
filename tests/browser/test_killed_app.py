"""The app and its worker are killed while somebody answers in the browser: what was said to be saved is, and mails leave once."""

from __future__ import annotations

import os
import random
import re
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import psutil
import pytest
from playwright.sync_api import Browser, Page, expect

from core import db, jobs
from core.notifications.sender import ADDRESS
from core.work import clock
from tests.browser.conftest import Server, enter
from tests.databases import Desk
from tests.notifications.servers import Mailbox, serving
from tests.tickets import recount

TURNS = max(4, int(os.environ.get("MESA_KILLS", "0")) // 50)
SEND = re.compile(r"^Responder\b(?! y)")  # the keys of its shortcut stand behind it
SEED = int(os.environ.get("MESA_KILLS_SEED", "17"))


def kill(server: Server) -> None:
    """SIGKILL for the app, then for the worker that it kept; nobody gets the time to tidy up."""
    assert server.process is not None
    app = psutil.Process(server.process.pid)
    family = [app, *app.children(recursive=True)]
    assert len(family) > 1, "the app keeps a worker"
    for each in family:
        each.kill()
    server.process.wait(20)
    psutil.wait_procs(family[1:], 20)
    server.process = None


def opened(page: Page, url: str) -> Any:
    """The box for an answer; the page may have to be asked for twice while the app starts."""
    page.goto(url)
    box = page.get_by_label("Su respuesta")
    expect(box).to_be_visible()
    return box


def test_an_answer_is_saved_once_and_mailed_once_whenever_app_and_worker_die(
    chromium: Browser, templates: Callable[[str], Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    template = templates("sqlite").in_file(tmp_path / "mesa.db")
    desk = Desk(template)
    desk.run("UPDATE events SET handled_at = at")  # what the cast did before is none of this test's
    dice, texts, heard = random.Random(SEED), [f"Respuesta {turn} de la prueba." for turn in range(TURNS)], 0
    with serving(monkeypatch, Mailbox()) as box:
        server = Server(tmp_path, template)
        with server.begin() as work:
            work.set_setting(ADDRESS, "soporte@mesa.example")
        server.start()
        page = chromium.new_context(base_url=server.url, locale="es-MX").new_page()
        try:
            enter(page, "agent")
            for text in texts:
                answer = opened(page, f"/ticket?number={server.cast.numbers['own']}")
                answer.fill(text)
                page.get_by_role("button", name=SEND).click()
                time.sleep(dice.uniform(0, 0.6))
                told = page.get_by_test_id("stToast").count() > 0
                kill(server)
                server.start()
                saved = said(desk, text)
                assert saved or not told, "what was said to be saved is saved"
                heard += saved
                if not saved:
                    answer = opened(page, f"/ticket?number={server.cast.numbers['own']}")
                    answer.fill(text)
                    page.get_by_role("button", name=SEND).click()
                    wait_until(lambda text=text: said(desk, text) == 1)
        finally:
            page.context.close()
            server.stop()
        db.use_engine(template.engine)
        try:
            for hours in (1, 2):
                jobs.once(now=clock() + timedelta(hours=hours))
        finally:
            db.use_engine(None)
        assert [said(desk, text) for text in texts] == [1] * TURNS
        answered = Counter(mail["Message-ID"] for _from, to, mail in box.mails if to == "customer@example.mx")
        assert len(answered) == TURNS
        assert sum(answered.values()) <= 2 * TURNS, "one repeat a kill"
    assert heard, "the kills came before anything"
    recount.check(desk)
    template.close()


def wait_until(true: Callable[[], bool]) -> None:
    """Some seconds at most; the box itself holds the text, so that the page tells nothing yet."""
    limit = time.monotonic() + 20
    while not true():
        assert time.monotonic() < limit
        time.sleep(0.05)


def said(desk: Desk, text: str) -> int:
    """How often a ticket has this answer."""
    return int(desk.rows("SELECT count(*) FROM ticket_messages WHERE body = :body", body=text)[0][0])
