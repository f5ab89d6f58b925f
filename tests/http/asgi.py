"""Calls an ASGI application without a network: one request, its status, headers and body."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass
from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware

from core.http.headers import Gate
from core.http.routes import ROUTES


@dataclass(frozen=True)
class Answer:
    """What came back; `headers` have lower-case names."""

    status: int
    headers: dict[str, str]
    body: bytes


def house() -> Any:
    """Our routes behind our gate, as app.py mounts them."""
    return Starlette(routes=ROUTES, middleware=[Middleware(Gate)])


def call(method: str, path: str, body: bytes = b"", kind: str = "http", **headers: str) -> Answer:
    """One request (or websocket handshake); header names are written with underscores."""
    given = {"host": "localhost:8501"} | {name.replace("_", "-"): value for name, value in headers.items()}
    address, _mark, query = path.partition("?")
    scope = {"type": kind, "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "scheme": "http", "path": address,
             "raw_path": address.encode(), "query_string": query.encode(), "root_path": "", "client": ("127.0.0.1", 5000),
             "server": ("localhost", 8501), "subprotocols": [],
             "headers": [(name.encode(), value.encode("latin-1")) for name, value in given.items()]}
    sent: list[dict[str, Any]] = []
    waiting = [{"type": "http.request", "body": body, "more_body": False} if kind == "http" else {"type": "websocket.connect"}]

    async def receive() -> dict[str, Any]:
        if not waiting:
            await asyncio.sleep(30)  # the client stays until it has its answer
        return waiting.pop() if waiting else {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    context = copy_context()
    with ThreadPoolExecutor(1) as thread:  # this thread may have a loop of its own already (a browser test's)
        thread.submit(context.run, asyncio.run, house()(scope, receive, send)).result()
    if kind == "websocket":
        return Answer(403 if sent[0]["type"] == "websocket.close" else 101, {}, b"")
    start = next(message for message in sent if message["type"] == "http.response.start")
    found = {name.decode().lower(): value.decode("latin-1") for name, value in start["headers"]}
    return Answer(start["status"], found, b"".join(message.get("body", b"") for message in sent))
