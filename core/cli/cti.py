"""`cti token add|list|revoke`: who may send call events."""

from __future__ import annotations

import argparse

from core.cli.parsing import Verbs, positive
from core.cli.words import _


def add(verbs: Verbs) -> None:
    """Grammar of the telephone exchange."""
    noun = verbs.noun("cti", _("call events of the telephone exchange")).noun("token", _("tokens of the exchange"))
    make = noun.verb("add", _("makes a token and prints it once"), _add, actor=True)
    make.add_argument("name", metavar="NAME")
    make.add_argument("--days", type=positive, help=_("days it is valid (default: until it is revoked)"))
    noun.verb("list", _("lists the tokens"), _list, actor=True)
    noun.verb("revoke", _("ends a token at once"), _revoke, actor=True).add_argument("id", type=positive, metavar="ID")


def _add(options: argparse.Namespace) -> None:
    from core.calls import tokens
    from core.cli import running

    with running.begin(options) as work:
        made = tokens.add_token(work, options.name, days=options.days)
    running.show(options, {"id": made.id, "name": made.name, "token": made.secret},
                 _("Token {number} of {name}, shown only this once: {token}").format(
                     number=made.id, name=made.name, token=made.secret))


def _list(options: argparse.Namespace) -> None:
    from core.calls import tokens
    from core.cli import running

    with running.reading(options) as work:
        rows = [{"id": each.id, "name": each.name, "valid": each.alive, "created_at": each.created_at.isoformat(),
                 "expires_at": each.expires_at and each.expires_at.isoformat(),
                 "used_at": each.used_at and each.used_at.isoformat()} for each in tokens.tokens(work)]
    running.show(options, rows, running.table(rows))


def _revoke(options: argparse.Namespace) -> None:
    from core.calls import tokens
    from core.cli import running
    from core.errors import DeskError, NotFound

    try:
        with running.begin(options) as work:
            tokens.revoke_token(work, options.id)
    except NotFound:
        raise DeskError(_("There is no token {number}. Nothing was changed.").format(number=options.id)) from None
    running.show(options, {"id": options.id, "valid": False},
                 _("Token {number} is not valid any more.").format(number=options.id))
