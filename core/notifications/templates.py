"""Templates of mails: as they came or as an administrator changed them, filled for one recipient as text and as HTML."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

from core import i18n
from core.access import Permission
from core.audit import Action
from core.config import get_settings
from core.errors import Conflict, Invalid, NotFound
from core.i18n import _
from core.i18n.catalogue import LOCALES
from core.notifications import blocks, preferences
from core.notifications.blocks import Block
from core.notifications.kinds import MailKind
from core.notifications.models import MailTemplate
from core.notifications.wording import BLOCKS, NEW, NEW_SAMPLES, SAMPLES, SAMPLES_OF, WORDINGS
from core.work import Work

LONGEST_SUBJECT, LONGEST_BODY = 200, 5_000
# Where the link of an example leads; without a word here, to the ticket.
_PAGES = {MailKind.INVITATION: "/?key=…", MailKind.PASSWORD: "/?key=…", MailKind.UNDECIDED: "/mail?part=received",
          MailKind.REPORT: "/reports?kind=attended&period=2026-11-23..2026-11-23", MailKind.REPORT_PAUSED: "/profile"}
_VARIABLE = re.compile(r"\{([^{}]*)\}")
_STYLE = ("font-family: 'Source Sans 3', 'Segoe UI', Arial, sans-serif; font-size: 16px; line-height: 1.5; color: #262730; "
          "overflow-wrap: anywhere")


@dataclass(frozen=True, slots=True)
class Template:
    """Subject and text with variables in braces; `version` 0: as it came with the program."""

    kind: MailKind
    language: str
    subject: str
    body: str
    version: int = 0


@dataclass(frozen=True, slots=True)
class Rendered:
    """A mail's subject, plain text and HTML."""

    subject: str
    text: str
    html: str


def template(work: Work, kind: MailKind, language: str) -> Template:
    """The template in use. Raises NotFound for a kind or language that has none."""
    original = default(kind, language)
    row = work.session.get(MailTemplate, (kind.value, language))
    return original if row is None else Template(kind, language, row.subject, row.body, row.version)


def default(kind: MailKind, language: str) -> Template:
    """The template as it came with the program. Raises NotFound."""
    if kind not in WORDINGS or language not in LOCALES:
        raise NotFound()
    with i18n.speaking(language):
        return Template(kind, language, _(WORDINGS[kind].subject), _(WORDINGS[kind].body))


def save_template(work: Work, kind: MailKind, language: str, subject: str, body: str, *, version: int) -> Template:
    """Keep another template. Raises Invalid by field (`subject`, `body`), also for a variable that nothing fills; Conflict."""
    work.require(Permission.MANAGE_CATALOGUES)
    before = template(work, kind, language)
    checked = check(kind, subject, body)
    row = work.session.get(MailTemplate, (kind.value, language), with_for_update=True)
    if (row.version if row else 0) != version:
        raise Conflict()
    if (before.subject, before.body) == (checked.subject, checked.body):
        return before
    if row is None:
        row = MailTemplate(kind=kind.value, language=language)
        work.session.add(row)
    row.subject, row.body, row.updated_at, row.updated_by = checked.subject, checked.body, work.now, work.actor.user_id
    work.session.flush()
    work.record(Action.MAIL_TEMPLATE_SAVED, object_kind="mail_template", object_id=f"{kind}/{language}",
                before={"subject": before.subject, "text": before.body}, after={"subject": row.subject, "text": row.body})
    return Template(kind, language, row.subject, row.body, row.version)


def reset_template(work: Work, kind: MailKind, language: str) -> Template:
    """Go back to the template that came with the program."""
    work.require(Permission.MANAGE_CATALOGUES)
    original = default(kind, language)
    row = work.session.get(MailTemplate, (kind.value, language))
    if row is not None:
        work.record(Action.MAIL_TEMPLATE_RESET, object_kind="mail_template", object_id=f"{kind}/{language}",
                    before={"subject": row.subject, "text": row.body})
        work.session.delete(row)
        work.session.flush()
    return original


def check(kind: MailKind, subject: str, body: str) -> Template:
    """A template as it may be kept, cleaned. Raises Invalid by field, NotFound for a kind without templates."""
    if kind not in WORDINGS:
        raise NotFound()
    title, text = subject.strip(), body.replace("\r\n", "\n").replace("\x00", "").strip()
    wrong = {}
    if not title or len(title) > LONGEST_SUBJECT or not title.isprintable():
        wrong["subject"] = _("Write a subject of one line (at most {limit} characters).").format(limit=LONGEST_SUBJECT)
    elif unknown := _unknown(kind, title, blocks=False):
        wrong["subject"] = unknown
    if not text or len(text) > LONGEST_BODY:
        wrong["body"] = _("Write a text (at most {limit} characters).").format(limit=LONGEST_BODY)
    elif unknown := _unknown(kind, text):
        wrong["body"] = unknown
    elif missing := [each for each in WORDINGS[kind].needed if f"{{{each}}}" not in text]:
        wrong["body"] = _("{variable} must stand in this text.").format(variable=f"{{{missing[0]}}}")
    if wrong:
        raise Invalid(wrong)
    return Template(kind, "", title, text)


def _unknown(kind: MailKind, text: str, *, blocks: bool = True) -> str | None:
    known = [each for each in WORDINGS[kind].variables if blocks or each not in BLOCKS]
    for name in _VARIABLE.findall(text):
        if name not in known:
            return _("Nothing fills {variable}. There are: {known}.").format(
                variable=f"{{{name}}}", known=", ".join(f"{{{each}}}" for each in known))
    if re.search(r"[{}]", _VARIABLE.sub("", text)):
        return _("A brace stands alone. Write variables like {example}.").format(example="{nombre}")
    return None


def rendered(chosen: Template, values: Mapping[str, str | Block], *, choices: str = "", stop: str = "") -> Rendered:
    """The template filled. A line with a variable that is empty is left out, a paragraph with an empty quotation, too.

    `choices`: the address of the page where the recipient chooses what to receive; the end of the mail says so. `stop`: the
    address that ends a report that somebody subscribed to.
    """
    made = {name: value.html for name, value in values.items() if isinstance(value, Block)}
    words = {name: value.text if isinstance(value, Block) else value for name, value in values.items()}
    subject = " ".join(_VARIABLE.sub(lambda found: words.get(found[1], ""), chosen.subject).split())[:250]
    paragraphs = [kept for each in re.split(r"\n{2,}", chosen.body) if (kept := _kept(each, words))]
    text = "\n\n".join(_VARIABLE.sub(lambda found: _plain(found[1], words), each) for each in paragraphs)
    html = "".join(f'<div style="margin: 0 0 16px">{_html(each, words, made)}</div>' for each in paragraphs)
    with i18n.speaking(chosen.language):
        for sentence, link in ((_("Choose what you want to receive, or stop these mails"), choices),
                               (_("You get this report because you subscribed to it. Stop it"), stop)):
            if link:
                text, html = f"{text}\n\n-- \n{sentence}:\n{link}", html + _footer(sentence, link)
    return Rendered(subject, text, _framed(html, chosen.language))


def _framed(html: str, language: str) -> str:
    return f'<div lang="{language}" style="{_STYLE}; max-width: 640px">{html}</div>'


def _footer(words: str, link: str) -> str:
    return (f'<p style="margin: 24px 0 0; padding-top: 12px; border-top: 1px solid #d5d8df; font-size: 13px; color: #5c6270">'
            f'<a href="{escape(link)}" style="color: #0b5cad">{escape(words)}</a></p>')


def preview(chosen: Template) -> Rendered:
    """The template filled with an example. The words of the example are in its language."""
    kind, base = chosen.kind, get_settings().base_url.rstrip("/")
    with i18n.speaking(chosen.language):
        own = (NEW_SAMPLES if kind in NEW else {}) | SAMPLES_OF.get(kind, {})
        values: dict[str, str | Block] = {name: _(text) for name, text in (SAMPLES | own).items()}
        values |= {"mesa": _("Help desk"), "archivo": _("The file {name} is attached.").format(name="2026-11-23.xlsx"),
                   "calificacion": blocks.scores(lambda score: f"{base}/survey/…?score={score}"),
                   "cifras": blocks.figures([(_("Tickets attended"), "128")])}
    values |= {"enlace": f"{base}{_PAGES.get(kind, '/ticket?number=11768')}", "vence": "23/11/2026 16:00", "dias": "14"}
    return rendered(chosen, values, choices=f"{base}{preferences.PATH}/…" if kind in preferences.NOTICES else "",
                    stop=f"{base}{preferences.PATH}/…" if kind is MailKind.REPORT else "")


def _kept(paragraph: str, values: Mapping[str, str]) -> str:
    names = _VARIABLE.findall(paragraph)
    if any(name in BLOCKS and not values.get(name) for name in names):
        return ""
    return "\n".join(line for line in paragraph.split("\n") if all(values.get(each) for each in _VARIABLE.findall(line)))


def _plain(name: str, values: Mapping[str, str]) -> str:
    value = values.get(name, "")
    return "\n".join(f"> {line}".rstrip() for line in value.split("\n")) if name == "respuesta" else value


def _html(paragraph: str, values: Mapping[str, str], made: Mapping[str, str]) -> str:
    parts = []
    for place, piece in enumerate(_VARIABLE.split(paragraph)):
        parts.append(escape(piece).replace("\n", "<br>\n") if place % 2 == 0 else
                     made[piece] if piece in made else _html_value(piece, values.get(piece, "")))
    return "".join(parts)


def _html_value(name: str, value: str) -> str:
    if name == "enlace":
        return _anchor(value)
    safe = escape(value).replace("\n", "<br>\n")
    if name == "respuesta":
        return f'<span style="display: block; margin: 8px 0; padding: 4px 12px; border-left: 3px solid #b8bfcc">{safe}</span>'
    return safe


def _anchor(url: str) -> str:
    return f'<a href="{escape(url)}" style="color: #0b5cad; overflow-wrap: anywhere">{escape(url)}</a>'
