"""A raw message taken apart: who, about what, its text, its files. Pure; never more work than the limits allow.

`security.md` gives the limits: 25 MB, 50 parts, ten deep. What is over one of them is not read at all (`Refused`).
"""

from __future__ import annotations

import mimetypes
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from hashlib import sha256

from core.notifications.inbound import headers, texts

LARGEST = 25 * 1024 * 1024
MOST_PARTS = 50
DEEPEST = 10
LONGEST_HEAD = 1024 * 1024  # bytes before the first empty line
_BOUNDARIES = 500  # words `boundary=` in a message: each open one costs at every line
_SIGNATURE_IMAGE = 40 * 1024  # bytes: a picture within the text that is smaller belongs to somebody's signature
_MACHINE_PARTS = frozenset({"application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature"})
_READERS_TROUBLE = (ValueError, LookupError, TypeError, AttributeError, AssertionError)  # of `email`, on what nobody foresaw


class Refused(Exception):
    """The message is outside a limit; `str(error)` is the reason's code."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file of a mail; `shown`: a picture that stands within the text."""

    name: str
    content_type: str
    data: bytes
    shown: bool = False

    @property
    def is_decoration(self) -> bool:
        """Whether it is a logo or icon of a signature rather than something sent."""
        return self.shown and self.content_type.startswith("image/") and len(self.data) <= _SIGNATURE_IMAGE


@dataclass(frozen=True, slots=True)
class Parsed:
    """A mail. Addresses in lower case; `head`: all headers by lower-case name; `reports`: texts of its delivery reports;
    `returned`: the head (or the whole) of the message that such a report gives back."""

    message_id: str
    sender: str
    sender_name: str
    subject: str
    recipients: tuple[str, ...]
    references: tuple[str, ...]
    text: str
    files: tuple[Attachment, ...]
    head: Mapping[str, tuple[str, ...]]
    content_type: str
    report_type: str = ""
    reports: tuple[str, ...] = ()
    returned: str = ""

    def first(self, name: str) -> str:
        """The first header of a name, in one line; empty when there is none."""
        return headers.line(next(iter(self.head.get(name, ())), ""))


@dataclass(slots=True)
class _Found:
    texts: list[str] = field(default_factory=list)
    html: list[str] = field(default_factory=list)
    files: list[Attachment] = field(default_factory=list)
    reports: list[str] = field(default_factory=list)
    returned: list[str] = field(default_factory=list)


def parse(raw: bytes) -> Parsed:
    """Take a message apart. Raises Refused."""
    message = _message(raw)
    found = _Found()
    _read(message, found, top=message)
    head: dict[str, list[str]] = {}
    for name, value in message.raw_items():
        head.setdefault(name.lower(), []).append(str(value))
    name, sender = _sender(head)
    return Parsed(
        message_id=next(iter(headers.ids(head.get("message-id", ()))), "")[:250], sender=sender[:200], sender_name=name[:120],
        subject=headers.line(next(iter(head.get("subject", ())), "")), text=_joined(found).strip("\n"),
        recipients=tuple(dict.fromkeys(address for _name, address in headers.addresses(
            [each for field_ in ("to", "cc", "delivered-to", "x-original-to", "envelope-to", "x-envelope-to")
             for each in head.get(field_, ())]))),
        references=headers.ids([*head.get("references", ()), *head.get("in-reply-to", ())]), files=tuple(found.files),
        head={each: tuple(values) for each, values in head.items()}, content_type=_type(message),
        report_type=_parameter(message, "report-type"), reports=tuple(found.reports), returned="\n".join(found.returned))


def digest(raw: bytes) -> str:
    """What a message says, whichever way it came: its body with From, Date and Subject, without the traces of servers."""
    head, _blank, body = _halves(raw)
    said = [each for each in re.split(rb"\n(?![ \t])", head) if re.match(rb"(?i)(from|date|subject)[ \t]*:", each)]
    return sha256(b"\n".join([*sorted(b" ".join(each.split()) for each in said), body.strip()])).hexdigest()


def _halves(raw: bytes) -> tuple[bytes, bytes, bytes]:
    return raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n").partition(b"\n\n")


def _message(raw: bytes) -> Message:
    if len(raw) > LARGEST:
        raise Refused("too_large")
    if len(_halves(raw)[0]) > LONGEST_HEAD:
        raise Refused("too_large")
    if len(re.findall(rb"boundary\s*=", raw, re.IGNORECASE)) > _BOUNDARIES:
        raise Refused("too_deep")
    try:
        message = message_from_bytes(raw)
    except RecursionError:
        raise Refused("too_deep") from None
    count = 0
    open_ones: list[tuple[Message, int]] = [(message, 1)]
    while open_ones:
        part, depth = open_ones.pop()
        count += 1
        if depth > DEEPEST:
            raise Refused("too_deep")
        if count > MOST_PARTS:
            raise Refused("too_many_parts")
        open_ones += [(each, depth + 1) for each in _parts(part)]
    return message


def _parts(part: Message) -> list[Message]:
    payload = part.get_payload()
    return [each for each in payload if isinstance(each, Message)] if isinstance(payload, list) else []


def _type(part: Message) -> str:
    try:
        return part.get_content_type()
    except _READERS_TROUBLE:
        return "application/octet-stream"


def _parameter(part: Message, name: str, header: str = "content-type") -> str:
    try:
        found = part.get_param(name, "", header)
    except _READERS_TROUBLE:
        return ""
    if isinstance(found, tuple):  # RFC 2231: charset, language, bytes kept as latin-1
        return headers.decoded(found[2].encode("latin-1", "replace"), found[0])
    return headers.line(str(found or ""))


def _read(part: Message, found: _Found, top: Message) -> None:
    kind = _type(part)
    children = _parts(part)
    is_report = _type(top) == "multipart/report"
    if kind in ("message/delivery-status", "message/feedback-report"):
        found.reports.append("\n\n".join(_plain(each) for each in children) or _text(part))
    elif kind in ("message/rfc822", "text/rfc822-headers", "message/rfc822-headers") and (is_report or kind != "message/rfc822"):
        found.returned.append("\n".join(_plain(each) for each in children) or _text(part))
    elif kind.startswith("message/") and children:
        found.files += [_forwarded(each) for each in children]
    elif children and kind == "multipart/alternative":
        _read_best(children, found, top)
    elif children:
        for each in children:
            _read(each, found, top)
    elif kind in ("text/plain", "text/html") and not _is_file(part):
        (found.html if kind == "text/html" else found.texts).append(_text(part))
    elif kind.startswith("multipart/"):  # it says so and has no parts: what is there is text
        found.texts.append(_text(part))
    elif kind not in _MACHINE_PARTS and (file := _file(part)) is not None:
        found.files.append(file)


def _read_best(children: list[Message], found: _Found, top: Message) -> None:
    """Of the forms of one text the plain one, unless it is empty; the files of all of them."""
    forms = []
    for each in children:
        form = _Found()
        _read(each, form, top)
        forms.append(form)
        found.files += form.files
        found.reports += form.reports
        found.returned += form.returned
    best = next((form for form in forms if "".join(form.texts).strip()),
                next((form for form in forms if "".join(form.html).strip()), None))
    if best is not None:
        found.texts.append(_joined(best))


def _joined(found: _Found) -> str:
    """Several texts one below the other; of HTML beside them only when they are empty, for it says the same or decorates."""
    plain = [each.strip("\n") for each in found.texts if each.strip()]
    if not plain:
        plain = [text for each in found.html if (text := texts.of_html(each)).strip()]
    return "\n\n".join(plain)


def _bytes(part: Message) -> bytes:
    try:
        payload = part.get_payload(decode=True)
    except _READERS_TROUBLE:
        payload = None
    if isinstance(payload, bytes):
        return payload
    given = part.get_payload()
    return given.encode("utf-8", "surrogateescape") if isinstance(given, str) else b""


def _text(part: Message) -> str:
    text = headers.decoded(_bytes(part), _parameter(part, "charset")).replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    if _parameter(part, "format").lower() == "flowed":
        text = texts.flowed(text, drop_space=_parameter(part, "delsp").lower() == "yes")
    return text


def _plain(message: Message) -> str:
    """A message within the message, as it is written."""
    try:
        return message.as_string()
    except (*_READERS_TROUBLE, RecursionError):
        return "\n".join(f"{name}: {value}" for name, value in message.raw_items())


def _is_file(part: Message) -> bool:
    return str(part.get("content-disposition", "")).strip().lower().startswith("attachment") or bool(_file_name(part))


def _file_name(part: Message) -> str:
    return _parameter(part, "filename", "content-disposition") or _parameter(part, "name")


def _file(part: Message) -> Attachment | None:
    kind, data = _type(part), _bytes(part)
    if not data:
        return None
    name = _file_name(part)
    if "." not in name.replace("\\", "/").rpartition("/")[2].strip("."):
        guessed = mimetypes.guess_extension(kind) or ""
        name = f"{name or kind.partition('/')[0]}{guessed}"
    disposition = str(part.get("content-disposition", "")).strip().lower()
    return Attachment(name, kind, data, shown=bool(part.get("content-id")) and not disposition.startswith("attachment"))


def _forwarded(message: Message) -> Attachment:
    subject = headers.line(str(message.get("subject", ""))) or "mail"
    name = re.sub(r"[^\w .-]+", " ", subject).strip()[:100] or "mail"
    return Attachment(f"{name}.eml", "message/rfc822", _plain(message).encode("utf-8", "surrogateescape"))


def _sender(head: Mapping[str, list[str]]) -> tuple[str, str]:
    """(name, address) of who says to have written it; empty when nobody does."""
    for name in ("from", "sender", "reply-to", "return-path"):
        if found := headers.addresses(head.get(name, ())):
            return found[0]
    return "", ""

