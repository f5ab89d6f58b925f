"""How long pages take: the app itself in its own process, spoken to as a browser does, over its websocket.

A rerun is measured from the request to the message that the script has ended; drawing in the browser is not in it.
The yardstick is the emptiest page of the same app: the one for tickets that do not exist.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import select
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

from core import work as works
from core.access import SYSTEM, Role
from core.accounts import sessions
from core.accounts.models import User
from core.bench.timing import Timing, measure
from core.config import ROOT
from core.errors import DeskError
from core.i18n import _

EMPTY = ("ticket", "number=0")
PAGES = {"status summary": ("overview", ""), "service times": ("performance", ""),
         "calls": ("calls", ""), "grid": ("tickets", ""), "new ticket": ("new_ticket", "")}
START_S, ANSWER_S = 60.0, 30.0
RERUNS = 60  # of each page


def timings(database: Path) -> Iterator[tuple[str, Timing, float]]:
    """(page, Timing of its rerun, milliseconds above the empty page) on a database that may be written to.

    Raises DeskError when the app does not start or a page does not end well.
    """
    token = _token()
    with _app(database) as port:
        empty = _rerun(port, token, *EMPTY)
        yield "nothing on it", empty, 0.0
        for name, (path, query) in PAGES.items():
            timing = _rerun(port, token, path, query)
            yield name, timing, timing.ms_p50 - empty.ms_p50


def _token() -> str:
    """A session of an administrator, as its browser would hold it."""
    with works.begin(SYSTEM) as work:
        user = work.session.scalar(select(User.id).where(User.role == Role.ADMIN, User.active.is_(True)).limit(1))
        token = None if user is None else sessions.redeem(work, sessions.start(work, user).ticket)
    if token is None:
        raise DeskError(_("The generated desk has no administrator."))
    return token


@contextmanager
def _app(database: Path) -> Iterator[int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {"DATABASE_URL": f"sqlite:///{database}", "MESA_DATA_DIR": folder, "MESA_WORKER": "none",
                                    "MESA_BASE_URL": f"http://localhost:{port}"}
        command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
        app = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
        try:
            _wait(app, port)
            yield port
        finally:
            app.terminate()
            app.wait(20)


def _wait(app: subprocess.Popen[bytes], port: int) -> None:
    limit = time.monotonic() + START_S
    while time.monotonic() < limit and app.poll() is None:
        try:
            with urllib.request.urlopen(f"http://localhost:{port}/health", timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    raise DeskError(_("The app did not start; its pages were not measured."))


def _rerun(port: int, token: str, path: str, query: str) -> Timing:
    """A page opened once, then rerun for some seconds."""
    address = f"localhost:{port}"
    question = BackMsg(rerun_script=ClientState(query_string=query, page_name=path)).SerializeToString()
    with connect(f"ws://{address}/_stcore/stream", origin=Origin(f"http://{address}"), max_size=None,
                 additional_headers={"Cookie": f"{sessions.cookie_name()}={token}"}) as socket:
        return measure(lambda: _ask(socket, question, path), least=RERUNS, seconds=0, warm=5)


def _ask(socket: ClientConnection, question: bytes, path: str) -> None:
    """Send a rerun and wait for its end. Raises DeskError when another page was drawn, or none."""
    socket.send(question)
    current = ""
    failed = True
    while True:
        message = ForwardMsg.FromString(socket.recv(ANSWER_S))
        kind = message.WhichOneof("type")
        if kind == "navigation":
            current = next((page.url_pathname for page in message.navigation.app_pages
                            if page.page_script_hash == message.navigation.page_script_hash), "")
        elif kind == "delta":
            drawn = message.delta.new_element.WhichOneof("type")
            failed = drawn == "exception" or (failed and drawn != "heading")
        elif kind == "script_finished":
            if failed or current != path:
                raise DeskError(_("The page {page} failed while it was measured.").format(page=path))
            return
