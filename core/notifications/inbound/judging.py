"""Who or what wrote a mail: a person, or a machine that must open nothing and get no answer. Pure.

By the headers of RFC 3834 (automatic answers), RFC 3464 (delivery reports), RFC 8098 (receipts) and RFC 5965 (complaints), and,
for the many programs that keep to none of them, by senders and subjects they are known for.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from core.notifications.inbound.parsing import Parsed
from core.notifications.sender import Sender


class Author(StrEnum):
    """Who wrote it."""

    PERSON = "person"
    DESK = "desk"
    MAIL_SERVER = "mail_server"
    MACHINE = "machine"
    SERVICE = "service"


@dataclass(frozen=True, slots=True)
class Judged:
    """Who wrote a mail, and the code of the reason (of `states.REASONS`; empty for a person).

    `sure`: its headers say so. Where only the subject does, a person may have written it, and a person decides.
    """

    author: Author
    reason: str = ""
    sure: bool = True


_PERSON = Judged(Author.PERSON)
_MAILER = re.compile(r"(?:mailer[-._]?daemon|mail[._-]?(?:daemon|system|delivery[._-]?(?:system|subsystem)))(?:[+=._-].*)?",
                     re.IGNORECASE)
_POSTMASTER = re.compile(r"po+stmaster(?:[+=._-].*)?", re.IGNORECASE)
_SERVICE = re.compile(r"(?:no[-._]?reply|do[-._]?not[-._]?reply|nao[-._]?responda|no[-._]?responder?|noresponder|notifications?|"
                      r"bounces?|listserv|majordomo|mailman)(?:[-+=_.].*)?|.*[-._](?:no[-._]?reply|bounces?)", re.IGNORECASE)
_RETURNED = re.compile(
    r"deliver(?:y|ies)\s+(?:status\s+notification|notification|failure|report|has\s+failed|status$)|undeliver(?:able|ed)|"
    r"returned\s+(?:mail|to\s+sender)|mail\s+delivery\s+(?:failed|failure|error|system)|failure\s+notice|non[- ]?delivery|"
    r"could\s+not\s+be\s+delivered|delayed\s+mail|message\s+.*delayed|bounce\s+notification|banned\s+file|"
    r"no\s+se\s+(?:pudo|ha\s+podido)\s+entregar|no\s+entregado|error\s+de\s+entrega|correo\s+devuelto|mensaje\s+devuelto|"
    r"n[aã]o\s+(?:entregue|foi\s+entregue|p[oô]de\s+ser\s+entregue)|falha\s+(?:na|de)\s+entrega|devolvid[oa]|postmaster\s+notify|"
    r"mail\s+system\s+error|unzustellbar|メールエラー通知", re.IGNORECASE)
_AWAY = re.compile(
    r"^(?:(?:re|rv|fwd?|res|aw)\s*:\s*)*(?:auto(?:matic|mated|m[aá]tica)?[-\s:]*(?:reply|response|resposta|respuesta|answer)|auto\s*:|"
    r"respuesta\s+autom[aá]tica|resposta\s+autom[aá]tica|out\s+of\s+(?:the\s+)?office|fuera\s+de\s+(?:la\s+)?oficina|"
    r"ausente\s+d[eao]|ausencia(?:\s+temporal)?\s*:|aus[eê]ncia\s+tempor[aá]ria|fora\s+do\s+escrit[oó]rio|away\s+(?:until|from)|"
    r"estoy\s+de\s+vacaciones|on\s+vacation|abwesenheit)", re.IGNORECASE)
_ANSWERING = re.compile(r"^(?:automatic\s+reply|auto(?:matic)?[-\s]*(?:reply|response)|respuesta\s+autom[aá]tica|"
                        r"resposta\s+autom[aá]tica|out\s+of\s+(?:the\s+)?office|fuera\s+de\s+(?:la\s+)?oficina|"
                        r"fora\s+do\s+escrit[oó]rio)\s*(?::|$)", re.IGNORECASE)
_CODE = re.compile(
    r"(?:verification|security|confirmation|one[- ]time|login|sign[- ]?in|access|activation)\s+(?:code|pin|password)|"
    r"(?:verify|confirm|validate|activate)\s+(?:your|the|this)\s+(?:e-?mail|account|address|identity|registration)|"
    r"c[oó]digo\s+(?:de\s+)?(?:verificaci[oó]n|seguridad|confirmaci[oó]n|acceso|activaci[oó]n|verifica[cç][aã]o|seguran[cç]a)|"
    r"(?:verifi(?:que|ca)|confirm(?:e|a)|valide|valida|activ(?:e|a))\s+(?:su|tu|la|el|seu|sua)\s+(?:correo|cuenta|direcci[oó]n|e-?mail|conta)|"
    r"has\s+invited\s+you\s+to\s+(?:join|work)|te\s+(?:ha\s+)?invit(?:ado|[oó])\s+a\s+unirte|reset\s+your\s+password|"
    r"restable(?:zca|ce|cer)\s+(?:su|tu|la)\s+contrase", re.IGNORECASE)
_ABUSE = re.compile(r"complaint\s+about\s+message|e?mail\s+feedback\s+report|abuse\s+report|dmarc\s+(?:forensic|aggregate)|"
                    r"report\s+domain:",
                    re.IGNORECASE)


def judge(mail: Parsed, own: Sender) -> Judged:
    """Who wrote it. What this takes for a machine's opens no ticket, is answered by nothing and reopens nothing."""
    if _is_own(mail, own):
        return Judged(Author.DESK, "own")
    if mail.report_type in ("delivery-status", "") and _is_returned(mail):
        return Judged(Author.MAIL_SERVER, "bounce")
    for reason, found in (("report", _is_report), ("receipt", _is_receipt), ("auto_reply", _is_automatic), ("list", _is_list)):
        if found(mail):
            return Judged(Author.MACHINE, reason)
    for reason, subjects in (("report", _ABUSE), ("auto_reply", _AWAY)):
        if subjects.search(mail.subject):
            return Judged(Author.MACHINE, reason, sure=_is_service(mail) or _ANSWERING.match(mail.subject) is not None)
    if _CODE.search(mail.subject) or (_is_service(mail) and _CODE.search(mail.text[:2_000])):
        return Judged(Author.SERVICE, "verification")
    return Judged(Author.SERVICE, "machine") if _is_service(mail) else _PERSON


def _is_own(mail: Parsed, own: Sender) -> bool:
    """From the desk's own mailbox, or a mail of its own that came back as it left."""
    ours = re.fullmatch(rf"<(?:t\.[a-z2-7]{{52}}|m)\.\d+@{re.escape(own.domain.lower())}>", mail.message_id.lower())
    return own.is_own(mail.sender) or ours is not None


def _local(mail: Parsed) -> str:
    return mail.sender.rpartition("@")[0]


def _no_return_path(mail: Parsed) -> bool:
    """The empty envelope sender of RFC 5321, which only machines have, or the name that old programs write instead."""
    path = mail.first("return-path").strip()
    return path == "<>" or _MAILER.fullmatch(path.strip("<>").partition("@")[0]) is not None


def _is_returned(mail: Parsed) -> bool:
    if mail.content_type == "multipart/report" and mail.report_type == "delivery-status":
        return True
    if mail.head.get("x-failed-recipients") or _MAILER.fullmatch(_local(mail)) or "mailer-daemon" in mail.first("from").lower():
        return True
    machine = _no_return_path(mail) or _POSTMASTER.fullmatch(_local(mail)) is not None or _is_service(mail)
    return bool(mail.reports and machine) or bool(machine and _RETURNED.search(mail.subject))


def _is_report(mail: Parsed) -> bool:
    return mail.report_type == "feedback-report"


def _is_receipt(mail: Parsed) -> bool:
    return mail.report_type == "disposition-notification"


def _is_automatic(mail: Parsed) -> bool:
    said = mail.first("auto-submitted").partition(";")[0].strip().lower()
    if said and not said.startswith("no"):
        return True
    if any(mail.head.get(name) for name in ("x-autoreply", "x-autorespond", "x-autoresponder", "x-auto-reply-from",
                                            "x-autogenerated", "x-mail-autoreply")):
        return True
    return mail.first("precedence").lower() == "auto_reply" or _no_return_path(mail)


def _is_list(mail: Parsed) -> bool:
    named = any(mail.head.get(name) for name in ("list-id", "list-post", "mailing-list", "x-mailing-list", "x-beenthere"))
    return named or mail.first("precedence").lower() in ("bulk", "list", "junk")


def _is_service(mail: Parsed) -> bool:
    return _SERVICE.fullmatch(_local(mail)) is not None or _POSTMASTER.fullmatch(_local(mail)) is not None
