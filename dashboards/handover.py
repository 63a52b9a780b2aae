"""Files handed over: made at the click, fetched at once, and then the address is dead.

Streamlit answers the address of a downloaded file to anyone who has it, for as long as the reader's
page is open. So an address is given out with a ticket for the click's own fetches within a minute,
and an address without a ticket does not exist.
"""

import threading
import time
from functools import wraps

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit.runtime.media_file_manager import MediaFileManager

LIFETIME_S = 60
FETCHES = 2
"""Streamlit's page asks once whether the file is there, and then the browser takes it."""

_PREFIX = "/media/"


class Tickets:
    """Addresses that may be fetched a few times, each for a short while."""

    def __init__(self, lifetime_s: float = LIFETIME_S) -> None:
        self._lifetime_s = lifetime_s
        self._left: dict[str, tuple[float, int]] = {}
        self._lock = threading.Lock()

    def issue(self, path: str) -> None:
        """Let an address be fetched from now on."""
        now = time.monotonic()
        with self._lock:
            self._left = {key: left for key, left in self._left.items() if left[0] > now}
            self._left[path] = (now + self._lifetime_s, FETCHES)

    def use(self, path: str) -> bool:
        """Return whether the address may be fetched now, which uses up one of its fetches."""
        with self._lock:
            until, n = self._left.pop(path, (0.0, 0))
            if until <= time.monotonic():
                return False
            if n > 1:
                self._left[path] = (until, n - 1)
            return True

    def holds(self, path: str) -> bool:
        """Return whether the address may be fetched, without using it up."""
        with self._lock:
            return self._left.get(path, (0.0, 0))[0] > time.monotonic()


TICKETS = Tickets()


def give_tickets(tickets: Tickets = TICKETS) -> None:
    """Have every file that is made at a click given a ticket; done once, as the server starts.

    Streamlit has no hook where a made file gets its address, so its own step is wrapped.
    """
    original = MediaFileManager.execute_deferred

    @wraps(original)
    def with_ticket(self: MediaFileManager, file_id: str) -> str:
        address = original(self, file_id)
        tickets.issue(address)
        return address

    MediaFileManager.execute_deferred = with_ticket  # type: ignore[method-assign] # no hook


class FilesAtOnce:
    """Answers the address of a file to the click that made it, and to nobody afterwards."""

    def __init__(self, app: ASGIApp, tickets: Tickets = TICKETS) -> None:
        self._app, self._tickets = app, tickets

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on if it has a ticket; a look at the head does not use it up."""
        if scope["type"] != "http" or not scope["path"].startswith(_PREFIX):
            await self._app(scope, receive, send)
            return
        check = self._tickets.use if scope["method"] == "GET" else self._tickets.holds
        if not check(scope["path"]):
            await PlainTextResponse("", status_code=404)(scope, receive, send)
            return
        await self._app(scope, receive, send)
