"""The mailbox that IMAP_URL names, and one connection to it by imap-tools.

imap-tools would read each message with `email` at once and without limits: its connection, folders, searching, marking and
moving are used, and the raw message is fetched.
"""

from __future__ import annotations

import imaplib
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, unquote

from imap_tools import BaseMailBox, MailBox, MailBoxFolderStatusOptions, MailBoxStartTls, MailBoxUnencrypted
from imap_tools.errors import ImapToolsError, MailboxFolderSelectError, MailboxFolderStatusError, MailboxLoginError

from core.config import get_settings
from core.notifications.sender import taken_apart
from core.notifications.smtp import is_here

PORTS = {"imap": 143, "imaps": 993, "imap+starttls": 143}
TIMEOUT = 30.0  # seconds for each step
_BEGINNING = 64 * 1024  # bytes that are fetched of a message over the limit
# What a server or the way to it may do to us.
ERRORS = (imaplib.IMAP4.error, ImapToolsError, OSError, EOFError)


class BadMailbox(Exception):
    """IMAP_URL is no address of a mailbox; the text never holds its value."""


class Unreadable(Exception):
    """The mailbox cannot be read; `str(error)` is the reason, in the form of `smtp.Outcome.reason`."""


@dataclass(frozen=True, slots=True)
class Account:
    """A mailbox. `security`: `imaps` (TLS from the first byte), `imap+starttls`, or `imap` (as it is; a password goes so to this
    machine only). `done`: the folder that taken messages are moved to; empty: they are marked as seen."""

    security: str
    host: str
    port: int
    user: str
    password: str
    folder: str = "INBOX"
    done: str = ""

    def __repr__(self) -> str:
        """Without the password: this may end in a log."""
        return f"Account({self.security}://{self.host}:{self.port}/{self.folder})"

    @property
    def name(self) -> str:
        """Which mailbox it is, whatever the way to it."""
        return f"{self.user}@{self.host}/{self.folder}"[:200]


def account() -> Account | None:
    """The mailbox of the desk; None where IMAP_URL is not set. Raises BadMailbox."""
    url = get_settings().imap_url.strip()
    if not url:
        return None
    try:
        parts, host, port = taken_apart(url, PORTS)
    except ValueError as error:
        raise BadMailbox from error
    if not parts.username:
        raise BadMailbox
    done = parse_qs(parts.query).get("done", [""])[0]
    return Account(parts.scheme, host, port, unquote(parts.username), unquote(parts.password or ""),
                   unquote(parts.path.strip("/")) or "INBOX", done)


@dataclass(frozen=True, slots=True)
class Place:
    """The folder as it is now: `validity` (its uids mean something else under another one), the next uid, how many messages."""

    validity: int
    next_uid: int
    messages: int
    unseen: int


class Inbox:
    """An open mailbox."""

    def __init__(self, box: BaseMailBox, account: Account) -> None:
        self._box = box
        self._account = account
        found = box.folder.status(account.folder, [MailBoxFolderStatusOptions.UIDVALIDITY, MailBoxFolderStatusOptions.UIDNEXT,
                                                   MailBoxFolderStatusOptions.MESSAGES, MailBoxFolderStatusOptions.UNSEEN])
        self.place = Place(found["UIDVALIDITY"], found["UIDNEXT"], found["MESSAGES"], found["UNSEEN"])
        box.folder.set(account.folder)

    def after(self, uid: int) -> list[int]:
        """Uids above one, lowest first."""
        return sorted(each for each in self._uids(f"UID {uid + 1}:*") if each > uid)  # `*` is the last one, whatever its uid

    def unseen(self) -> set[int]:
        """Uids of messages that nobody has marked as seen."""
        return set(self._uids("UNSEEN"))

    def _uids(self, criteria: str) -> list[int]:
        return [int(each) for each in self._box.uids(criteria, charset=None)]

    def fetch(self, uid: int, largest: int) -> tuple[bytes, int] | None:
        """A raw message and its size, without marking it; of one over `largest` its beginning. None when it is gone."""
        size = re.search(rb"RFC822\.SIZE (\d+)", b" ".join(_flat(self._ask(uid, "(RFC822.SIZE)"))))
        if size is None:
            return None
        wanted = f"(BODY.PEEK[]<0.{_BEGINNING}>)" if int(size[1]) > largest else "(BODY.PEEK[])"
        found = next((each[1] for each in self._ask(uid, wanted) if isinstance(each, tuple)), None)
        return None if found is None else (found, max(int(size[1]), len(found)))

    def _ask(self, uid: int, parts: str) -> list[Any]:
        status, found = self._box.client.uid("fetch", str(uid), parts)
        if status != "OK":
            raise imaplib.IMAP4.error(str(found[:1]))
        return list(found)

    def done(self, uid: int) -> None:
        """Mark a message as seen, or move it to the folder of those that are done."""
        if self._account.done:
            self._box.move([str(uid)], self._account.done)
        else:
            self._box.flag([str(uid)], "\\Seen", True)


    def check_done(self) -> None:
        """Raises Unreadable when the folder of those that are done is not there."""
        if self._account.done and not self._box.folder.exists(self._account.done):
            raise Unreadable(f"!no_folder {self._account.done}")


def _flat(found: list[Any]) -> Iterator[bytes]:
    for each in found:
        yield from (part for part in (each if isinstance(each, tuple) else (each,)) if isinstance(part, bytes))


@contextmanager
def opened(account: Account, timeout: float = TIMEOUT) -> Iterator[Inbox]:
    """Connect, sign in and open the folder. Raises Unreadable for whatever a server does, also later on."""
    box = None
    try:
        box = _connected(account, timeout)
        (box.login if f"{account.user}{account.password}".isascii() else box.login_utf8)(
            account.user, account.password, initial_folder=None)
        yield Inbox(box, account)
    except ERRORS as error:
        raise Unreadable(_why(error, account)) from error
    finally:
        if box is not None:
            with suppress(*ERRORS):
                box.logout()
            with suppress(*ERRORS):  # a line that broke is not closed by the goodbye that could not be said
                box.client.shutdown()


def _connected(account: Account, timeout: float) -> BaseMailBox:
    if account.security == "imap":
        if not is_here(account.host):
            raise Unreadable("!no_encryption")
        return MailBoxUnencrypted(account.host, account.port, timeout)
    kind = MailBox if account.security == "imaps" else MailBoxStartTls
    return kind(account.host, account.port, timeout=timeout, ssl_context=ssl.create_default_context())


def _why(error: Exception, account: Account) -> str:
    if isinstance(error, MailboxLoginError):
        return f"!sign_in {said(error.command_result[1])}"
    if isinstance(error, (MailboxFolderSelectError, MailboxFolderStatusError)):
        return f"!no_folder {account.folder}"
    if isinstance(error, ssl.SSLError):
        return f"!certificate {said(error)}"
    if isinstance(error, TimeoutError):
        return "!timeout"
    if isinstance(error, (imaplib.IMAP4.abort, ConnectionResetError, BrokenPipeError, EOFError)):
        return "!dropped"
    return f"!unreachable {said(getattr(error, 'strerror', None) or error)}" if isinstance(error, OSError) else said(error)


def said(answer: Any) -> str:
    """What a server said, on one line."""
    texts = [each.decode("utf-8", "replace") if isinstance(each, bytes) else str(each)
             for each in (answer if isinstance(answer, list) else [answer])]
    return "".join(each if each.isprintable() else " " for each in " ".join(" ".join(texts).split()))[:300]
