"""What the desk did not expect: an incident number on screen, the details in the log only."""

from __future__ import annotations

import logging
import secrets
import traceback

import streamlit as st
from sqlalchemy.exc import DBAPIError

from core.errors import DeskError, SignedOut
from core.i18n import _
from core.ui import navigation
from core.ui.plain import told

_log = logging.getLogger("mesa.incidents")


def report(error: BaseException) -> str:
    """Log an error under a new incident number, which is returned. Values bound to SQL are left out of the log."""
    number = secrets.token_hex(4).upper()
    if isinstance(error, DBAPIError):
        error.hide_parameters = True
    lines = "".join(traceback.format_exception(error))
    _log.error("incident %s\n%s", number, lines)
    return number


def on_script_error(error: Exception) -> bool:
    """Handler of `st.App`: a refusal shows its own sentence, anything else an incident number. Never a traceback."""
    if isinstance(error, DeskError):
        st.error(told(str(error)), icon=":material/error:")
        if isinstance(error, SignedOut):  # a part of the page noticed it: the whole of it leads to the form
            st.page_link(navigation.page(navigation.START), label=_("Sign in"), icon=":material/login:")
        return True
    number = report(error)
    st.error(_("Something failed on our side (incident {number}). The change was not saved. Reload the page; if it happens "
               "again, tell your administrator the number.").format(number=number), icon=":material/report:")
    return True
