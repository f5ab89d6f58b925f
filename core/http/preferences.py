"""/preferences/{token}: what the recipient of a mail wants to receive, or the end of a subscription; without signing in.

Programs that check mails open every link, so GET and HEAD change nothing. POST does, by the form, or by the one click of a
mail program (RFC 8058: `List-Unsubscribe=One-Click`, no cookies, no redirect).
"""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from core import i18n, work
from core.access import SYSTEM
from core.accounts.notices import Notice
from core.errors import Conflict, NotFound
from core.http import forms, sheets
from core.http.limits import Limit
from core.i18n import _, labels
from core.notifications import preferences
from core.subscriptions import unsubscribing
from core.work import Work

VISITS = Limit(120, 60)  # of an address
CHANGES = Limit(60, 3600)  # by one link
Found = preferences.Sheet | unsubscribing.Sheet


def show(request: Request) -> Response:
    """GET: the choices; `?done=1` after a change. The same 404 for whatever is no link of ours."""
    if not VISITS.take(_address(request)):
        return _later()
    found = _found(request.path_params["token"])
    return _missing() if found is None else _page(found, done="done" in request.query_params)


async def change(request: Request) -> Response:
    """POST: one click stops such mails; the form stops them or keeps the choices, then shows the page again (303)."""
    token = request.path_params["token"]
    if not (VISITS.take(_address(request)) and CHANGES.take(token)):
        return _later()
    sent = await forms.fields(request) or {}
    return await run_in_threadpool(_changed, token, sent)


def _changed(token: str, sent: dict[str, str]) -> Response:
    found = _found(token)
    if found is None:
        return _missing()
    once = sent.get("List-Unsubscribe") == "One-Click"
    if once or sent.get("action") in ("stop", "save"):
        try:
            forms.kept(_step(found, token, {} if once else sent))
        except NotFound:
            return _missing()
        except Conflict as refusal:
            return Response(status_code=503, headers=sheets.HEADERS) if once else _page(found, done=False, wrong=str(refusal))
    if once:
        after = _found(token)
        return _missing() if after is None else _page(after, done=True)
    return RedirectResponse(f"{token}?done=1", 303, sheets.HEADERS)


def _step(found: Found, token: str, sent: dict[str, str]) -> Callable[[Work], None]:
    if isinstance(found, unsubscribing.Sheet):
        return lambda opened: unsubscribing.stop(opened, token)
    if sent.get("action") == "save":
        chosen = {notice: sent.get(notice.value) == "on" for notice in found.chosen}
        return lambda opened: preferences.choose(opened, token, chosen)
    return lambda opened: preferences.stop(opened, token)


def _found(token: str) -> Found | None:
    with work.reading(SYSTEM) as opened:
        try:
            return preferences.sheet(opened, token)
        except NotFound:
            pass
        try:
            return unsubscribing.sheet(opened, token)
        except NotFound:
            return None


def _page(found: Found, *, done: bool, wrong: str = "") -> Response:
    with i18n.speaking(found.language):
        told, status = (sheets.paragraph(wrong, "wrong"), 409) if wrong else ("", 200)
        if isinstance(found, unsubscribing.Sheet):
            return sheets.page(_("Your report by mail"), told + _subscription(found), status)
        return sheets.page(_("What you receive by mail"), told + _choices(found, done=done), status)


def _subscription(found: unsubscribing.Sheet) -> str:
    named = sheets.paragraph(found.name or _("A saved view that does not exist any more"), "quiet")
    if found.stopped:
        return named + sheets.paragraph(_("It is stopped. You can resume it in your profile."), "done")
    return named + _form(f'<input type="hidden" name="action" value="stop">{_button(_("Stop this report"))}')


def _choices(found: preferences.Sheet, *, done: bool) -> str:
    body = sheets.paragraph(_("Mails to {address}").format(address=found.address), "quiet")
    if found.stopped:
        body += sheets.paragraph(_("You get no more mails of this kind: {kind}.").format(kind=_words(found.notice)), "done")
    else:
        body += sheets.paragraph(_("Your choices were saved."), "done") if done else ""
        body += sheets.paragraph(_("The mail you came from is of this kind: {kind}.").format(kind=_words(found.notice)))
        body += _form(f'<input type="hidden" name="action" value="stop">{_button(_("No more mails of this kind"))}')
    boxes = "".join(
        f'<label class="choice"><input type="checkbox" name="{notice.value}"{" checked" if wanted else ""}>'
        f"{escape(_words(notice))}</label>" for notice, wanted in found.chosen.items())
    legend = f"<legend>{escape(_('What you want to receive'))}</legend>"
    return body + _form(f'<input type="hidden" name="action" value="save"><fieldset>{legend}{boxes}</fieldset>'
                        f'{_button(_("Save my choices"))}')


def _words(notice: Notice) -> str:
    return labels.notice(notice.value)


def _button(words: str) -> str:
    return f'<button type="submit">{escape(words)}</button>'


def _form(body: str) -> str:
    return f'<form method="post">{body}</form>'


def _missing() -> Response:
    return sheets.page(_("This link does not work"), sheets.paragraph(
        _("This link is not valid. Sign in to choose in your profile what you receive, or answer any of our mails.")), 404)


def _later() -> Response:
    return sheets.page(_("Too many attempts"), sheets.paragraph(_("Wait a few minutes and try again. Nothing was saved.")), 429)


def _address(request: Request) -> str:
    return request.client.host if request.client else "?"


ROUTES = [Route("/preferences/{token}", show, methods=["GET"]), Route("/preferences/{token}", change, methods=["POST"])]
