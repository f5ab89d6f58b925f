"""Headers as people read them. Whatever a program wrote into them, this gives a text and never raises."""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterable
from email.errors import HeaderParseError
from email.header import decode_header
from email.utils import getaddresses

LONGEST = 10_000  # characters of a header that are looked at
_CONTROLS = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]+")
_ADDRESS = re.compile(r"[^\s\x00-\x1f\x7f\ud800-\udfff<>()\[\],;:\"@]{1,64}@[a-zA-Z0-9.-]{1,190}[a-zA-Z0-9]")
# Codecs of Python that are no charsets of texts, or take long.
_NO_CHARSETS = frozenset({"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem"})
# What programs call by one name and mean the larger one by (WHATWG Encoding).
_MEANT = {"iso-8859-1": "cp1252", "us-ascii": "cp1252", "ascii": "cp1252", "latin1": "cp1252", "gb2312": "gb18030",
          "gbk": "gb18030",
          "ks_c_5601-1987": "cp949", "euc-kr": "cp949", "shift_jis": "cp932", "iso-8859-9": "cp1254", "iso-8859-11": "cp874"}


def decoded(data: bytes, charset: str | None) -> str:
    """Bytes in the charset they are said to be in; else in UTF-8 or, when they are not, as Windows writes them."""
    name = (charset or "").strip().strip("\"'").lower()
    plain = name in ("", "us-ascii", "ascii", "utf-8", "utf8", "unknown-8bit", "x-unknown", "8bit", "default")
    for candidate in ("utf-8", "cp1252") if plain else (_MEANT.get(name, name), "utf-8", "cp1252"):
        if candidate.replace("-", "_") in _NO_CHARSETS or "\0" in candidate:
            continue
        try:
            return data.decode(candidate)
        except (UnicodeError, LookupError, ValueError):
            continue
    try:
        return data.decode("utf-8" if plain else _MEANT.get(name, name), "replace")
    except (UnicodeError, LookupError, ValueError):
        return data.decode("latin-1")


def line(raw: str) -> str:
    """A header in one line, its encoded words decoded (RFC 2047), without what cannot be seen."""
    text = _bytes_in(raw[:LONGEST])
    if "=?" in text:
        text = _words(text)
    return " ".join(_CONTROLS.sub(" ", text).split())


def _bytes_in(raw: str) -> str:
    """Bytes beyond ASCII that the parser kept as surrogates."""
    return decoded(raw.encode("utf-8", "surrogateescape"), None) if not raw.isascii() else raw


def _words(text: str) -> str:
    # A word that a program cut in two, or whose padding it forgot, must not hide the others.
    unfolded = re.sub(r"[\r\n]+[ \t]*", " ", text)
    try:
        pieces = decode_header(unfolded)
    except (HeaderParseError, binascii.Error, ValueError):
        return unfolded
    return "".join(piece if isinstance(piece, str) else decoded(piece, charset) for piece, charset in pieces)


def addresses(raw: Iterable[str]) -> list[tuple[str, str]]:
    """(name, address in lower case) of address headers; what is no address is left out."""
    texts = [re.sub(r"[\r\n]+[ \t]*", " ", _bytes_in(each[:LONGEST])) for each in raw]
    found = []
    for text in texts:
        pairs = [(line(name), address.strip().lower()) for name, address in getaddresses([text]) if _is_address(address)]
        # Names with commas or brackets that nobody quoted, addresses that a program encoded as words: they are there anyhow.
        found += pairs or [("", address.lower()) for address in _ADDRESS.findall(_words(text) if "=?" in text else text)]
    return found


def _is_address(text: str) -> bool:
    return _ADDRESS.fullmatch(text.strip()) is not None


def ids(raw: Iterable[str]) -> tuple[str, ...]:
    """Message-IDs in References and In-Reply-To, with their brackets; also where a program encoded long ones as words.

    They are printable ASCII (RFC 5322); whatever else stands in brackets names nothing.
    """
    texts = [_words(text[:LONGEST]) if "=?" in text[:LONGEST] else text[:LONGEST] for text in raw]
    return tuple(dict.fromkeys(each for text in texts for each in re.findall(r"<[!-;=?-~]{1,400}>", text)))
