"""Trying the mail server while somebody waits: each step with what the server answered. No transaction is open meanwhile."""

from __future__ import annotations

import smtplib
from collections.abc import Callable
from dataclasses import dataclass

from core.access import Actor, Permission
from core.audit import Action
from core.errors import Forbidden, Invalid
from core.i18n import _
from core.notifications import smtp
from core.notifications.sender import ADDRESS, NAME, BadServer, Sender, Server, is_address, sender, server
from core.notifications.smtp import Unreachable
from core.work import Work, begin, reading

PATIENCE = 10.0  # seconds for each step


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of a try: whether mail would leave, and what was said, step by step (in the form of `Outcome.reason`)."""

    ok: bool
    said: tuple[str, ...]


def save_sender(work: Work, name: str, address: str) -> None:
    """Keep the name and address that mails come from; empty ones go back to what the environment suggests.

    Needs MANAGE_CATALOGUES. Raises Invalid by field.
    """
    work.require(Permission.MANAGE_CATALOGUES)
    clean, mailbox = " ".join(name.split()), address.strip().lower()
    wrong = {}
    if len(clean) > 80 or (clean and not clean.isprintable()):
        wrong["name"] = _("Write a name of at most 80 characters.")
    if mailbox and not is_address(mailbox):
        wrong["address"] = _("This is no e-mail address.")
    if wrong:
        raise Invalid(wrong)
    before = {"name": work.setting(NAME, ""), "address": work.setting(ADDRESS, "")}
    after = {"name": clean, "address": mailbox}
    if before == after:
        return
    work.set_setting(NAME, clean)
    work.set_setting(ADDRESS, mailbox)
    changed = [each for each in after if before[each] != after[each]]
    work.record(Action.MAIL_SETTINGS, object_kind="setting", object_id="mail", before={each: before[each] for each in changed},
                after={each: after[each] for each in changed})


def try_server(actor: Actor, to: str) -> Tried:
    """Connect, sign in, and ask whether the server would take a mail to an address; nothing is sent. The try is in the trail.

    Raises Forbidden, Invalid (no address).
    """
    if not actor.may(Permission.MANAGE_CATALOGUES):
        raise Forbidden()
    if not is_address(to.strip()):
        raise Invalid({"to": _("This is no e-mail address.")})
    return _tried(actor, to.strip())


def try_sender(actor: Actor) -> Tried:
    """Connect, sign in, and ask whether the server takes the desk as sender; as `try_server` otherwise. Raises Forbidden."""
    if not actor.may(Permission.MANAGE_CATALOGUES):
        raise Forbidden()
    return _tried(actor, None)


def _tried(actor: Actor, to: str | None) -> Tried:
    with reading(actor) as work:
        own = sender(work)
    try:
        found = server()
        tried = Tried(False, ()) if found is None else _asked(found, own, to)
    except BadServer:
        tried = Tried(False, ())
    with begin(actor) as work:
        work.record(Action.MAIL_TESTED, object_kind="setting", object_id="mail", after={"ok": tried.ok})
    return tried


def _asked(found: Server, own: Sender, to: str | None) -> Tried:
    try:
        connection = smtp.connect(found, own, timeout=PATIENCE)
    except Unreachable as error:
        return Tried(False, (str(error),))
    said: list[str] = []
    ok = True
    steps: list[Callable[[smtplib.SMTP], tuple[int, bytes]]] = [lambda line: line.ehlo(), lambda line: line.mail(own.address)]
    if to is not None:
        steps.append(lambda line: line.rcpt(to))
    steps.append(lambda line: line.rset())
    try:
        for step in steps:
            code, text = step(connection.line)
            said.append(smtp.said(code, text))
            ok = ok and 200 <= code < 300
            if not ok:
                break
    except (smtplib.SMTPException, OSError):
        said.append("!dropped")
        ok = False
    finally:
        connection.close()
    return Tried(ok, tuple(said))
