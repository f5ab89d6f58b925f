"""Filling an empty database with the demo company, in one transaction."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from random import Random

from sqlalchemy import select, text, update

from core import work as works
from core.access import SYSTEM
from core.accounts.models import User
from core.audit import Event
from core.calls import service as calls
from core.calls import signing
from core.calls.models import Call
from core.demo import guide, opinions
from core.demo.founding import SAMPLES, found
from core.demo.moments import arrivals, epoch, first_day, utc
from core.demo.stories import Teller
from core.demo.telephone import Exchange, document, signs
from core.demo.writing import Rows, write
from core.demo_content import SIGN_IN_USERS
from core.directory.models import Station
from core.errors import DeskError
from core.exchange.imports.articles import import_articles
from core.i18n import _
from core.tickets.models import Ticket
from core.work import Work

SEED = 20190701
TICKETS = 9_000
OTHER_CALLS = 15_400
Progress = Callable[[float, str], None]


def fill(progress: Progress | None = None, *, now: datetime | None = None, scale: float = 1.0) -> None:
    """Fill a database at head with thirteen months of a demo desk that end now, and mark it as a demo.

    `progress` is told the share done (0 to 1) and what comes next. A database that is a demo already is left alone.
    `scale` makes a smaller desk. Raises DeskError when the desk is somebody's: a demo lets
    everybody in with one click, so an account or a station is enough.
    """
    told = progress or (lambda _share, _what: None)
    with works.begin(SYSTEM, now) as work:
        if work.setting("demo", False) is True:
            return
        if any(work.session.scalar(select(table.id).limit(1)) is not None for table in (User, Station, Ticket, Call)):
            raise DeskError(_("This desk is in use already. The demo company needs an empty database; nothing was changed. "
                              "To open the desk as it is: .venv/bin/streamlit run app.py"))
        _fill(work, told, scale)
        told(1.0, _("Demo company ready."))


def _fill(work: Work, told: Progress, scale: float) -> None:
    rng = Random(SEED)
    now = int(work.now.timestamp())
    told(0.0, _("Stations, people and categories"))
    founding = utc(epoch(first_day(now)) - 86_400)
    assert founding is not None
    before = Work(work.session, SYSTEM, founding)
    desk = found(before, rng)
    told(0.1, _("Articles"))
    import_articles(before, SAMPLES / "articles")
    told(0.2, _("Tickets and their history"))
    rows = Rows()
    teller = Teller(rng, desk, rows, now)
    filed = guide.moments(now)
    count = int(TICKETS * scale)
    for place, moment in enumerate(arrivals(rng, min(filed.values()), count - len(filed))):
        teller.tell(guide.LAST_NUMBER - count + 1 + place, moment)
    guide.tell(rows, desk, now)
    exchange = Exchange(rng, desk, now)
    for ticket in rows.tickets:
        if ticket["number"] in filed:
            exchange.first(ticket)
        else:
            exchange.about(ticket)
    exchange.others(int(OTHER_CALLS * scale))
    told(0.5, _("Writing tickets"))
    write(work, rows)
    opinions.tell(work, Random(SEED), rows.tickets)
    told(0.8, _("Writing calls"))
    calls.import_calls(work, exchange.frame(), source="demo")
    document(work.session, now)
    signing.keep(work, signs(Random(SEED), desk, now), None)
    work.set_setting("demo", True)
    work.set_setting("demo_users", dict(SIGN_IN_USERS))
    work.session.flush()
    # Nobody gets mail about how the demo came to be.
    work.session.execute(update(Event).where(Event.handled_at.is_(None)).values(handled_at=work.now))
    work.session.execute(text("ANALYZE"))
