"""GET /health for supervisors and proxies: 200 when the database answers, 503 when not; tells nothing else."""

from __future__ import annotations

import logging

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from core.db import read_session

_log = logging.getLogger(__name__)


def health(_request: Request) -> Response:
    """One query to the database."""
    try:
        with read_session() as session:
            session.execute(text("SELECT 1 FROM users LIMIT 1"))
    except SQLAlchemyError as error:
        _log.error("health check failed: %s", type(error).__name__)
        return JSONResponse({"status": "unavailable"}, status_code=503, headers={"Cache-Control": "no-store"})
    return JSONResponse({"status": "ok"}, headers={"Cache-Control": "no-store"})


ROUTES = [Route("/health", health, methods=["GET"])]
