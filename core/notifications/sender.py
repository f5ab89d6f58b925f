"""What the desk writes as: its name and address, and the server that SMTP_URL names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from core.accounts.checks import EMAIL
from core.config import get_settings
from core.i18n import _
from core.work import Work

NAME, ADDRESS = "mail_name", "mail_address"  # settings of the desk
LONGEST_LOCAL = 11  # letters before the @ that leave room for `+` and a token of 52 in the 64 of RFC 5321
PORTS = {"smtp": 25, "smtps": 465, "smtp+starttls": 587}


class BadServer(Exception):
    """SMTP_URL is no address of a mail server; the text never holds its value."""


@dataclass(frozen=True, slots=True)
class Server:
    """A mail server. `security`: `smtp` (as it is), `smtps` (TLS from the first byte) or `smtp+starttls`."""

    security: str
    host: str
    port: int
    user: str = ""
    password: str = ""

    def __repr__(self) -> str:
        """Without the password: this may end in a log."""
        return f"Server({self.security}://{self.host}:{self.port})"


@dataclass(frozen=True, slots=True)
class Sender:
    """Name and address in From; answers come to the same mailbox."""

    name: str
    address: str

    @property
    def domain(self) -> str:
        """Domain of the address, for Message-IDs and the greeting of the server."""
        return self.address.rpartition("@")[2]

    def reply_to(self, token: str) -> str:
        """`local+token@domain`; the bare address where the local part would grow beyond 64 characters (RFC 5321)."""
        local = self.address.rpartition("@")[0]
        return f"{local}+{token}@{self.domain}" if token and len(local) <= LONGEST_LOCAL else self.address

    def is_own(self, address: str) -> bool:
        """Whether an address is the desk's own mailbox, with or without a token."""
        local, _at, domain = address.lower().rpartition("@")
        own = self.address.lower().rpartition("@")[0]
        return domain == self.domain.lower() and local.partition("+")[0] == own.partition("+")[0]


def server() -> Server | None:
    """The server mails leave by; None where SMTP_URL is not set. Raises BadServer."""
    url = get_settings().smtp_url.strip()
    if not url:
        return None
    try:
        parts, host, port = taken_apart(url, PORTS)
    except ValueError as error:
        raise BadServer from error
    return Server(parts.scheme, host, port, unquote(parts.username or ""), unquote(parts.password or ""))


def taken_apart(url: str, ports: Mapping[str, int]) -> tuple[SplitResult, str, int]:
    """(parts, host, port) of the address of a server; `ports`: usual port by scheme.

    Raises ValueError, which never holds the address: there may be a password in it.
    """
    parts = urlsplit(url)
    port = parts.port or ports.get(parts.scheme, 0)
    if parts.scheme not in ports or not parts.hostname:
        raise ValueError("no address of a server")
    return parts, parts.hostname, port


def sender(work: Work) -> Sender:
    """Name and address of the desk: as an administrator set them, else taken from SMTP_URL (`?from=`, its user), IMAP_URL, or
    the host of MESA_BASE_URL."""
    return Sender(work.setting(NAME) or _("Help desk"), work.setting(ADDRESS) or default_address())


def default_address() -> str:
    """The address that the settings of the environment suggest."""
    settings = get_settings()
    candidates = []
    for url in (settings.smtp_url, settings.imap_url):
        try:
            parts = urlsplit(url)
        except ValueError:  # no address of a server: `server` says so where it is asked for
            continue
        candidates += [*parse_qs(parts.query).get("from", ()), unquote(parts.username or "")]
        if parts.username and parts.hostname and "@" not in parts.username:
            candidates.append(f"{unquote(parts.username)}@{re.sub(r'^(smtp|imap|mail)[.]', '', parts.hostname)}")
    candidates.append(f"mesa@{urlsplit(settings.base_url).hostname}")
    return next((each for each in candidates if is_address(each)), "mesa@localhost.localdomain")


def is_address(text: str) -> bool:
    """Whether a text can be written to: one address in ASCII, without spaces or controls."""
    return len(text) <= 200 and text.isascii() and text.isprintable() and EMAIL.fullmatch(text) is not None
