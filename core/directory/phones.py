"""Mexican telephone numbers in every form people write, as E.164."""

from __future__ import annotations

import re

import phonenumbers

_OLD_PREFIX = re.compile(r"^(?:\+?521|0(?:1|44|45))(?=\d{10}$)")


def normalise(text: str | None) -> str | None:
    """`442 123 4567`, `044 442...`, `01 442...`, `+52 1 442...` -> `+524421234567`; None when it is no number.

    The old trunk prefixes 01/044/045 and the mobile 1 after 52 were abolished in August 2019 (IFT numbering plan).
    """
    digits = re.sub(r"[^\d+]", "", text or "")
    if not digits:
        return None
    digits = _OLD_PREFIX.sub("", digits)
    try:
        number = phonenumbers.parse(digits, "MX")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def shown(number: str | None) -> str:
    """A stored number as people read it: national form for Mexico, international otherwise."""
    if not number:
        return ""
    try:
        parsed = phonenumbers.parse(number, "MX")
    except phonenumbers.NumberParseException:
        return number
    form = phonenumbers.PhoneNumberFormat.NATIONAL if parsed.country_code == 52 else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(parsed, form)
