"""Messages as people and machines write them; all of them are made up."""

from __future__ import annotations

from email.message import EmailMessage
from typing import Any


def letter(text: str = "La terminal no imprime desde ayer.", *, sender: str = "Ana Ruiz <ana@cliente.example>",
           to: str = "soporte@mesa.example", subject: str = "Terminal sin papel", message_id: str = "<1@cliente.example>",
           files: tuple[tuple[str, str, bytes], ...] = (), **headers: str) -> bytes:
    """A plain message; `files` are (name, type, content); a header of another name is written `auto_submitted="..."`."""
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = sender, to, subject
    made["Date"] = "Thu, 26 Nov 2026 09:00:00 -0600"
    if message_id:
        made["Message-ID"] = message_id
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    made.set_content(text)
    for name, kind, content in files:
        main, _slash, sub = kind.partition("/")
        made.add_attachment(content, maintype=main, subtype=sub, filename=name)
    return made.as_bytes()


def report(original_id: str, *, status: str = "5.1.1", action: str = "failed", address: str = "ana@cliente.example",
           said: str = "smtp; 550 5.1.1 user unknown") -> bytes:
    """A delivery report as Postfix writes them (RFC 3464)."""
    return f"""Return-Path: <>
From: MAILER-DAEMON@mx.example (Mail Delivery System)
To: soporte@mesa.example
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
Message-ID: <r{status}{action}@mx.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="B"

--B
Content-Type: text/plain; charset=us-ascii

This is the mail system at host mx.example.

--B
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; {address}
Action: {action}
Status: {status}
Diagnostic-Code: {said}

--B
Content-Type: text/rfc822-headers

From: soporte@mesa.example
To: {address}
Message-ID: {original_id}
Subject: Su ticket

--B--
""".replace("\n", "\r\n").encode()


def parts(*pieces: Any) -> bytes:
    """A raw message from its pieces, text or bytes, with the line ends of the wire."""
    return b"".join(each if isinstance(each, bytes) else str(each).encode() for each in pieces).replace(b"\n", b"\r\n")
