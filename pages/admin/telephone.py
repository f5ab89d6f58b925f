"""The telephone exchange: the address it sends call events to, and the tokens by which it may."""

from __future__ import annotations

import streamlit as st

from core.access import Permission
from core.calls import tokens
from core.config import get_settings
from core.i18n import _
from core.ui import session, token_list

session.guard(Permission.MANAGE_USERS)
st.title(_("Telephone exchange"), anchor=False)
st.markdown(_("Have the exchange send its call events here: newCall, answer and hangup. Calls then ring on the operators' "
              "screens, are listed while they go on, and are kept when they end."))
st.code(f"POST {get_settings().base_url.rstrip('/')}/api/cti", language=None, wrap_lines=True)
with session.reading() as work:
    known = tokens.tokens(work)
token_list.secret_shown()
left, right = st.columns([3, 2], gap="large")
with left:
    token_list.listed(known)
with right:
    token_list.new_token()
    st.caption(_("Whose telephone rings is told by the extension of the person: it is on the form of each user."))
