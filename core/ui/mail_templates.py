"""Templates of mails, with their variables and a preview that follows what is typed."""

from __future__ import annotations

import streamlit as st

from core.errors import DeskError, Invalid
from core.i18n import _, labels
from core.i18n.catalogue import LOCALES
from core.notifications import templates
from core.notifications.kinds import MailKind
from core.notifications.templates import LONGEST_BODY, LONGEST_SUBJECT, Template
from core.notifications.wording import BLOCKS, WORDINGS
from core.ui import addressed, forms, session
from core.ui.plain import escaped

_LANGUAGES = {"es": "Español", "en": "English"}


def draw() -> None:
    """Which template, its form, and how it will look."""
    left, right = st.columns([3, 1], vertical_alignment="bottom")
    kind = MailKind(addressed.chosen("template", [each.value for each in WORDINGS], left.selectbox, _("Mail"),
                                     format_func=labels.mail_kind))
    language = addressed.chosen("language", LOCALES, right.radio, _("Language"), horizontal=True,
                                format_func=lambda code: _LANGUAGES[code])
    form = f"template/{kind}/{language}"
    with session.reading() as work:
        present = templates.template(work, kind, language)
    if forms.state_key(form, "subject") not in st.session_state:
        _fill(form, present)
    written, shown = st.columns(2, gap="large")
    with written:
        _form(form, kind, language, present)
    with shown:
        _preview(form, kind, language)


def _fill(form: str, present: Template) -> None:
    forms.fill(form, {"subject": present.subject, "body": present.body, "version": present.version})


def _form(form: str, kind: MailKind, language: str, present: Template) -> None:
    st.text_input(_("Subject"), max_chars=LONGEST_SUBJECT, key=forms.state_key(form, "subject"), live="300ms")
    forms.field_error(form, "subject")
    st.text_area(_("Text"), max_chars=LONGEST_BODY, height=340, key=forms.state_key(form, "body"))
    forms.field_error(form, "body")
    known = [f"{{{name}}}" for name in WORDINGS[kind].variables]
    st.caption(_("Variables: {variables}").format(variables=" ".join(f"`{each}`" for each in known)))
    if any(name in BLOCKS for name in WORDINGS[kind].variables):
        st.caption(_("A line whose variable is empty is left out; what is quoted takes its paragraph along."))
    forms.refusal_shown(form)
    with st.container(horizontal=True):
        st.button(_("Save the template"), type="primary", icon=":material/check:", on_click=_save, args=(form, kind, language))
        st.button(_("As it came"), icon=":material/restart_alt:", disabled=not present.version, on_click=_reset,
                  args=(form, kind, language))


def _preview(form: str, kind: MailKind, language: str) -> None:
    st.markdown(f"**{_('Preview with an example')}**")
    typed = Template(kind, language, str(forms.value(form, "subject") or ""), str(forms.value(form, "body") or ""))
    try:
        templates.check(kind, typed.subject, typed.body)
    except Invalid as error:
        for sentence in error.fields.values():
            st.markdown(f":red[:material/error: {escaped(sentence)}]")
        return
    made = templates.preview(typed)
    with st.container(border=True):
        st.markdown(f"**{escaped(made.subject)}**")
        st.text(made.text)


def _save(form: str, kind: MailKind, language: str) -> None:
    try:
        with session.begin() as work:
            saved = templates.save_template(work, kind, language, str(forms.value(form, "subject") or ""),
                                            str(forms.value(form, "body") or ""), version=int(forms.value(form, "version") or 0))
    except DeskError as error:
        forms.refused(form, error)
        return
    _done(form, saved)


def _reset(form: str, kind: MailKind, language: str) -> None:
    try:
        with session.begin() as work:
            original = templates.reset_template(work, kind, language)
    except DeskError as error:
        forms.refused(form, error)
        return
    _done(form, original)


def _done(form: str, present: Template) -> None:
    _fill(form, present)
    forms.accepted(form)
    st.toast(_("Saved."), icon=":material/check:")
