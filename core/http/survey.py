"""/survey/{token}: the page behind the five links of a survey's mail.

Programs that check mails open every link in them, so opening the page records nothing: it shows the score that was clicked,
chosen already, and the button that sends it. HEAD and GET never write.
"""

from __future__ import annotations

from html import escape

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from core import i18n, work
from core.access import SYSTEM
from core.errors import DeskError, NotFound
from core.http import forms, sheets
from core.http.limits import Limit
from core.i18n import _
from core.notifications import blocks
from core.surveys import answering
from core.surveys.answering import Sheet
from core.tickets.ratings import BEST, MAX_COMMENT

ANSWERS = Limit(20, 3600)  # of one survey
VISITS = Limit(120, 60)  # of an address


def show(request: Request) -> Response:
    """GET: the survey with `?score=` chosen; `?done=1` after an answer. The same 404 for whatever is no living survey."""
    if not VISITS.take(_address(request)):
        return _later()
    found = _sheet(request.path_params["token"])
    if found is None:
        return _missing()
    with i18n.speaking(found.language):
        asked = request.query_params.get("score", "")
        chosen = int(asked) if asked in {str(score) for score in range(1, BEST + 1)} else found.score
        return _page(found, chosen, found.comment, done="done" in request.query_params and found.score > 0)


async def answer(request: Request) -> Response:
    """POST: keep `score` and `comment`, then show the page again (303). 422 with the sentence for a wrong one."""
    token = request.path_params["token"]
    if not (VISITS.take(_address(request)) and ANSWERS.take(token)):
        return _later()
    sent = await forms.fields(request)
    return await run_in_threadpool(_answered, token, sent or {})


def _answered(token: str, sent: dict[str, str]) -> Response:
    found = _sheet(token)
    if found is None:
        return _missing()
    text = sent.get("score", "")
    score, comment = int(text) if text in {"1", "2", "3", "4", "5"} else 0, sent.get("comment")
    comment = comment.replace("\r\n", "\n") if comment is not None else None
    with i18n.speaking(found.language):
        try:
            forms.kept(lambda opened: answering.answer(opened, token, score, comment))
        except NotFound:
            return _missing()
        except DeskError as refusal:
            return _page(found, score, comment or "", wrong=str(refusal))
    return RedirectResponse(f"{token}?done=1", 303, sheets.HEADERS)


def _sheet(token: str) -> Sheet | None:
    try:
        with work.reading(SYSTEM) as opened:
            return answering.sheet(opened, token)
    except NotFound:
        return None


def _page(found: Sheet, chosen: int, comment: str, *, done: bool = False, wrong: str = "") -> Response:
    title = _("How did we do?")
    about = sheets.paragraph(_("Ticket {number}: {subject}").format(number=found.number, subject=found.subject), "quiet")
    if not found.open:
        return sheets.page(title, about + sheets.paragraph(_("This ticket is open again and we keep working on it. You can rate "
                                                             "it with this link when it is resolved.")))
    thanks = _("Thank you. Your answer was saved; you can still change it or add a comment.")
    said = sheets.paragraph(thanks, "done") if done else ""
    said += sheets.paragraph(wrong, "wrong") if wrong else ""
    return sheets.page(title, about + said + _form(chosen, comment, again=found.score > 0), 422 if wrong else 200)


def _form(chosen: int, comment: str, *, again: bool) -> str:
    choices = "".join(
        f'<label class="choice"><input type="radio" name="score" value="{score}" required{" checked" if score == chosen else ""}>'
        f'<span aria-hidden="true">{blocks.stars(score)}</span>{escape(blocks.word(score))}</label>' for score in blocks.SCORES)
    button = _("Save the changes") if again else _("Send rating")
    return (f'<form method="post"><fieldset><legend>{escape(_("How do you rate the attention you received?"))}</legend>{choices}'
            f'</fieldset><label class="block" for="comment">{escape(_("Comment (optional)"))}</label>'
            f'<textarea id="comment" name="comment" maxlength="{MAX_COMMENT}">{escape(comment)}</textarea>'
            f'<button type="submit">{escape(button)}</button></form>')


def _missing() -> Response:
    return sheets.page(_("This link does not work"), sheets.paragraph(
        _("The link is not valid or its time is over. If you want to tell us something, answer any of our mails.")), 404)


def _later() -> Response:
    return sheets.page(_("Too many attempts"), sheets.paragraph(_("Wait a few minutes and try again. Nothing was saved.")), 429)


def _address(request: Request) -> str:
    return request.client.host if request.client else "?"


ROUTES = [Route("/survey/{token}", show, methods=["GET"]), Route("/survey/{token}", answer, methods=["POST"])]
