"""A mail as it goes over the wire: multipart, with the headers of RFC 5322, 3834 and 8058. Pure but for the attachment store.

The old classes of `email` are used on purpose: the newer policies break long names of messages into encoded words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.charset import QP, Charset
from email.encoders import encode_base64
from email.header import Header
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.nonmultipart import MIMENonMultipart
from email.mime.text import MIMEText
from email.utils import format_datetime, formataddr
from hashlib import sha256
from html import escape

from core import files as store
from core.notifications import preferences, tokens
from core.notifications.kinds import MailKind
from core.notifications.sender import Sender

_UTF8 = Charset("utf-8")
_UTF8.body_encoding = QP
_WIRE = policy.compat32.clone(linesep="\r\n", max_line_length=998)  # what is longer than usual is folded by ourselves
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_TYPE = re.compile(r"[a-z0-9.+-]+/[a-z0-9.+-]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Attached:
    """A file of the store that goes with a mail."""

    file_id: str
    name: str
    content_type: str


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A row of the outbox as a worker holds it; `lease` is its fencing token, `unsubscribe` the token of the page that
    ends such mails."""

    id: int
    lease: str
    kind: MailKind
    address: str
    language: str
    subject: str
    body: str
    html: str
    message_id: str
    in_reply_to: str
    reply_token: str
    automatic: bool
    created_at: datetime
    files: tuple[Attached, ...] = ()
    unsubscribe: str = ""


def composed(mail: Outgoing, sender: Sender) -> bytes:
    """The whole message. The same row gives the same message each time. Raises NotFound for a file that is gone."""
    text = _part(mail.body or "", "plain")
    html = _part(mail.html or html_of(mail.body), "html")
    message = MIMEMultipart("alternative", _boundary(mail, "a"), [text, html])
    if mail.files:
        message = MIMEMultipart("mixed", _boundary(mail, "m"), [message, *(_file(each) for each in mail.files)])
    for name, value in _headers(mail, sender).items():
        message[name] = value if value.isascii() else Header(value, "utf-8").encode()
    return message.as_bytes(policy=_WIRE)


def _boundary(mail: Outgoing, part: str) -> str:
    """The same at each attempt; nobody who writes a text can know it, for a Message-ID holds a number at random."""
    return f"={part}_{sha256(mail.message_id.encode()).hexdigest()[:32]}"


def html_of(text: str) -> str:
    """A plain text as HTML that shows it as it is."""
    lines = escape(text).replace("\n", "<br>\n")
    return f'<div style="font-family: sans-serif; font-size: 15px; line-height: 1.5">{lines}</div>'


def _part(content: str, kind: str) -> MIMENonMultipart:
    clean = _CONTROLS.sub(" ", content.replace("\r\n", "\n").replace("\r", "\n"))
    return MIMEText(clean, kind, _UTF8)  # type: ignore[arg-type]  # a Charset is taken, the stubs know names only


def _headers(mail: Outgoing, sender: Sender) -> dict[str, str]:
    """Long ones are not folded into encoded words, so that every program finds the token in them."""
    found = {
        "Date": format_datetime(mail.created_at), "From": formataddr((sender.name, sender.address)), "To": mail.address,
        "Reply-To": sender.reply_to(mail.reply_token), "Subject": mail.subject, "Message-ID": mail.message_id,
        "Content-Language": mail.language}
    heads = [tokens.thread_id(mail.reply_token, sender.domain)] if mail.reply_token else []
    if before := mail.in_reply_to or "".join(heads):
        found["In-Reply-To"] = before
        found["References"] = " ".join(dict.fromkeys([*heads, before]))
    if mail.automatic:
        answers = mail.kind is MailKind.CREATED and mail.in_reply_to
        found["Auto-Submitted"] = "auto-replied" if answers else "auto-generated"
        found["Precedence"] = "bulk"  # what answers by machine and is older than RFC 3834 looks at this
        found["X-Auto-Response-Suppress"] = "DR, RN, NRN, OOF, AutoReply"  # not NDR: that it could not be delivered is wanted
    return found | _unsubscribing(mail.unsubscribe)


def _unsubscribing(token: str) -> dict[str, str]:
    """RFC 2369, and RFC 8058 (one click in the mail program), which is defined for https alone."""
    if not token:
        return {}
    link = preferences.link(token)
    once = {"List-Unsubscribe-Post": "List-Unsubscribe=One-Click"} if link.startswith("https://") else {}
    return {"List-Unsubscribe": f"<{link}>", **once}


def _file(file: Attached) -> MIMEBase:
    main, _slash, sub = (file.content_type if _TYPE.fullmatch(file.content_type) else "application/octet-stream").partition("/")
    part = MIMEBase(main, sub)
    part.set_payload(store.read(file.file_id))
    encode_base64(part)
    part.add_header("Content-Disposition", "attachment", filename=("utf-8", "", file.name))
    return part
