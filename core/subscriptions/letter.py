"""The mail of a report: the main figures, the way to the page, and to ending it. In the present language."""

from __future__ import annotations

from html import escape

from core.i18n import _, current_locale
from core.notifications import templates
from core.subscriptions.making import Made

_SMALL = "margin: 24px 0 0; padding-top: 12px; border-top: 1px solid #d5d8df; font-size: 13px; color: #5c6270"
_ANCHOR = "color: #0b5cad"
_NAME, _VALUE = "padding: 6px 16px 6px 0; border-bottom: 1px solid #e4e6eb", "padding: 6px 0; border-bottom: 1px solid #e4e6eb"


def subject(made: Made) -> str:
    """One line."""
    return " ".join(_("{report}: {about}").format(report=made.title, about=made.about).split())


def text(made: Made, name: str, ending: str) -> str:
    """The plain part."""
    figures = "\n".join(f"{each}: {value}" for each, value in made.figures)
    return "\n\n".join((*_opening(made, name), figures, _file_words(made), f"{_('On screen:')} {made.link}",
                        f"-- \n{_ending()} {_('To stop it:')}\n{ending}")) + "\n"


def html(made: Made, name: str, ending: str) -> str:
    """The HTML part: no image, no script, nothing that is fetched."""
    rows = "".join(f'<tr><td style="{_NAME}">{escape(each)}</td><td align="right" style="{_VALUE}"><strong>{escape(value)}'
                   "</strong></td></tr>" for each, value in made.figures)
    paragraphs = "".join(f'<p style="margin: 0 0 16px">{escape(each)}</p>' for each in _opening(made, name))
    open_page = f'<a href="{escape(made.link)}" style="{_ANCHOR}">{escape(_("Open it on screen"))}</a>'
    stop = f'<a href="{escape(ending)}" style="{_ANCHOR}">{escape(_("Stop it"))}</a>'
    end = f'<p style="{_SMALL}">{escape(_ending())}<br>{stop}</p>'
    table = ('<table cellspacing="0" cellpadding="0" style="border-collapse: collapse; margin: 0 0 16px; width: 100%">'
             f"{rows}</table>")
    return templates.framed(f'{paragraphs}{table}<p style="margin: 0 0 16px">{escape(_file_words(made))}</p>'
                            f'<p style="margin: 0">{open_page}</p>{end}', current_locale())


def _opening(made: Made, name: str) -> tuple[str, str]:
    return _("Hello {name},").format(name=name), _("{report}: {about}.").format(report=made.title, about=made.about)


def _file_words(made: Made) -> str:
    return made.why if made.file is None else _("The file {name} is attached.").format(name=made.file.name)


def _ending() -> str:
    return _("You get this report because you subscribed to it.")


def paused_subject(name: str) -> str:
    """One line, about a subscription that cannot go on."""
    return _("Your report {name} is paused").format(name=name) if name else _("One of your reports is paused")


def paused_text(name: str, reason: str, link: str) -> str:
    """Why it is paused, and where to resume or end it."""
    where = _("Nothing more is sent until you resume it. Your subscriptions are here: {link}").format(link=link)
    return "\n\n".join((_("Hello {name},").format(name=name), reason, where)) + "\n"
