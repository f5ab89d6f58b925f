"""Streamlit's websocket without its browser: what somebody sends who writes the messages by hand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from google.protobuf.message import Message
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

from core.accounts import sessions
from tests.browser.conftest import Server

ANSWER_S = 20.0


@dataclass
class Answer:
    """What one rerun sent back: every element drawn, the pages of the menu, and the page that was drawn."""

    elements: list[Any] = field(default_factory=list)
    fragments: dict[str, str] = field(default_factory=dict)  # id of a widget: the fragment that drew it
    pages: dict[str, str] = field(default_factory=dict)
    page: str = ""

    @property
    def text(self) -> str:
        """All that was drawn, as one text."""
        return "\n".join(str(element) for element in self.elements)

    def widget(self, kind: str, label: str) -> Any:
        """The widget of a kind whose label begins so."""
        for element in self.elements:
            if element.WhichOneof("type") == kind:
                found: Message = getattr(element, kind)
                if str(getattr(found, "label", "")).startswith(label):
                    return found
        raise AssertionError(f"no {kind} {label!r} in:\n{self.text}")


class Wire:
    """One tab's connection."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket

    def open(self, page: str, query: str = "", **more: Any) -> Answer:
        """Ask for a page by its name, as a new tab does."""
        return self.send(ClientState(page_name=page, query_string=query, **more))

    def send(self, state: ClientState, *, silence: float | None = None) -> Answer:
        """Send a rerun and collect everything until the script has ended, or until `silence` seconds brought nothing."""
        self.socket.send(BackMsg(rerun_script=state).SerializeToString())
        answer = Answer()
        while True:
            try:
                message = ForwardMsg.FromString(self.socket.recv(silence or ANSWER_S))  # type: ignore[arg-type]
            except TimeoutError:
                if silence is None:
                    raise
                return answer
            kind = message.WhichOneof("type")
            if kind == "delta" and message.delta.WhichOneof("type") == "new_element":
                element = message.delta.new_element
                answer.elements.append(element)
                drawn: Any = getattr(element, element.WhichOneof("type") or "", None)
                answer.fragments[str(getattr(drawn, "id", ""))] = message.delta.fragment_id
            elif kind == "navigation":
                answer.pages = {each.url_pathname: each.page_script_hash for each in message.navigation.app_pages}
                answer.page = next((name for name, key in answer.pages.items()
                                    if key == message.navigation.page_script_hash), "")
            elif kind == "script_finished":
                if message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                    return answer
                answer = Answer(pages=answer.pages)


def states(*given: WidgetState) -> WidgetStates:
    """Widget states of a forged message."""
    return WidgetStates(widgets=given)


def press(button: Any, *others: WidgetState) -> WidgetStates:
    """A click on a button, with what other widgets are said to hold."""
    return states(WidgetState(id=button.id, trigger_value=True), *others)


def token(server: Server, username: str) -> str:
    """A session of somebody, as its browser would hold it."""
    with server.begin() as work:
        found = sessions.redeem(work, sessions.start(work, server.cast.users[username]).ticket)
    assert found is not None
    return found


@contextmanager
def wire(server: Server, session: str | None) -> Iterator[Wire]:
    """A connection with a session's cookie, or with none."""
    headers: Sequence[tuple[str, str]] = [("Cookie", f"{sessions.cookie_name()}={session}")] if session else []
    address = server.url.removeprefix("http://")
    with connect(f"ws://{address}/_stcore/stream", origin=Origin(server.url), max_size=None,
                 additional_headers=headers) as socket:
        yield Wire(socket)
