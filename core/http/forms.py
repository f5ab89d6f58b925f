"""Forms of pages without a script: a small body, its fields."""

from __future__ import annotations

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
    try:
        return dict(parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=20, errors="strict"))
    except (ValueError, UnicodeDecodeError):
        return None
