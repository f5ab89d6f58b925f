"""What is refused of a person's facts, with a sentence for each field."""

from __future__ import annotations

import re
from zoneinfo import available_timezones

from sqlalchemy import select

from core.access import Role
from core.accounts.models import User
from core.i18n import _
from core.i18n.catalogue import LOCALES
from core.work import Work

USERNAME = re.compile(r"[a-z0-9](?:[a-z0-9._@-]{0,62}[a-z0-9])?")
EMAIL = re.compile(r"[^@\s<>\"',;]+@[^@\s<>\"',;]+\.[^@\s<>\"',;]+")
EXTENSION = re.compile(r"[a-z0-9][a-z0-9._@+/-]{0,39}")
PHONE = re.compile(r"[+0-9 ().-]{0,20}")


def username(work: Work, name: str, own_id: int | None = None) -> str | None:
    """What is wrong with a user name, or None. `own_id`: who has it already."""
    if not USERNAME.fullmatch(name):
        return _("The user name needs lower-case letters, digits, dots, hyphens or an @, without spaces.")
    holder = work.session.scalar(select(User.id).where(User.username == name))
    if holder is not None and holder != own_id:
        return _("There is already a user called {username}.").format(username=name)
    return None


def name(text: str) -> str | None:
    """What is wrong with the name of a person, or None."""
    return None if text.strip() and len(text) <= 120 and text.isprintable() else _("Write the name of the person.")


def email(text: str | None) -> str | None:
    """What is wrong with an address, or None; none at all is right."""
    if text and not text.isascii():
        return _("An e-mail address has no accents and no ñ. Example: nombre@empresa.mx")
    if text and text.strip() and (len(text) > 200 or not EMAIL.fullmatch(text.strip())):
        return _("The e-mail address is not complete.")
    return None


def phone(text: str | None) -> str | None:
    """What is wrong with a telephone as people write it, or None; none at all is right."""
    if PHONE.fullmatch((text or "").strip()):
        return None
    return _("Write the telephone with digits only, for example 442 123 4567.")


def plain_extension(text: str | None) -> str | None:
    """An extension as it is kept and compared: lower case, without spaces around it; None when there is none."""
    return (text or "").strip().lower() or None


def extension(work: Work, text: str | None, own_id: int | None = None) -> str | None:
    """What is wrong with the extension of a person, or None; none at all is right. `own_id`: who has it already."""
    if (plain := plain_extension(text)) is None:
        return None
    if not EXTENSION.fullmatch(plain):
        return _("Write the extension as the telephone exchange does, for example 301.")
    holder = work.session.execute(select(User.id, User.name).where(User.extension == plain)).first()
    if holder is not None and holder.id != own_id:
        return _("That extension is {name}'s already.").format(name=holder.name)
    return None


def locale(code: str | None) -> str | None:
    """What is wrong with a language, or None."""
    return None if code is None or code in LOCALES else _("This language is not spoken here.")


def timezone(zone: str | None) -> str | None:
    """What is wrong with a time zone, or None."""
    return None if zone is None or zone in available_timezones() else _("This time zone does not exist.")


def place(role: Role, company_id: int | None, stations: tuple[int, ...], sees_company: bool) -> dict[str, str]:
    """What is wrong with the company and stations for a role, by field."""
    wrong: dict[str, str] = {}
    if role is Role.SYSTEM:
        wrong["role"] = _("That role cannot be given to a person.")
    if role is not Role.CUSTOMER and (company_id is not None or stations or sees_company):
        wrong["company"] = _("Only customers have a company and stations.")
    return wrong


def without_none(found: dict[str, str | None]) -> dict[str, str]:
    """The fields that have a sentence."""
    return {field: sentence for field, sentence in found.items() if sentence is not None}
