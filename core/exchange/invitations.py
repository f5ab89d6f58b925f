"""Links of invitations as a table, to be handed out by whoever made them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from core.exchange.exports import write_table
from core.i18n import _


def write(links: Sequence[tuple[str, str, str, str]], path: Path) -> int:
    """Write (name, user name, address, link) as CSV, readable by its owner only; how many."""
    frame = pd.DataFrame(list(links), columns=[_("Name"), _("User name"), _("E-mail"), _("Invitation")], dtype="string")
    rows = write_table(frame, "csv", path)
    path.chmod(0o600)
    return rows
