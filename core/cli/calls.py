"""`calls summary` and `calls form`."""

from __future__ import annotations

import argparse

from core.cli.parsing import Verbs, day
from core.cli.words import _


def add(verbs: Verbs) -> None:
    """Grammar of the calls."""
    noun = verbs.noun("calls", _("figures of the telephone calls"))
    summary = noun.verb("summary", _("received, answered and missed calls by period"), _summary)
    summary.add_argument("--by", choices=("month", "day", "hour"), default="month", help=_("length of a period (default: month)"))
    summary.add_argument("--from", dest="first", type=day, metavar="DAY", help=_("first day, like 2026-01-31"))
    summary.add_argument("--to", dest="last", type=day, metavar="DAY", help=_("last day, included"))
    form = noun.verb("form", _("forms the calls anew from their raw rows, by the desk's rules of now"), _form)
    form.add_argument("--import", dest="number", type=int, metavar="N", help=_("only the calls of this import"))
    form.add_argument("--timezone", default="", metavar="TZ", help=_("read the times of that import in this zone"))


def _form(options: argparse.Namespace) -> None:
    from core.cli import running
    from core.exchange.imports import forming

    with running.begin(options) as work:
        if options.number is None:
            count = forming.form_all_anew(work, progress=running.progress)
        else:
            count = forming.read_in_zone(work, options.number, options.timezone, progress=running.progress)
    running.end_progress()
    running.show(options, {"calls_formed": count}, _("Calls formed anew: {count}.").format(count=count))


def _summary(options: argparse.Namespace) -> None:
    from core.calls.queries import monthly_summary
    from core.cli import running

    with running.reading(options) as work:
        rows = monthly_summary(work, options.by, options.first, options.last)
    headings = {"period": _("period"), "received": _("received"), "answered": _("answered"), "missed": _("missed"),
                "abandoned": _("abandoned"), "short_abandoned": _("short ones"), "service_level": _("service level"),
                "asa_s": _("mean wait (s)"), "aht_s": _("mean talk (s)")}
    running.show(options, rows, running.table(rows, headings))
