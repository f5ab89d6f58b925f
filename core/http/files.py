"""Routes of files: attachments of tickets and articles, and exports. Session cookie -> actor -> policy -> bytes."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route

from core import files, i18n, work
from core.access import Actor
from core.accounts import sessions
from core.errors import DeskError, NotFound
from core.exchange import offers
from core.http import cookies

# Features that keep files: each has `file_for(work, id) -> (name, stored id)`, which raises NotFound for strangers.
FEATURES = ("core.tickets.queries", "core.knowledge.queries", "core.notifications.inbound.received")
_PRIVATE = {"Cache-Control": "no-store, private", "Content-Security-Policy": "sandbox; default-src 'none'"}


def attachment(request: Request) -> Response:
    """GET /files/{id}: the file as a download, or the one 404 for missing, forbidden and signed out."""
    try:
        name, path = _attachment(_actor(request), request.path_params["identity"])
    except DeskError:
        return _missing()
    return _download(path, name)


def _attachment(actor: Actor, identity: str) -> tuple[str, Path]:
    with work.reading(actor) as opened:
        for feature in FEATURES:
            try:
                name, stored = import_module(feature).file_for(opened, identity)
            except NotFound:
                continue
            path = files.path(stored)
            if not path.is_file():
                raise NotFound()
            return name, path
    raise NotFound()


def export(request: Request) -> Response:
    """GET /downloads/{token}: an export for the one who made it, once; asking for its headers alone does not use it up."""
    if request.method != "GET":
        return PlainTextResponse("", status_code=405, headers=_PRIVATE)
    try:
        found = offers.take(_actor(request), request.path_params["token"])
    except DeskError:
        return _missing()
    if not found.path.is_file():
        return _missing()
    return _download(found.path, found.name, BackgroundTask(found.path.unlink, missing_ok=True))


def _actor(request: Request) -> Actor:
    actor = sessions.actor_for(cookies.token_of(request))
    if actor is None or not actor.is_ready:
        raise NotFound()
    i18n.use(actor.locale)
    return actor


def _download(path: Path, name: str, after: BackgroundTask | None = None) -> Response:
    return FileResponse(path, media_type="application/octet-stream", filename=name, headers=_PRIVATE, background=after)


def _missing() -> Response:
    return PlainTextResponse(str(NotFound()), status_code=404, headers=_PRIVATE)


ROUTES = [Route("/files/{identity}", attachment, methods=["GET"]), Route("/downloads/{token}", export, methods=["GET"])]
