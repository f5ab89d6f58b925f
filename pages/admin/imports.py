"""Imports: a file is read and shown first, then saved whole or not at all; the history says what came of each."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import streamlit as st

from core.access import Permission
from core.exchange.imports import batches
from core.exchange.imports.batches import Kind, Prepared, Upload
from core.i18n import _, formats, ngettext
from core.ui import counting_form, importing, inviting, session

session.guard(Permission.IMPORT)


def chosen_mapping_key(upload: Upload) -> str:
    """Where the corrected mapping of this very file lives."""
    return f"imports/mapping/{upload.kind}/{upload.source}/{hashlib.sha256(upload.content()).hexdigest()[:16]}"


def buttons(upload: Upload, found: Prepared) -> None:
    """Save all, or the good rows when some cannot be taken."""
    accept = False
    if found.rejected:
        accept = st.checkbox(ngettext("Leave out {count} rejected row and save the others",
                                      "Leave out {count} rejected rows and save the others", len(found.rejected)).format(
                                          count=formats.number(len(found.rejected))), key="imports/accept")
        with st.expander(_("Rejected rows")):
            importing.rejected_shown([{"row": each.row, "reason": each.reason} for each in found.rejected], "preview")
    blocked = not found.good + found.more or (bool(found.rejected) and not accept)
    if st.button(ngettext("Save {count} record", "Save {count} records", found.good + found.more).format(
            count=formats.number(found.good + found.more)),
                 type="primary", disabled=blocked, icon=":material/upload:", key="imports/save"):
        importing.save(upload, found, accept)


def file_tab() -> None:
    """Choose, look, correct, save."""
    importing.saving_shown()
    importing.report_shown()
    kind = importing.kind_field()
    if kind is Kind.USERS:
        inviting.waiting_shown()
    if kind is Kind.ARTICLES:
        importing.save_articles()
        return
    upload = importing.upload_fields(kind)
    if upload is None:
        return
    key = chosen_mapping_key(upload)
    found = importing.preview(replace(upload, mapping=st.session_state.get(key)))
    corrected = importing.mapping_fields(upload, found, f"{key}/field")
    if corrected is not None:
        st.session_state[key] = corrected
        st.rerun()
    if isinstance(found, Prepared):
        buttons(upload, found)
    elif key in st.session_state and st.button(_("Undo the correction of the columns")):
        del st.session_state[key]
        st.rerun()


st.title(_("Imports"))
new, old, counting = st.tabs([_("Import a file"), _("History"), _("How calls are counted")])
with new:
    file_tab()
with old:
    with session.reading() as work:
        past = batches.history(work)
    place = importing.history_shown(past)
    if place is not None:
        counting_form.zone_form(past[place])
    counting_form.folder_shown()
with counting:
    counting_form.rules_form()
