"""One connection to the mail server, by yagmail: what it does by itself that must not happen twice is left out.

yagmail's own `send` repeats a mail three times when the connection drops, takes a text that is the name of a file for that
file, and makes Message-IDs that collide: so its connection and sign-in are used, with a message of our own.
"""

from __future__ import annotations

import ipaddress
import re
import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import yagmail

from core.notifications.sender import Sender, Server

TIMEOUT = 45.0  # seconds for each step; four steps send a mail
_NO_SUCH = ("5.1.1", "5.1.2", "5.1.3", "5.1.10", "5.2.1")  # RFC 3463: the mailbox or its domain is none
_ENHANCED = re.compile(r"\b[245]\.\d{1,3}\.\d{1,3}\b")
# What servers without such codes say of a mailbox that is none.
_NO_SUCH_WORDS = re.compile(r"no such (?:user|mailbox|recipient|address)|(?:user|recipient|mailbox|address) (?:is )?unknown|"
                            r"unknown (?:user|recipient|mailbox|address)|no mailbox here|does not exist|doesn't exist|"
                            r"(?:user|mailbox|recipient|address) not found|usuario desconocido|no existe", re.IGNORECASE)


class Fate(StrEnum):
    """What came of trying to send."""

    SENT = "sent"
    LATER = "later"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it and why: what the server said, or a code of ours after `!`. `broken`: the connection is of no use now."""

    fate: Fate
    reason: str = ""
    broken: bool = False
    no_such_address: bool = False


class Unreachable(Exception):
    """No connection, or no sign-in; `str(error)` is the reason, in the form of `Outcome.reason`."""


class Connection:
    """An open connection, for many mails."""

    def __init__(self, client: Any, sender: Sender) -> None:
        self._client = client
        self._sender = sender

    @property
    def line(self) -> smtplib.SMTP:
        """The line itself, for asking the server this and that."""
        found: smtplib.SMTP = self._client.smtp
        return found

    def send(self, address: str, message: bytes) -> Outcome:
        """Send one message once. Never raises for what a server does."""
        try:
            refused = self._client.smtp.sendmail(self._sender.address, [address], message)
        except smtplib.SMTPRecipientsRefused as error:
            return _answered(*error.recipients[address], of_address=True)
        except smtplib.SMTPSenderRefused as error:
            return _sender_refused(error.smtp_code, error.smtp_error)
        except smtplib.SMTPResponseException as error:
            return _answered(error.smtp_code, error.smtp_error)
        except (smtplib.SMTPServerDisconnected, OSError) as error:
            return Outcome(Fate.LATER, "!timeout" if _is_timeout(error) else "!dropped", broken=True)
        if refused:
            return _answered(*refused[address], of_address=True)
        return Outcome(Fate.SENT)

    def close(self, *, politely: bool = True) -> None:
        """Say goodbye, or just hang up."""
        with suppress(OSError, smtplib.SMTPException):
            if politely:
                self._client.close()
        self._client.is_closed = True
        self._client.smtp.close()


def connect(server: Server, sender: Sender, timeout: float | None = None) -> Connection:
    """Connect and sign in; `timeout`: seconds for each step. Raises Unreachable."""
    secure = ssl.create_default_context()
    # A name and password never go in the clear, but to this machine itself.
    in_clear = server.security == "smtp" and (not server.user or is_here(server.host))
    encrypt = server.security != "smtps" and not in_clear
    options: dict[str, Any] = {"context": secure} if server.security == "smtps" else {}
    client = yagmail.SMTP(
        user=server.user or sender.address, password=server.password, host=server.host, port=server.port,
        smtp_ssl=server.security == "smtps", smtp_starttls={"context": secure} if encrypt else False,
        smtp_skip_login=not server.user, soft_email_validation=False, timeout=timeout or TIMEOUT,
        local_hostname=sender.domain, **options)
    client.user = server.user  # to a name without @ yagmail adds one of its own
    client.is_closed = True  # until it is open: it would say goodbye to nobody when it is thrown away
    try:
        client.login()
    except Exception as error:
        if client.smtp is not None:
            client.is_closed = True
            client.smtp.close()
        if not isinstance(error, (OSError, smtplib.SMTPException)):
            raise
        raise Unreachable(_why(error)) from error
    return Connection(client, sender)


def is_here(host: str) -> bool:
    """Whether a host is this machine."""
    with suppress(ValueError):
        return ipaddress.ip_address(host).is_loopback
    return host.lower() == "localhost"


def _why(error: OSError | smtplib.SMTPException) -> str:
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return f"!sign_in {said(error.smtp_code, error.smtp_error)}"
    if isinstance(error, smtplib.SMTPResponseException):
        return said(error.smtp_code, error.smtp_error)
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return "!no_encryption"
    if isinstance(error, ssl.SSLError):
        return f"!certificate {_plain(error)}"
    if _is_timeout(error):
        return "!timeout"
    return "!dropped" if isinstance(error, smtplib.SMTPServerDisconnected) else f"!unreachable {_plain(error)}"


def _is_timeout(error: BaseException) -> bool:
    """smtplib says "disconnected" of a time-out while it waits for an answer."""
    return isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError)


def _answered(code: int, answer: bytes | str, *, of_address: bool = False) -> Outcome:
    text = said(code, answer)
    if code == 421:
        return Outcome(Fate.LATER, text, broken=True)
    if 500 <= code < 600:
        return Outcome(Fate.NEVER, text, no_such_address=of_address and _is_none(text))
    return Outcome(Fate.LATER, text, broken=not 400 <= code < 500)


def _is_none(text: str) -> bool:
    """Whether an answer says that there is no such mailbox: by its code, and by its words only where it has none."""
    if any(each in text.split()[:2] for each in _NO_SUCH):
        return True
    return _ENHANCED.search(text) is None and _NO_SUCH_WORDS.search(text) is not None


def _sender_refused(code: int, answer: bytes | str) -> Outcome:
    """No fault of the mail (but for its size, RFC 1870): the next one would fare the same until somebody mends the settings."""
    if code == 552:
        return _answered(code, answer)
    return Outcome(Fate.LATER, f"!sender {said(code, answer)}", broken=code == 421)


def said(code: int, answer: bytes | str) -> str:
    """An answer of a server on one line."""
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else str(answer)
    return _line(f"{code} {text}")


def _plain(error: Exception) -> str:
    return _line(getattr(error, "strerror", None) or str(error) or type(error).__name__)


def _line(text: str) -> str:
    return "".join(each if each.isprintable() else " " for each in " ".join(text.split()))[:300]
