"""The session cookie as the browser gets it, and the check that a request comes from our own pages."""

from __future__ import annotations

from starlette.requests import HTTPConnection, Request
from starlette.responses import Response

from core.accounts.sessions import ABSOLUTE, cookie_name, is_https
from core.http.origins import is_own


def set_cookie(response: Response, token: str) -> None:
    """HttpOnly, SameSite=Lax, for as long as a session can live at most."""
    response.set_cookie(cookie_name(), token, max_age=int(ABSOLUTE.total_seconds()), path="/", httponly=True,
                        samesite="lax", secure=is_https())


def drop_cookie(response: Response) -> None:
    """Have the browser forget the session."""
    response.delete_cookie(cookie_name(), path="/", httponly=True, samesite="lax", secure=is_https())


def token_of(request: HTTPConnection) -> str | None:
    """The token the browser sent."""
    return request.cookies.get(cookie_name())


def is_own_origin(request: Request) -> bool:
    """Whether the request was made by a page of this desk: `Origin` must be there, and ours."""
    if request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
        return False
    return is_own(request.headers.get("origin", ""), request.headers.get("host", ""))
