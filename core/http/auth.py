"""Routes of the session: ticket -> HttpOnly cookie, and sign-out. Both only for our own pages."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from core import work
from core.access import SYSTEM
from core.accounts import sessions
from core.http import cookies, openid

MAX_BODY = 200


async def open_session(request: Request) -> Response:
    """POST /auth/session with a ticket as body: 204 and the cookie, or 403 without a reason."""
    if not cookies.is_own_origin(request):
        return Response(status_code=403)
    ticket = await _small_body(request)
    token = await run_in_threadpool(_redeem, ticket) if ticket else None
    if token is None:
        return Response(status_code=403)
    response = Response(status_code=204)
    cookies.set_cookie(response, token)
    openid.drop_cookies(request, response)
    return response


def _redeem(ticket: str) -> str | None:
    with work.begin(SYSTEM) as opened:
        return sessions.redeem(opened, ticket)


async def _small_body(request: Request) -> str | None:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY:
            return None
    return body.decode("ascii", "replace")


async def close_session(request: Request) -> Response:
    """POST /auth/logout: ends the session of the cookie, if it lives, and drops the cookie. Always 204 for our pages."""
    if not cookies.is_own_origin(request):
        return Response(status_code=403)
    await run_in_threadpool(_end, cookies.token_of(request))
    response = Response(status_code=204)
    cookies.drop_cookie(response)
    openid.drop_cookies(request, response)
    return response


def _end(token: str | None) -> None:
    found = sessions.present_by_token(token)
    if found is not None:
        with work.begin(found.actor) as opened:
            sessions.end(opened, found.session_id)


ROUTES = [Route("/auth/session", open_session, methods=["POST"]), Route("/auth/logout", close_session, methods=["POST"])]
