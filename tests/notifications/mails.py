"""What tests of mail say often."""

from __future__ import annotations

from typing import Any

from core.notifications import outbox
from core.notifications.kinds import MailKind
from core.work import Work


def queued(work: Work, to: str = "ana@example.mx", **values: Any) -> int | None:
    """Queue a mail; what is not said is plain."""
    said: dict[str, Any] = {"kind": MailKind.REPORT, "language": "es", "subject": "Relación de octubre", "text": "Adjunta.",
                            "dedupe": f"{to}:{values.get('kind', '')}:{values.get('subject', '')}"}
    return outbox.queue(work, to=to, **(said | values))
