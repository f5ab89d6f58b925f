"""A small OpenID provider on loopback: discovery, keys, authorisation that asks nobody, tokens signed with RS256.

It is strict where a real one is: the redirect must be the registered one, a code works once, the client must know its
secret, and a code challenge is checked. `claims` is what it says of whoever comes.
"""

from __future__ import annotations

import base64
import json
import secrets
import threading
import time
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "mesa", "a-secret-of-the-tests-0123456789"


class Provider:
    """Started on a free port; `stop()` ends it."""

    def __init__(self) -> None:
        self.redirect = ""
        self.claims: dict[str, Any] = {}
        self.codes: dict[str, dict[str, str]] = {}
        self.key = RSAKey.generate_key(2048, {"kid": "one", "alg": "RS256", "use": "sig"})
        provider = self

        class Handler(_Handler):
            owner = provider

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://localhost:{self.server.server_address[1]}"
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    @property
    def metadata_url(self) -> str:
        """Where everything else is written."""
        return f"{self.url}/.well-known/openid-configuration"

    def metadata(self) -> dict[str, Any]:
        """The discovery document."""
        return {"issuer": self.url, "authorization_endpoint": f"{self.url}/authorize", "token_endpoint": f"{self.url}/token",
                "jwks_uri": f"{self.url}/jwks", "response_types_supported": ["code"], "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["RS256"], "code_challenge_methods_supported": ["S256"],
                "token_endpoint_auth_methods_supported": ["client_secret_basic"]}

    def authorise(self, asked: dict[str, str]) -> str | None:
        """Where the browser is sent with a code; None for a client or an address that is not registered."""
        if asked.get("client_id") != CLIENT or asked.get("redirect_uri") != self.redirect or asked.get("response_type") != "code":
            return None
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        return f"{self.redirect}?{urlencode({'code': code, 'state': asked.get('state', '')})}"

    def tokens(self, given: dict[str, str], authorisation: str) -> dict[str, Any] | None:
        """The answer of the token endpoint; None when anything is wrong."""
        asked = self.codes.pop(given.get("code", ""), None)
        known = "Basic " + base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        if asked is None or authorisation != known or given.get("redirect_uri") != self.redirect:
            return None
        challenge = base64.urlsafe_b64encode(sha256(given.get("code_verifier", "").encode()).digest()).decode().rstrip("=")
        if asked.get("code_challenge") != challenge:
            return None
        now = int(time.time())
        claims = {"iss": self.url, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": asked.get("nonce"), **self.claims}
        token = jwt.encode({"alg": "RS256", "kid": "one"}, claims, self.key)
        return {"access_token": secrets.token_urlsafe(16), "token_type": "Bearer", "expires_in": 300, "id_token": token}

    def stop(self) -> None:
        """End the server."""
        self.server.shutdown()
        self.server.server_close()
        self.thread.join(10)


class _Handler(BaseHTTPRequestHandler):
    owner: Provider

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        if parts.path == "/.well-known/openid-configuration":
            self._json(self.owner.metadata())
        elif parts.path == "/jwks":
            self._json({"keys": [self.owner.key.as_dict(private=False)]})
        elif parts.path == "/authorize" and (target := self.owner.authorise(_flat(parts.query))):
            self.send_response(302)
            self.send_header("Location", target)
            self.end_headers()
        else:
            self.send_error(404)

    def do_POST(self) -> None:
        given = _flat(self.rfile.read(int(self.headers["Content-Length"])).decode())
        tokens = self.owner.tokens(given, self.headers.get("Authorization", "")) if self.path == "/token" else None
        self._json(tokens or {"error": "invalid_grant"}, 200 if tokens else 400)

    def _json(self, document: dict[str, Any], status: int = 200) -> None:
        body = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: Any) -> None:
        """Silence."""


def _flat(query: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(query).items()}
