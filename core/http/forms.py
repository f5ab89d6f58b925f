"""Forms of pages without a script: a small body, its fields."""

from __future__ import annotations

from collections.abc import Callable
from email import message_from_bytes
from urllib.parse import parse_qsl

from starlette.requests import Request

from core import work
from core.access import SYSTEM
from core.errors import Conflict
from core.work import Work

MAX_BODY = 32_768


def kept(step: Callable[[Work], object]) -> None:
    """Do in the desk's name what a form asks; once more when somebody changed the same at the same moment.

    Raises what the step raises, and Conflict the second time.
    """
    for again in (True, False):
        try:
            with work.begin(SYSTEM) as opened:
                step(opened)
            return
        except Conflict:
            if not again:
                raise


async def fields(request: Request) -> dict[str, str] | None:
    """The fields of a form that was sent, the last one of each name; None for a body that is too large or none at all."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY:
            return None
    kind = request.headers.get("content-type", "")
    try:
        if kind.lower().startswith("multipart/form-data"):  # mail programs send their one click so (RFC 8058)
            return _parts(kind, body)
        return dict(parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=20, errors="strict"))
    except (ValueError, UnicodeDecodeError):
        return None


def _parts(kind: str, body: bytes) -> dict[str, str]:
    """The fields of a multipart form (RFC 7578), which is built as a mail is."""
    message = message_from_bytes(b"Content-Type: " + kind.encode() + b"\r\n\r\n" + body)
    found = {}
    for part in message.walk():
        name, content = part.get_param("name", header="content-disposition"), part.get_payload(decode=True)
        if isinstance(name, str) and isinstance(content, bytes):
            found[name] = content.decode()
    return found
