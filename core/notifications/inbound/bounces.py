"""What a returned mail says: which mail of the desk it was, whether it will never arrive, and the server's words. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from core.notifications.inbound.parsing import Parsed

_OURS = re.compile(r"<(?:t\.[a-z2-7]{52}|m)\.\d{1,20}@[^<>\s]{1,190}>", re.IGNORECASE)
_STATUS = re.compile(r"^status:\s*([245]\.\d{1,3}\.\d{1,3})", re.IGNORECASE | re.MULTILINE)
_ACTION = re.compile(r"^action:\s*([a-z]+)", re.IGNORECASE | re.MULTILINE)
_SAID = re.compile(r"^diagnostic-code:\s*(.+(?:\n[ \t].+)*)", re.IGNORECASE | re.MULTILINE)
_MAILBOX = re.compile(r"^(?:final|original)-recipient:\s*(?:[a-z0-9-]+\s*;)?\s*<?([^\s<>;]+@[^\s<>;]+?)>?\s*$",
                      re.IGNORECASE | re.MULTILINE)
_LOOSE_STATUS = re.compile(r"\b([45]\.\d{1,3}\.\d{1,3})\b")
_REPLY = re.compile(r"\b([45])\d\d[ -](.{0,200})")
_LATE = re.compile(r"delay|warning|will\s+be\s+retried|still\s+being\s+retried|retras|demora|atras", re.IGNORECASE)
_GONE = re.compile(r"user\s+unknown|unknown\s+user|no\s+such\s+(?:user|mailbox|recipient)|does\s+not\s+exist|(?:mailbox|"
                   r"address|account)\s+"
                   r"(?:not\s+found|unavailable|disabled)|not\s+listed|invalid\s+recipient|no\s+existe|host\s+or\s+domain\s+name\s+not\s+found|"
                   r"n[aã]o\s+existe|desconocid", re.IGNORECASE)
# What is no fault of the address: its mailbox is full, the mail was too big, or its server did not like it (RFC 3463).
_PASSING = ("5.2.2", "5.2.3", "5.3.", "5.6.", "5.7.")


@dataclass(frozen=True, slots=True)
class Returned:
    """`message_ids`: names of mails that the report speaks of, in the form of the desk's own. `for_good`: the address is none.

    `failed`: the mail will not arrive, whatever the reason. `addresses`: whose mailbox it was, () where the report does not say.
    """

    message_ids: tuple[str, ...]
    for_good: bool
    status: str
    said: str
    failed: bool = True
    addresses: tuple[str, ...] = ()

    def is_about(self, address: str) -> bool:
        """Whether it is the address itself that failed, not one that its mails are forwarded to."""
        return not self.addresses or address.lower() in self.addresses


def returned(mail: Parsed) -> Returned:
    """Read a delivery report (RFC 3464), or what programs write that do not know of it."""
    report = "\n".join(mail.reports)
    whole = "\n".join([report, mail.returned, mail.text, *mail.references])[:200_000]
    ids = tuple(dict.fromkeys(each.lower() for each in _OURS.findall(f"{whole}\n{_files(mail)}")))
    status = _found(_STATUS, report) or _found(_LOOSE_STATUS, mail.text)
    if status.endswith(".0.0"):  # "something went wrong": what the other server answered says more
        status = _found(_LOOSE_STATUS, _found(_SAID, report)) or status
    said = " ".join((_found(_SAID, report) or _line(mail.text)).split())[:300]
    addresses = tuple(dict.fromkeys(each.lower() for each in _MAILBOX.findall(report)))
    return Returned(ids, _for_good(mail, report, status), status, said, _failed(mail, report, status), addresses)


def _failed(mail: Parsed, report: str, status: str) -> bool:
    if action := _found(_ACTION, report).lower():
        return action == "failed"
    return not status.startswith("4") and not _LATE.search(mail.subject)


def _for_good(mail: Parsed, report: str, status: str) -> bool:
    action = _found(_ACTION, report).lower()
    if action in ("delayed", "relayed", "expanded", "delivered") or status.startswith("4") or _LATE.search(mail.subject):
        return False
    if status:
        return not status.startswith(_PASSING)
    return bool(_GONE.search(f"{mail.subject}\n{mail.text[:5_000]}\n{report}")) or bool(mail.head.get("x-failed-recipients"))


def _files(mail: Parsed) -> str:
    """Programs that know no reports give the mail back as a file."""
    return "\n".join(each.data[:20_000].decode("latin-1") for each in mail.files if each.content_type == "message/rfc822")


def _found(pattern: re.Pattern[str], text: str) -> str:
    match = pattern.search(text)
    return match[1] if match else ""


def _line(text: str) -> str:
    match = _REPLY.search(text)
    return match[0] if match else next((each for each in text.splitlines() if each.strip()), "")
