"""What somebody is typing, kept as a draft at each pause while the box still has the focus.

Streamlit tells a text only when its box is left. A listener beside the form hands the present texts over (a second after
the last key, every three while somebody goes on), inside a fragment of its own: nothing of the page is drawn anew, and the
boxes are only read. Whoever else has the ticket open sees from the draft that somebody writes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from core.ui import forms, session

# Run anew with each drawing of the element, so it listens once and only takes the new mark. A box that is left, or sent
# with Ctrl+Enter, tells its text by itself. The mark says which form the text belongs to: one that was sent meanwhile is over.
_LISTEN = """export default function ({ data, parentElement, setTriggerValue }) {
  const known = parentElement.mesaTyped;
  if (known) {
    known.data = data;
    return known.stop;
  }
  const here = { data };
  let since = 0;
  let timer = 0;
  const pause = () => {
    clearTimeout(timer);
    timer = since = 0;
  };
  const tell = () => {
    pause();
    const texts = {};
    for (const [field, name] of Object.entries(here.data.boxes)) {
      const box = document.querySelector(`.${name} :is(textarea, input)`);
      if (box) texts[field] = box.value;
    }
    setTriggerValue("typed", { mark: here.data.mark, texts });
  };
  const ours = (event) => Object.values(here.data.boxes).some((name) => event.target.closest(`.${name}`));
  const typed = (event) => {
    if (!ours(event)) return;
    clearTimeout(timer);
    since = since || Date.now();
    timer = setTimeout(tell, Math.max(0, Math.min(1000, since + 3000 - Date.now())));
  };
  const left = (event) => {
    if (ours(event)) pause();
  };
  document.addEventListener("input", typed);
  document.addEventListener("focusout", left);
  here.stop = () => {
    pause();
    document.removeEventListener("input", typed);
    document.removeEventListener("focusout", left);
  };
  parentElement.mesaTyped = here;
  return here.stop;
}
"""
# Constant style: the listener takes no room among what is seen.
_STYLE = """<style>[class*="st-key-typed-"] { position: absolute; width: 0; height: 0; overflow: hidden; }</style>"""
_listener = st.components.v2.component("mesa_typed", js=_LISTEN, isolate_styles=False)


@st.fragment
def kept(form: str, blank: Mapping[str, Any], fields: Sequence[str]) -> None:
    """Keep the texts of these fields while they are typed. Drawn after them: a form that was sent is blank before its mark
    is new."""
    mark = session.form_key(form)
    with st.container(key=f"typed-{form}"):
        st.html(_STYLE)
        heard = _listener(key=f"{form}/typed", data={"mark": mark, "boxes": {field: _class(form, field) for field in fields}},
                          on_typed_change=_heard)
    if (told := heard.typed) and told.get("mark") == mark:
        forms.keep(form, blank, {field: text for field, text in told["texts"].items() if field in fields})


def _class(form: str, field: str) -> str:
    """The class that Streamlit gives to the box of a field."""
    return "st-key-" + re.sub(r"[^a-zA-Z0-9_-]", "-", forms.state_key(form, field))


def _heard() -> None:
    """Streamlit hands over what has a callback only."""
