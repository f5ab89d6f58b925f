"""Which pages may speak to this desk: its own only, by the `Origin` that browsers add and scripts cannot change."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from core.config import get_settings

LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})


def base_origin() -> str:
    """Scheme, host and port of MESA_BASE_URL: `https://mesa.example.mx`."""
    parts = urlsplit(get_settings().base_url)
    return f"{parts.scheme}://{parts.netloc}".lower()


def own_hosts() -> frozenset[str]:
    """Host names under which people reach this desk: that of MESA_BASE_URL, and this machine's own."""
    return LOCAL | {urlsplit(get_settings().base_url).hostname or "localhost"}


def is_own(origin: str, host: str) -> bool:
    """Whether an `Origin` is ours: that of MESA_BASE_URL, or the very host and port asked (`Host`), if we know that name."""
    origin, host = origin.lower(), host.lower()
    if origin == base_origin():
        return True
    name = re.sub(r":\d+$", "", host).strip("[]")
    return name in own_hosts() and origin in {f"http://{host}", f"https://{host}"}
