"""Files tickets without end in a process of its own and says each number once it is committed."""

from __future__ import annotations

import itertools
import sys

from core import db, work
from core.accounts.queries import actor_by_username
from core.tickets import service
from core.tickets.service import NewTicket


def main() -> None:
    """Until somebody kills it."""
    with db.read_session() as session:
        actor = actor_by_username(session, "operator")
    for turn in itertools.count():
        with work.begin(actor) as opened:
            filed = service.create(
                opened,
                NewTicket(
                    type="incident",
                    station_id=int(sys.argv[1]),
                    requester_name="Rosa",
                    category_id=int(sys.argv[2]),
                    priority="high",
                    subject="Prueba",
                    description="Corte de luz",
                    files=[("a.pdf", b"%PDF-1.4 x")] if turn % 4 == 0 else [],  # a person may attach so many files an hour
                ),
            )
        sys.stdout.write(f"{filed.number}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
