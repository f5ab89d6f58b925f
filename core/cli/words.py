"""Words of the command line's help, read from one small catalogue, because the house's own catalogues cost 0.3 s."""

from __future__ import annotations

import ast
import os
import re
from functools import cache
from pathlib import Path

_ROOT = Path(__file__).resolve().parent.parent.parent
_CATALOGUE = Path(__file__).resolve().parent.parent / "i18n" / "locale" / "es" / "LC_MESSAGES" / "cli.po"


def _(message: str) -> str:
    """Translate one sentence of the command line."""
    return _spanish().get(message, message) if _locale() == "es" else message


def n_(message: str) -> str:
    """Mark a sentence for the catalogue without translating it yet."""
    return message


@cache
def _locale() -> str:
    """MESA_LOCALE as `core.config` reads it: the environment, else `.env`, else Spanish."""
    if (chosen := os.environ.get("MESA_LOCALE")) is not None:
        return chosen
    try:
        found = re.search(r"^\s*(?:export\s+)?MESA_LOCALE\s*=\s*['\"]?(\w+)", (_ROOT / ".env").read_text(), re.MULTILINE)
    except OSError:
        return "es"
    return found[1] if found else "es"


@cache
def _spanish() -> dict[str, str]:
    text = _CATALOGUE.read_text(encoding="utf-8")
    pairs = re.findall(r'^msgid (".*")\nmsgstr (".+")$', text, re.MULTILINE)
    return {ast.literal_eval(message): ast.literal_eval(word) for message, word in pairs}
