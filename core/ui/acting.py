"""One command of a small window beside the conversation: done, or its refusal told in that window."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from core.ui import forms, session
from core.ui.plain import told
from core.work import Work


def act(name: str, command: Callable[[Work], object]) -> bool:
    """In a callback: do it; a refusal is kept under the window's name. True when it was done."""
    with forms.refusal_kept(_key(name)) as outcome, session.begin() as work:
        command(work)
    return not outcome.failed


def refusal(name: str) -> None:
    """The sentence of the last refusal of this window, once."""
    with st.container():
        if sentence := st.session_state.pop(_key(name), None):
            st.error(told(sentence), icon=":material/error:")


def _key(name: str) -> str:
    return f"{name}/refusal"
