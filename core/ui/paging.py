"""Pages of a list: which one the address asks for, and the buttons to the others."""

from __future__ import annotations

import streamlit as st

_NAME = "page"


def page_number() -> int:
    """The page of the address, from 1; anything else there is the first one."""
    asked = st.query_params.get(_NAME, "1")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 10 and int(asked) else 1


def pager(pages: int, page: int, *, prefix: str) -> None:
    """Buttons to the other pages; none for a single one."""
    if pages < 2:
        return
    key = f"{prefix}.page@{page}.{pages}"  # another page is another widget: the buttons always show what the address says

    def taken() -> None:
        st.query_params[_NAME] = str(st.session_state[key])

    with st.container(horizontal_alignment="center"):
        st.pagination(pages, default=page, key=key, on_change=taken)
