"""Forms of pages without a script: a small body, its fields."""

from __future__ import annotations

from email import message_from_bytes
from urllib.parse import parse_qsl

from starlette.requests import Request

MAX_BODY = 32_768


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
