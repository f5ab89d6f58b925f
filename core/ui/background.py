"""Long work of one tab: it goes on in a thread while the page shows how far it is, and no click or reload cuts it short.

Streamlit ends a script at its next drawing when the person does anything; drawing progress inside a transaction would
therefore undo it. Here the thread draws nothing, and whoever looks next finds it running or done.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextvars import copy_context
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from core.i18n import _, formats

Progress = Callable[[int, int], None]
_LOOK_S = 0.2


@dataclass(slots=True)
class Task:
    """Work under way: `done` of `total` steps, then its `result` or its `error`."""

    done: int = 0
    total: int = 0
    result: Any = None
    error: Exception | None = None
    thread: threading.Thread = field(default_factory=threading.Thread)

    def progress(self, done: int, total: int) -> None:
        """To be called by the work."""
        self.done, self.total = done, total


def start(key: str, run: Callable[[Progress], Any]) -> None:
    """Begin work under a key of this tab. It draws nothing and asks nothing of Streamlit."""
    task = Task()
    context = copy_context()  # the language of the person

    def work() -> None:
        try:
            task.result = context.run(run, task.progress)
        except Exception as error:  # noqa: BLE001 (raised again by whoever follows the task)
            task.error = error

    task.thread = threading.Thread(target=work, name=key)
    st.session_state[key] = task
    task.thread.start()


def follow(key: str, waiting: str = "", going_on: str = "") -> Task | None:
    """Show the work of a key until it ends; the finished task once, None when there is none.

    `waiting` and `going_on` are what is said of it before and after its length is known, the latter with {done} and {total}.
    """
    task: Task | None = st.session_state.get(key)
    if task is None:
        return None
    bar = st.progress(0.0, text=waiting or _("Saving…"))
    while task.thread.is_alive():
        if task.total:
            bar.progress(min(task.done / task.total, 1.0), text=(going_on or _("Saving: {done} of {total}")).format(
                done=formats.number(task.done), total=formats.number(task.total)))
        task.thread.join(_LOOK_S)
    bar.empty()
    del st.session_state[key]
    return task
