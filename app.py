"""Launcher: `streamlit run app.py`. The script of every run is core/ui/main.py."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import hmac
import logging
from collections.abc import AsyncIterator
from importlib import import_module

import streamlit as st
from starlette.middleware import Middleware
from streamlit import config

from core import worker
from core.config import ROOT, get_settings
from core.http import openid, origins
from core.http.headers import Gate
from core.http.routes import ROUTES
from core.ui.incidents import on_script_error

HEAVY = ("pandas", "plotly.graph_objects", "streamlit_authenticator", "babel.dates", "core.ui.shell", "core.tickets.queries")
COLLECT_EVERY = 30.0  # seconds


@contextlib.asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[None]:
    """Import what pages need before the first person comes; collect garbage by a timer, not at the end of each rerun."""
    quiet = logging.getLogger("streamlit.runtime.scriptrunner_utils.script_run_context")
    level = quiet.level
    quiet.setLevel(logging.ERROR)  # importing pages' parts outside a run is meant here
    for name in HEAVY:
        await asyncio.to_thread(import_module, name)
    quiet.setLevel(level)
    gc.collect()
    gc.freeze()
    timer = asyncio.create_task(_collect())
    try:
        async with worker.beside():
            yield
    finally:
        timer.cancel()


async def _collect() -> None:
    while True:
        await asyncio.sleep(COLLECT_EVERY)
        await asyncio.to_thread(gc.collect)


def _serve_as_configured() -> str:
    """Streamlit's own checks follow MESA_BASE_URL; its cookies are signed by the desk's key, alike on every node."""
    config.set_option("server.allowedHosts", sorted(origins.own_hosts()))
    config.set_option("server.corsAllowedOrigins", [origins.base_origin()])
    signed = hmac.new(get_settings().signing_key(), b"streamlit cookies", "sha256").hexdigest()
    config.set_option("server.cookieSecret", signed)
    return signed


signed = _serve_as_configured()
app = st.App(ROOT / "core" / "ui" / "main.py", routes=ROUTES, middleware=[Middleware(Gate)], lifespan=lifespan,
             on_script_error=on_script_error, secrets=openid.secrets(signed) or None)
