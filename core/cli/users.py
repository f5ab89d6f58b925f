"""`users create|reset-password|reset-factor|invite|deactivate`."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from core.cli.parsing import Verbs
from core.cli.words import _

if TYPE_CHECKING:
    from core.work import Work

_ROLES = ("manager", "operator", "agent", "analyst", "customer", "admin")


def add(verbs: Verbs) -> None:
    """Grammar of the accounts."""
    noun = verbs.noun("users", _("accounts of people"))
    create = noun.verb("create", _("creates a user with a temporary password"), _create, actor=True)
    create.add_argument("username", metavar="USERNAME")
    create.add_argument("--name", required=True, help=_("name as people read it"))
    create.add_argument("--role", required=True, choices=_ROLES, help=", ".join(_ROLES))
    create.add_argument("--email", help=_("address for notices"))
    create.add_argument("--phone", help=_("telephone"))
    create.add_argument("--station", action="append", default=[], metavar="CODE",
                        help=_("station of a customer; may be repeated"))
    create.add_argument("--company", help=_("company of a customer"))
    create.add_argument("--sees-company", action="store_true", help=_("the customer sees all tickets of the company"))
    for name, text, run in (("reset-password", _("gives a new temporary password and ends the sessions"), _reset),
                            ("reset-factor", _("takes the second factor away (a lost phone) and ends the sessions"),
                             _reset_factor),
                            ("invite", _("sends a link to choose a password"), _invite),
                            ("deactivate", _("takes the access away and ends the sessions"), _deactivate)):
        noun.verb(name, text, run, actor=True).add_argument("username", metavar="USERNAME")


def _create(options: argparse.Namespace) -> None:
    from core.access import Role
    from core.accounts import recovery, service
    from core.cli import running
    from core.cli.filters import station_id
    from core.notifications import letters

    with running.begin(options) as work:
        company = _company(work, options.company) if options.company else None
        stations = tuple(station_id(work, code) for code in options.station)
        made = service.create_user(work, service.NewUser(
            username=options.username, name=options.name, role=Role(options.role), email=options.email, phone=options.phone,
            company_id=company, station_ids=stations, sees_company=options.sees_company))
        letter = recovery.invite(work, made.id).letter if options.email else None
        if letter is not None:
            letters.send(work, letter)
    if letter is not None:
        letters.printed(letter)
    _told(options, made.username, made.temporary_password, options.role)


def _told(options: argparse.Namespace, username: str, password: str, role: str) -> None:
    from core.cli import running

    running.show(options, {"username": username, "role": role, "temporary_password": password},
                 _("User {name}. Temporary password, shown only this once: {password}").format(name=username, password=password))


def _company(work: Work, name: str) -> int:
    from core.directory.service import ensure_company

    return ensure_company(work, name)


def _found(work: Work, username: str) -> tuple[int, str]:
    """(id, role) of a user. Raises DeskError."""
    from core.accounts.people import account_named
    from core.errors import DeskError, NotFound

    try:
        found = account_named(work, username).account
    except NotFound:
        raise DeskError(_("There is no user {name}. Nothing was changed.").format(name=username)) from None
    return found.id, found.role.value


def _reset(options: argparse.Namespace) -> None:
    from core.accounts import service
    from core.cli import running

    with running.begin(options) as work:
        number, role = _found(work, options.username)
        password = service.reset_password(work, number)
    _told(options, options.username, password, role)


def _reset_factor(options: argparse.Namespace) -> None:
    from core.accounts import second_factor
    from core.cli import running

    with running.begin(options) as work:
        number, _role = _found(work, options.username)
        second_factor.reset(work, number)
    running.show(options, {"username": options.username, "second_factor": False},
                 _("User {name} has no second factor now.").format(name=options.username))


def _invite(options: argparse.Namespace) -> None:
    from core.accounts import recovery
    from core.cli import running
    from core.notifications import letters

    with running.begin(options) as work:
        number, _role = _found(work, options.username)
        made = recovery.invite(work, number)
        if made.letter is not None:
            letters.send(work, made.letter)
    if made.letter is not None:
        letters.printed(made.letter)
    running.show(options, {"username": options.username, "to": made.letter.to if made.letter else None, "link": made.link},
                 _("Invitation of {name}, works once within 72 hours: {link}").format(name=options.username, link=made.link))


def _deactivate(options: argparse.Namespace) -> None:
    from core.accounts import service
    from core.cli import running

    with running.begin(options) as work:
        number, _role = _found(work, options.username)
        service.deactivate(work, number)
    running.show(options, {"username": options.username, "active": False},
                 _("User {name} deactivated.").format(name=options.username))
