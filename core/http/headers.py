"""Security headers for every answer, Streamlit's own included; doors that stay shut; pages of others kept out."""

from __future__ import annotations

import base64
import hashlib
import logging
import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.accounts import sessions
from core.accounts.sessions import is_https
from core.http import cookies
from core.http.origins import is_own

_log = logging.getLogger(__name__)
UPLOADS = "/_stcore/upload_file/"  # Streamlit keeps what comes here in memory, and asks nobody who sends it
SHUT = ("/_stcore/metrics", "/_stcore/agent", "/_stcore/script-health-check")


@cache
def content_security_policy() -> str:
    """What our pages may load: only from here. Streamlit needs inline styles, and blobs for its workers and pictures.

    The one inline script of Streamlit's own start page is allowed by its hash. `blob:` is how Streamlit loads the scripts of
    components: such an address is made by a script that runs already, markup from outside cannot name one.
    """
    spec = find_spec("streamlit")
    assert spec is not None
    assert spec.origin is not None
    page = (Path(spec.origin).parent / "static" / "index.html").read_text()
    inline = [base64.b64encode(hashlib.sha256(body.encode()).digest()).decode()
              for body in re.findall(r"<script>(.*?)</script>", page, re.DOTALL)]
    scripts = " ".join(["'self'", "blob:", "'wasm-unsafe-eval'", *(f"'sha256-{digest}'" for digest in inline)])
    rules = {"default-src": "'self'", "script-src": scripts, "style-src": "'self' 'unsafe-inline'",
             "img-src": "'self' data: blob:", "font-src": "'self' data:", "media-src": "'self' blob:",
             "connect-src": "'self'", "worker-src": "'self' blob:", "frame-src": "'self'", "object-src": "'none'",
             "base-uri": "'self'", "form-action": "'self'", "frame-ancestors": "'none'"}
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def _headers() -> dict[str, str]:
    found = {"Content-Security-Policy": content_security_policy(), "X-Content-Type-Options": "nosniff",
             "X-Frame-Options": "DENY", "Referrer-Policy": "same-origin", "Cross-Origin-Opener-Policy": "same-origin",
             "Cross-Origin-Resource-Policy": "same-origin",
             "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()"}
    if is_https():
        found["Strict-Transport-Security"] = "max-age=31536000"
    return found


class Gate:
    """ASGI middleware: headers on every answer, 404 at shut doors, 403 for requests and websockets of foreign pages and for
    uploads of people who are not signed in.

    Foreign origins are refused before Streamlit looks at them: it would ask a server on the internet for this machine's
    address to compare.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.headers = _headers()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request or websocket."""
        if scope["type"] not in {"http", "websocket"}:
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self.headers.items():
                    headers.setdefault(name, value)
            await send(message)

        status = _refusal(scope)
        if status is None and _is_upload(scope) and not await run_in_threadpool(_is_signed_in, scope):
            status = 403
        if status and scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        elif status:
            await send_with_headers({"type": "http.response.start", "status": status, "headers": []})
            await send({"type": "http.response.body", "body": b""})
        else:
            await self.app(scope, receive, send_with_headers)


def _path(scope: Scope) -> str:
    return re.sub("/+", "/", scope["path"]).rstrip("/")


def _is_upload(scope: Scope) -> bool:
    return scope["type"] == "http" and scope["method"] not in {"GET", "HEAD", "OPTIONS"} and _path(scope).startswith(UPLOADS)


def _is_signed_in(scope: Scope) -> bool:
    return sessions.present_by_token(cookies.token_of(HTTPConnection(scope))) is not None


def _refusal(scope: Scope) -> int | None:
    """Status with which a request is refused, or None."""
    path = _path(scope)
    if any(path == door or path.startswith(door + "/") for door in SHUT):
        return 404
    headers = Headers(scope=scope)
    origin = headers.get("origin")
    if scope["type"] == "websocket" and origin is None:
        return 403
    if origin is not None and not is_own(origin, headers.get("host", "")):
        _log.warning("refused a request of the foreign page %.100r; if it is this desk's own address, set MESA_BASE_URL", origin)
        return 403
    return None
