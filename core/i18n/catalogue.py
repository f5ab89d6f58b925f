"""gettext catalogues read straight from the `.po` files, so there is no compiled copy to forget."""

from __future__ import annotations

import gettext as gettext_module
import io
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from core.config import get_settings

LOCALES = ("es", "en")
FOLDER = Path(__file__).parent / "locale"
_locale: ContextVar[str | None] = ContextVar("locale", default=None)


def current_locale() -> str:
    """`es` or `en`: the language chosen for this request, else the desk's."""
    return _locale.get() or get_settings().locale


def use(locale: str | None) -> None:
    """Serve the rest of this request in `locale`; None returns to the desk's language."""
    _locale.set(locale if locale in LOCALES else None)


@contextmanager
def speaking(locale: str | None) -> Iterator[None]:
    """Another person's language for a while (a letter to them); None is the desk's."""
    before = _locale.get()
    use(locale)
    try:
        yield
    finally:
        _locale.set(before)


def po_files(locale: str) -> list[Path]:
    """Catalogue files of a language, one per part of the house."""
    return sorted((FOLDER / locale / "LC_MESSAGES").glob("*.po"))


def read_catalogue(path: Path, locale: str) -> Catalog:
    """One `.po` file as a Babel catalogue."""
    with path.open("rb") as file:
        return read_po(file, locale=locale)


@cache
def _translations(locale: str) -> gettext_module.NullTranslations:
    merged = Catalog(locale=locale, charset="utf-8")
    for path in po_files(locale):
        for message in read_catalogue(path, locale):
            if message.id:
                merged.delete(message.id)  # a later file words it otherwise; assigning alone keeps the first wording
                merged[message.id] = message
    buffer = io.BytesIO()
    write_mo(buffer, merged)
    buffer.seek(0)
    return gettext_module.GNUTranslations(buffer)


def _(message: str) -> str:
    """Translate one sentence."""
    return _translations(current_locale()).gettext(message)


def ngettext(singular: str, plural: str, count: int) -> str:
    """Translate a sentence that depends on a count; the caller fills `{count}`."""
    return _translations(current_locale()).ngettext(singular, plural, count)


def n_(message: str) -> str:
    """Mark a sentence for the catalogues without translating it yet (tables of words)."""
    return message
