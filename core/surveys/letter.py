"""The survey's mail: five links, each with its score in words. In the present language; text and HTML say the same."""

from __future__ import annotations

from html import escape

from core.i18n import _, formats
from core.surveys.links import address
from core.tickets.surveys import Asked

STARS = range(5, 0, -1)
# Constant style: what mail programs show alike, legible on a light and on a dark background.
_LINK = ("display:block;margin:6px 0;padding:10px 14px;border:1px solid #8a94a3;border-radius:8px;text-decoration:none;"
         "color:#1f5fa8;background:#ffffff;font-weight:600;max-width:320px")


def word(score: int) -> str:
    """What a score from 1 to 5 means."""
    return (_("Very bad"), _("Bad"), _("Neither good nor bad"), _("Good"), _("Very good"))[score - 1]


def stars(score: int) -> str:
    """`★★★★☆`: never alone, the word stands beside it."""
    return "★" * score + "☆" * (5 - score)


def subject(asked: Asked) -> str:
    """One line."""
    return _("How did we do? Ticket {number}").format(number=asked.number)


def text(asked: Asked, token: str, days: int) -> str:
    """The plain part."""
    links = "\n".join(f"{stars(score)} {word(score)}: {address(token, score)}" for score in STARS)
    return "\n\n".join((*_opening(asked), links, _closing(days))) + "\n"


def html(asked: Asked, token: str, days: int) -> str:
    """The HTML part: no image, no script, nothing that is fetched."""
    links = "".join(f'<a href="{escape(address(token, score))}" style="{_LINK}">{stars(score)} {escape(word(score))}</a>'
                    for score in STARS)
    before = "".join(f"<p>{escape(each)}</p>" for each in _opening(asked))
    return f"{before}{links}<p>{escape(_closing(days))}</p>"


def _opening(asked: Asked) -> tuple[str, str]:
    return (_("Hello {name},").format(name=asked.name),
            _("We have resolved your ticket {number}: {subject}. How do you rate the attention you received?").format(
                number=asked.number, subject=asked.subject))


def _closing(days: int) -> str:
    return _("The link opens a page where you can also write a comment. It works for {days} days, and you can change your answer "
             "until then. We ask only once for each ticket.").format(days=formats.number(days))
