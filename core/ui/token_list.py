"""Parts of the page of the telephone exchange: its tokens, a new one, and the secret that is shown once."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.calls import tokens
from core.calls.tokens import MAX_DAYS, MadeToken, Token
from core.errors import DeskError, Invalid
from core.i18n import _, formats
from core.ui import acting, session
from core.ui.plain import escaped, told

_MADE = "call_tokens/made"


def secret_shown() -> None:
    """The new token with the request that uses it, once: the next action makes it disappear."""
    made: MadeToken | None = st.session_state.pop(_MADE, None)
    if made is None:
        return
    st.success(_("Token of {name}. Put it into the exchange now: it is not shown again.").format(name=escaped(made.name)),
               icon=":material/key:")
    st.code(f"Authorization: Bearer {made.secret}", language=None, wrap_lines=True)


def listed(known: Sequence[Token]) -> None:
    """The tokens, living ones with the button that ends them."""
    st.subheader(_("Tokens"), anchor=False)
    acting.refusal("call_tokens")
    if not known:
        st.info(_("There is no token yet: no exchange can send calls."), icon=":material/key_off:")
    for token in known:
        _token(token)


def _token(token: Token) -> None:
    zone = session.zone()
    used = formats.moment(token.used_at, zone) if token.used_at else _("never")
    lines = [_("Made {day} by {name}. Last used: {seen}.").format(
        day=formats.moment(token.created_at, zone), name=escaped(token.created_by), seen=used)]
    if token.expires_at and token.alive:
        lines.append(_("Ends {day}.").format(day=formats.moment(token.expires_at, zone)))
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{escaped(token.name)}** {_badge(token)}  \n:small[:gray[{' '.join(lines)}]]", width="stretch")
        if token.alive:
            st.button(_("Revoke"), key=f"call_tokens/revoke{token.id}", icon=":material/block:", on_click=_revoke,
                      args=(token.id,))


def _badge(token: Token) -> str:
    if token.alive:
        return f":green-badge[:material/check: {_('Valid')}]"
    return f":gray-badge[:material/block: {_('Revoked') if token.revoked_at else _('Expired')}]"


def _revoke(token_id: int) -> None:
    acting.act("call_tokens", lambda work: tokens.revoke_token(work, token_id))


def new_token() -> None:
    """The form of a new token; a refusal stands at its field."""
    with st.form("call_token", enter_to_submit=False):
        st.markdown(f"**{_('New token')}**")
        name = st.text_input(_("Name of the exchange"), max_chars=60, placeholder="FreePBX", autocomplete="off")
        at_name = st.container()
        days = st.number_input(_("Days it is valid"), min_value=1, max_value=MAX_DAYS, value=None,
                               placeholder=_("Until it is revoked"))
        sent = st.form_submit_button(_("Make the token"), type="primary", icon=":material/key:")
    if not sent:
        return
    try:
        with session.begin() as work:
            made = tokens.add_token(work, name or "", days=None if days is None else int(days))
    except DeskError as error:
        fields = error.fields if isinstance(error, Invalid) else {"name": str(error)}
        at_name.markdown(f":red[:material/error: {told(' '.join(fields.values()))}]")
        return
    st.session_state[_MADE] = made
    st.rerun()
