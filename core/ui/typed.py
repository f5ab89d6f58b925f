"""What somebody is typing, kept as a draft at each pause while the box still has the focus.

Streamlit tells a text only when its box is left. A listener beside the form hands the present texts over (a second after
the last key, every three while somebody goes on), inside a fragment of its own: nothing of the page is drawn anew, and the
boxes are only read. Whoever else has the ticket open sees from the draft that somebody writes.

The same listener puts the cursor into the first box of a form that is met anew, where a keyboard is at hand.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from core.ui import forms, session

# Run anew with each drawing of the element, so it listens once and then only takes the new mark. A box that is left tells
# its text by itself. The mark says which form a text belongs to: one that was sent meanwhile is over.
_LISTEN = """export default function ({ data, parentElement, setTriggerValue }) {
  const here = parentElement.mesaTyped || {};
  const opened = !here.data;
  const anew = opened || here.data.mark !== data.mark;
  Object.assign(here, { data, setTriggerValue });
  const at = document.activeElement || document.body;  // a slow line may bring this when somebody has begun already
  const busy = at.matches("input, textarea") || (opened && at.parentElement.closest("[data-testid=stMain]"));
  if (anew && data.first && !busy && matchMedia("(pointer: fine)").matches) {
    const box = document.querySelector(`.${data.first} :is(textarea, input)`);
    if (box) box.focus({ preventScroll: true });
  }
  if (here.stop) return here.stop;
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
    here.setTriggerValue("typed", { mark: here.data.mark, texts });
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
_STYLE = """<style>[data-testid="stLayoutWrapper"]:has(> [class*="st-key-typed-"]) { position: absolute; }</style>"""
_listener = st.components.v2.component("mesa_typed", js=_LISTEN, isolate_styles=False)


def kept(form: str, blank: Mapping[str, Any], fields: Sequence[str], first: str | None = None) -> None:
    """Keep the texts of these fields while they are typed; `first` is the field to begin with.

    Drawn after them: a form that was sent is blank before its mark is new.
    """
    with st.container(key=f"typed-{form}"):
        st.html(_STYLE)
        _listen(form, blank, fields, first)


@st.fragment
def _listen(form: str, blank: Mapping[str, Any], fields: Sequence[str], first: str | None) -> None:
    mark = session.form_key(form)
    heard = _listener(key=f"{form}/typed", on_typed_change=_heard, data={
        "mark": mark, "boxes": {field: _class(form, field) for field in fields}, "first": first and _class(form, first)})
    if (told := heard.typed) and told["mark"] == mark:
        forms.keep(form, blank, {field: str(text) for field, text in told["texts"].items() if field in fields})


def _class(form: str, field: str) -> str:
    """The class that Streamlit gives to the box of a field."""
    return "st-key-" + re.sub(r"[^a-zA-Z0-9_-]", "-", forms.state_key(form, field))


def _heard() -> None:
    """Streamlit hands over what has a callback only."""
