"""Exports from a page: nothing is made before the click; the file is served once, to its maker only."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

import streamlit as st

from core.config import get_settings
from core.exchange import offers
from core.exchange.exports import Format, record_export
from core.i18n import _, formats, ngettext
from core.ui import session
from core.work import Work

F = TypeVar("F", bound=str)
Writer = Callable[[Work, Format, Path], int]
_WORDS: dict[Format, str] = {"csv": "CSV", "xlsx": "Excel (XLSX)"}


def export_menu(kind: str, name: str, write: Writer, query: dict[str, str], *, key: str) -> None:
    """A menu "Export" that makes the file on click and then shows its link.

    `kind` names what is exported in the audit trail, `name` the file without its ending; `write` fills the file and
    returns the number of rows; `query` says in the audit trail which filters it was.
    """
    file_menu(kind, name, write, query, _WORDS, key=key)


def file_menu(kind: str, name: str, write: Callable[[Work, F, Path], int], query: dict[str, str], words: Mapping[F, str], *,
              key: str) -> None:
    """As `export_menu`, for kinds of files with words of their own; their codes are the endings of the files."""
    chosen = st.menu_button(_("Export"), list(words), format_func=lambda each: words[each], icon=":material/download:", key=key)
    if chosen is not None:
        _make(kind, name, chosen, write, query, key)
    made = st.session_state.get(f"{key}/made")
    if made and made["query"] == query:
        label = ngettext("Download {name} ({rows} row)", "Download {name} ({rows} rows)", made["rows"]).format(
            name=made["name"], rows=formats.number(made["rows"]))
        # The address works once: the link goes with the click.
        st.link_button(label, made["url"], icon=":material/file_download:", type="primary", key=f"{key}/link",
                       on_click=lambda: st.session_state.pop(f"{key}/made", None))


def _make(kind: str, name: str, chosen: F, write: Callable[[Work, F, Path], int], query: dict[str, str], key: str) -> None:
    path = temporary(chosen)
    with st.spinner(_("Preparing the file…")), session.errors_shown() as outcome:
        with session.reading() as work:
            actor = work.actor
            rows = write(work, chosen, path)
        with session.begin() as work:
            record_export(work, kind, chosen, rows, query)
    if outcome.failed:
        path.unlink(missing_ok=True)
        return
    label = f"{name}.{chosen}"
    st.session_state[f"{key}/made"] = {"name": label, "rows": rows, "url": offers.offer(actor, path, label), "query": query}


def temporary(ending: str) -> Path:
    """An empty file among the exports, of a name that nobody guesses."""
    folder = get_settings().data_dir / "exports"
    folder.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(suffix=f".{ending}", dir=folder)
    os.close(descriptor)
    return Path(name)
