"""Signed words for addresses that reach people by mail: who holds one may do the one thing it was signed for.

HMAC-SHA256 in full (RFC 2104) over the purpose and the words, by the desk's signing key; nothing is kept for it.
"""

from __future__ import annotations

import base64
import binascii
import hmac

from core.config import get_settings

_DIGEST = 32
LONGEST = 450  # for an address of 200 characters and a few words; longer ones are not looked at


def signed(purpose: str, words: str) -> str:
    """A token for the last part of an address: base64url without padding of the signature and the words."""
    return base64.urlsafe_b64encode(_digest(purpose, words) + words.encode()).decode().rstrip("=")


def read(purpose: str, token: str) -> str | None:
    """The words of a token that was signed for this purpose; None for every other text."""
    if len(token) > LONGEST or not token.isascii():
        return None
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        words = raw[_DIGEST:].decode()
    except (binascii.Error, UnicodeDecodeError):
        return None
    if not hmac.compare_digest(raw[:_DIGEST], _digest(purpose, words)) or signed(purpose, words) != token:
        return None
    return words


def _digest(purpose: str, words: str) -> bytes:
    key = hmac.new(get_settings().signing_key(), b"mesa links", "sha256").digest()
    return hmac.new(key, f"{purpose}\x00{words}".encode(), "sha256").digest()
