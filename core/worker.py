"""The worker as a child of the app, so that one command runs the whole desk on one machine.

Where a supervisor starts `python -m core jobs` itself, `MESA_WORKER=none` leaves it to that; leases make two of
them harmless anyway.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from collections.abc import AsyncIterator

from core.config import ROOT, get_settings

RESTART_AFTER = 10.0  # seconds
STOP_WITHIN = 10.0


@contextlib.asynccontextmanager
async def beside() -> AsyncIterator[None]:
    """While the app lives, keep one worker process alive; end it with the app."""
    if get_settings().worker == "none":
        yield
        return
    keeper = asyncio.create_task(_keep())
    try:
        yield
    finally:
        keeper.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await keeper


async def _keep() -> None:
    while True:
        # The child watches its parent: after a `kill -9` of the app it ends by itself.
        child = await asyncio.create_subprocess_exec(sys.executable, "-m", "core", "jobs", "--parent", str(os.getpid()), cwd=ROOT)
        try:
            await child.wait()
        except asyncio.CancelledError:
            await _end(child)
            raise
        await asyncio.sleep(RESTART_AFTER)


async def _end(child: asyncio.subprocess.Process) -> None:
    with contextlib.suppress(ProcessLookupError):
        child.terminate()
    try:
        await asyncio.wait_for(child.wait(), STOP_WITHIN)
    except TimeoutError:
        child.kill()
        await child.wait()
