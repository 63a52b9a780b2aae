"""One reader without a browser: Streamlit's own websocket messages, as the browser sends them.

The client waits for the end of a rerun and learns pages and choices from what the server sends. It
draws nothing, so what is timed is the server.
"""

import random
import time
from dataclasses import dataclass, field

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

TIMEOUT_S = 60.0
SHARE_OF_PAGE_CHANGES = 0.3


@dataclass
class Session:
    """A reader: what the latest page offers, how long reruns took and what went wrong."""

    url: str
    seed: int
    first_s: float = 0.0
    reruns_s: list[float] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    pages: dict[str, str] = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)
    page: str = ""

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)  # noqa: S311 - which page is read next

    def connected(self) -> connect:
        """Return the connection to open, with the subprotocol the browser asks for."""
        address = self.url.replace("http", "ws", 1) + "/_stcore/stream"
        return connect(address, subprotocols=["streamlit"], max_size=None, open_timeout=TIMEOUT_S)

    async def open_page(self, socket: ClientConnection) -> None:
        """Open the first page and note how long it took."""
        self.first_s = await self._rerun(socket, BackMsg())

    async def act(self, socket: ClientConnection) -> None:
        """Do what a reader does: choose something else on the page, or go to another page."""
        message = BackMsg()
        others = [page for page in self.pages if page != self.page]
        if others and (not self.choices or self.random.random() < SHARE_OF_PAGE_CHANGES):
            self.page = self.random.choice(others)
        elif self.choices:
            widget, options = self.random.choice(sorted(self.choices.items()))
            state = message.rerun_script.widget_states.widgets.add()
            state.id, state.string_value = widget, self.random.choice(options)
        self.reruns_s.append(await self._rerun(socket, message))

    async def _rerun(self, socket: ClientConnection, message: BackMsg) -> float:
        message.rerun_script.query_string = "lang=nb"
        message.rerun_script.page_script_hash = self.page
        self.choices = {}
        started = time.perf_counter()
        await socket.send(message.SerializeToString())
        while True:
            said = ForwardMsg()
            said.ParseFromString(await socket.recv(decode=False))
            kind = said.WhichOneof("type")
            if kind == "navigation":
                self._learn_pages(said)
            elif kind == "delta":
                self._learn(said)
            elif kind == "script_finished":
                # a rerun that asks for another says so before it is done
                if said.script_finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                    continue
                if said.script_finished != ForwardMsg.FINISHED_SUCCESSFULLY:
                    self.faults.append(f"finished as {said.script_finished}")
                return time.perf_counter() - started

    def _learn_pages(self, said: ForwardMsg) -> None:
        found = {page.page_script_hash: page.url_pathname for page in said.navigation.app_pages}
        # questions run in a process of their own, with its own limits
        self.pages = {code: path for code, path in found.items() if path != "sporselv"}
        self.page = self.page or said.navigation.page_script_hash

    def _learn(self, said: ForwardMsg) -> None:
        element = said.delta.new_element
        kind = element.WhichOneof("type")
        if kind == "exception":
            self.faults.append(element.exception.message)
        elif kind == "alert" and "referanse" in element.alert.body:
            self.faults.append(element.alert.body)
        elif kind == "selectbox" and "Språk" not in element.selectbox.label:
            self.choices[element.selectbox.id] = list(element.selectbox.options)
