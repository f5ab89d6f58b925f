"""A choice that lives in the address by its code, so that a link opens it in whatever language one reads."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st


def chosen(name: str, codes: Sequence[str], draw: Callable[..., str | None], label: str, *drop: str, **options: Any) -> str:
    """Draw a choice (`st.radio`, `st.selectbox`) of codes; anything else in the address is the first one.

    `drop`: what another choice takes out of the address.
    """
    asked = st.query_params.get(name, "")
    present = asked if asked in codes else codes[0]
    key = f"addressed.{name}@{present}"  # another address is another widget: it always shows what the address says

    def taken() -> None:
        st.query_params[name] = str(st.session_state[key])
        for each in drop:
            st.query_params.pop(each, None)

    draw(label, list(codes), index=list(codes).index(present), key=key, on_change=taken, **options)
    return present
