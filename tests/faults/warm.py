"""Imported once by the server that lives are forked from: what a process does before its first work is done here."""

from __future__ import annotations

from sqlalchemy.orm import configure_mappers

from core import i18n
from core.i18n.catalogue import LOCALES
from core.notifications import mailer, rules
from core.schema import import_models
from core.tickets import service

import_models()
configure_mappers()
for _locale in LOCALES:
    with i18n.speaking(_locale):
        i18n._("Ticket")

__all__ = ["mailer", "rules", "service"]
