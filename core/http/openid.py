"""The OpenID provider of the settings, as Streamlit's own `st.login` wants to be told of it; and the end of its cookies."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from core.config import get_settings

CALLBACK = "/oauth2callback"
_COOKIE = "_streamlit_user"


def secrets(cookie_secret: str) -> dict[str, Any]:
    """The `secrets` of `st.App`; empty without a provider."""
    settings = get_settings()
    if not settings.has_openid:
        return {}
    return {"auth": {
        "redirect_uri": settings.base_url.rstrip("/") + CALLBACK, "cookie_secret": cookie_secret,
        "client_id": settings.openid_client_id, "client_secret": settings.openid_client_secret,
        "server_metadata_url": settings.openid_url,
        "client_kwargs": {"scope": "openid email profile", "prompt": "select_account"}}}


def drop_cookies(request: Request, response: Response) -> None:
    """Have the browser forget what Streamlit keeps of the provider's answer: our session has taken over, or has ended."""
    for name in request.cookies:
        if name.startswith(_COOKIE):
            response.delete_cookie(name, path="/", httponly=True, samesite="lax")
