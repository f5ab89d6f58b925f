"""What a verb does around its work: the database made ready, the actor, and what is printed."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from core.access import SYSTEM, Actor
from core.cli.words import _
from core.errors import DeskError, NotFound
from core.work import Work


def ready() -> None:
    """Refuse to go on unless the database is there and of this version."""
    from core import db, migrations, schema

    schema.import_models()
    migrations.require_head(db.engine())


def actor_of(options: argparse.Namespace) -> Actor:
    """The user named by `--as`, else the desk itself. Raises DeskError for an unknown one."""
    if not getattr(options, "actor", None):
        return SYSTEM
    from core.accounts.queries import actor_by_username
    from core.db import read_session

    try:
        with read_session() as session:
            return actor_by_username(session, options.actor)
    except NotFound:
        raise DeskError(_("There is no active user {name}. Nothing was done.").format(name=options.actor)) from None


def begin(options: argparse.Namespace) -> AbstractContextManager[Work]:
    """A writing Work of the actor, on a database that is ready."""
    from core import work

    ready()
    return work.begin(actor_of(options))


@contextmanager
def reading(options: argparse.Namespace) -> Iterator[Work]:
    """A reading Work of the actor, on a database that is ready."""
    from core import work

    ready()
    with work.reading(actor_of(options)) as opened:
        yield opened


def show(options: argparse.Namespace, document: Any, text: str | Sequence[str]) -> None:
    """Print the one JSON document, or lines for people."""
    if options.json:
        print(json.dumps(document, ensure_ascii=not _is_unicode(sys.stdout.encoding), indent=2, default=_plain))
    else:
        print(text if isinstance(text, str) else "\n".join(text))


def _is_unicode(encoding: str | None) -> bool:
    return (encoding or "utf-8").lower().replace("_", "-").startswith("utf")


def _plain(value: Any) -> str:
    """Dates and paths as text; anything else that JSON does not know is a mistake of ours."""
    if isinstance(value, (date, Path)):
        return value.isoformat() if isinstance(value, date) else str(value)
    raise TypeError(f"{type(value).__name__} in the JSON of a command")


def remark(text: str) -> None:
    """Say something beside the result, on stderr."""
    print(text, file=sys.stderr)


def progress(done: int, total: int) -> None:
    """How far long work is, for somebody who looks on."""
    if sys.stderr.isatty() and total:
        print(f"\r{done * 100 // total:3d} %", end="", file=sys.stderr, flush=True)


def end_progress() -> None:
    """Take the line of `progress` away."""
    if sys.stderr.isatty():
        print("\r     \r", end="", file=sys.stderr)


def table(rows: Sequence[Mapping[str, Any]], headings: Mapping[str, str] | None = None) -> list[str]:
    """Lines of a plain table; numbers stand to the right. `headings`: column -> its word."""
    if not rows:
        return [_("No rows.")]
    names = headings or {name: name for name in rows[0]}
    cells = [[_cell(row.get(name)) for name in names] for row in rows]
    widths = [max(len(word), *(len(line[place]) for line in cells)) for place, word in enumerate(names.values())]
    right = [all(isinstance(row.get(name), (int, float)) or row.get(name) is None for row in rows) for name in names]
    lines = [list(names.values()), ["-" * width for width in widths], *cells]
    return ["  ".join(cell.rjust(width) if flush else cell.ljust(width)
                      for cell, width, flush in zip(line, widths, right, strict=True)).rstrip() for line in lines]


def _cell(value: Any) -> str:
    if value is None:
        return "—"
    text = f"{value:.3f}" if isinstance(value, float) else str(value)
    return "".join(character if character.isprintable() else " " for character in text)[:60]
