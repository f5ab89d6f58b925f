"""POST /api/cti: call events of the telephone exchange, as JSON or as a form. README has the format.

No cookie is looked at and no page of a browser sends here: the token in the request is all that counts.
"""

from __future__ import annotations

import base64
import binascii
import json
import logging
from collections.abc import Mapping, Sequence
from urllib.parse import parse_qsl

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from core import work
from core.access import SYSTEM, Actor, Role
from core.calls import receiving, tokens
from core.errors import Conflict, Invalid
from core.http import call_events
from core.http.limits import Limit
from core.i18n import _

MAX_BODY = 8_192
EVENTS = Limit(1_200, 60)  # a token: 20 events a second, for a minute
STRANGERS = Limit(30, 60)  # an address without a right token
_FORM, _JSON = "application/x-www-form-urlencoded", "application/json"
_PRIVATE = {"Cache-Control": "no-store"}
_log = logging.getLogger(__name__)


async def receive(request: Request) -> Response:
    """200 with the state of the call; 401 without a right token, 413, 415, 422 with what is wrong by field, or 429.

    A token that is not right is told nothing else, whatever it sent.
    """
    secret = _secret(request.headers.get("authorization", ""))
    found = await run_in_threadpool(_known, secret) if secret else None
    if found is None:
        return _stranger(request)
    number, name = found
    if not EVENTS.take(f"token {number}"):
        return _later(EVENTS)
    body = await _small_body(request)
    if body is None:
        return _refused(413, _("An event has {count} bytes at most.").format(count=MAX_BODY))
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in (_FORM, _JSON):
        return _refused(415, _("Send the event as application/json or application/x-www-form-urlencoded."))
    return await run_in_threadpool(_take, number, name, kind, body)


def _secret(header: str) -> str:
    """The token of `Bearer TOKEN`, or of `Basic`, where the password of an address is all that an exchange can be given."""
    scheme, _blank, rest = header.partition(" ")
    if scheme.lower() == "bearer":
        return rest.strip()[:200]
    if scheme.lower() != "basic":
        return ""
    try:
        return base64.b64decode(rest.strip()[:600], validate=True).decode().partition(":")[2][:200]
    except (binascii.Error, UnicodeDecodeError):
        return ""


def _known(secret: str) -> tuple[int, str] | None:
    with work.reading(SYSTEM) as opened:
        return tokens.accepted(opened, secret)


def _stranger(request: Request) -> Response:
    address = request.client.host if request.client else "?"
    if not STRANGERS.take(address):
        return _later(STRANGERS)
    _log.warning("a call event without a right token was refused")
    return Response(status_code=401, headers=_PRIVATE | {"WWW-Authenticate": "Bearer"})


async def _small_body(request: Request) -> bytes | None:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY:
            return None
    return body


def _take(number: int, name: str, kind: str, body: bytes) -> Response:
    """Read the event and keep it, in the name of the token."""
    exchange = Actor(None, SYSTEM.username, name, Role.SYSTEM)
    try:
        fields = _fields(kind, body)
        with work.begin(exchange) as opened:
            event = call_events.read(fields, opened.now)
            state = receiving.receive(opened, event)
            tokens.touch(opened, number)
    except Invalid as refusal:
        return _refused(422, str(refusal), refusal.fields)
    except Conflict:  # two events of a call at the very same moment: the exchange sends it again
        return Response(status_code=503, headers=_PRIVATE | {"Retry-After": "1"})
    return JSONResponse({"callId": event.call_id, "state": state.value}, headers=_PRIVATE)


def _fields(kind: str, body: bytes) -> Mapping[str, object]:
    """What was sent, by field; a field that was sent twice is a list. Raises Invalid."""
    wrong = Invalid({"body": _("The event cannot be read.")})
    try:
        text = body.decode()
        if kind == _FORM:
            return _form(parse_qsl(text, keep_blank_values=True, max_num_fields=50, errors="strict"))
        sent = json.loads(text)
    except (ValueError, RecursionError):
        raise wrong from None
    if not isinstance(sent, dict):
        raise wrong
    return sent


def _form(pairs: Sequence[tuple[str, str]]) -> Mapping[str, object]:
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        found.setdefault(name.removesuffix("[]"), []).append(value)
    return {name: values if len(values) > 1 else values[0] for name, values in found.items()}


def _refused(status: int, sentence: str, fields: Mapping[str, str] | None = None) -> Response:
    return JSONResponse({"error": sentence, **({"fields": dict(fields)} if fields else {})}, status_code=status, headers=_PRIVATE)


def _later(limit: Limit) -> Response:
    return Response(status_code=429, headers=_PRIVATE | {"Retry-After": str(limit.seconds)})


ROUTES = [Route("/api/cti", receive, methods=["POST"])]
