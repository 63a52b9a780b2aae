"""Dagster's page for the one who starts it: nothing is answered without the key of this start.

Dagster asks for no login, and whoever reaches its page reads what runs have said and starts jobs
that delete. 127.0.0.1 is reached by every account on the machine. So its page and its GraphQL, over
HTTP and WebSocket, stand behind a key that is made anew at every start and lies in a file that only
the owner reads (``dagster_home``); the browser keeps it as a cookie from the first visit. Dagster's
own page is served as it is, by the same process. Its daemon is started from here, once the
instance is there, and the two end together.
"""

import secrets
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from starlette.datastructures import URL
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.websockets import WebSocketClose

from pipelines.defs.dagster_home import ADDRESS_FILE, KEY
from pipelines.desk.child_environment import for_dagster
from pipelines.desk.private_files import close_process
from pipelines.settings import environment
from pipelines.words.messages import say

if TYPE_CHECKING:
    import uvicorn
    from starlette.types import ASGIApp, Receive, Scope, Send

_WORKSPACE = ("-w", "workspace.yaml")
_POLL_MS = 2000
_GRACE_S = 5
_GOES_AWAY = 1008


class KeyAsked:
    """Lets through to an application whoever brings the key, and tells others where it is.

    A browser brings it in the address once and as a cookie from then; a program may send it as
    ``Authorization: Bearer``. Another site's page cannot have the browser send the cookie.

    Args:
        app: What is behind.
        key: The key of this start.
        cookie: The cookie's name; cookies know no ports, so two pages on a machine have two names.
    """

    def __init__(self, app: "ASGIApp", key: str, cookie: str) -> None:
        self._app = app
        self._key = key
        self._cookie = cookie

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Answer one request or connection."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        asked = HTTPConnection(scope)
        kind, _, given = asked.headers.get("authorization", "").partition(" ")
        if self._is_key(asked.cookies.get(self._cookie)) or (
            kind.lower() == "bearer" and self._is_key(given)
        ):
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await WebSocketClose(_GOES_AWAY)(scope, receive, send)
        elif self._is_key(asked.query_params.get(KEY)):
            await self._remembered(asked.url)(scope, receive, send)
        else:
            text = say("defs.dagster_page.key_asked", file=ADDRESS_FILE)
            await PlainTextResponse(text, 401)(scope, receive, send)

    def _is_key(self, given: str | None) -> bool:
        return given is not None and secrets.compare_digest(given.encode(), self._key.encode())

    def _remembered(self, url: URL) -> RedirectResponse:
        # the key does not stay in the address, which browsers keep and people copy
        clean = url.remove_query_params(KEY)
        answer = RedirectResponse(f"{clean.path}?{clean.query}".rstrip("?"), 303)
        answer.set_cookie(self._cookie, self._key, httponly=True, samesite="strict")
        answer.headers["cache-control"] = "no-store"
        answer.headers["referrer-policy"] = "no-referrer"
        return answer


def serve(address_file: Path) -> int:
    """Serve the page and run the daemon until stopped; returns 1 when the daemon ended by itself.

    Args:
        address_file: What ``dagster_home.made_address`` made.
    """
    import uvicorn
    from dagster import DagsterInstance
    from dagster._core.workspace.context import WorkspaceProcessContext
    from dagster._core.workspace.load_target import WorkspaceFileTarget
    from dagster_webserver.app import create_app_from_workspace_process_context
    from dagster_webserver.cli import (
        DEFAULT_DB_STATEMENT_TIMEOUT,
        DEFAULT_POOL_MAX_OVERFLOW,
        DEFAULT_POOL_RECYCLE,
    )
    from dagster_webserver.version import __version__

    address = urlsplit(address_file.read_text(encoding="utf-8"))
    (key,) = parse_qs(address.query)[KEY]
    with DagsterInstance.get() as instance:
        # who comes first makes the instance's tables, and there may be only one
        own = {name: value for name, value in environment().items() if name.startswith("PUKK_")}
        daemon = subprocess.Popen(  # noqa: S603 - our own
            [_program("dagster-daemon"), "run", *_WORKSPACE], env=for_dagster(own)
        )
        try:
            instance.optimize_for_webserver(
                DEFAULT_DB_STATEMENT_TIMEOUT, DEFAULT_POOL_RECYCLE, DEFAULT_POOL_MAX_OVERFLOW
            )
            with WorkspaceProcessContext(
                instance,
                version=__version__,
                workspace_load_target=WorkspaceFileTarget([_WORKSPACE[1]]),
            ) as context:
                page = create_app_from_workspace_process_context(
                    context, live_data_poll_rate=_POLL_MS
                )
                config = uvicorn.Config(
                    KeyAsked(page, key, f"pukk_dagster_{address.port}"),
                    host=address.hostname or "",
                    port=address.port or 0,
                    log_level="warning",
                    access_log=False,
                    timeout_graceful_shutdown=_GRACE_S,
                )
                server = uvicorn.Server(config)
                threading.Thread(target=_end_with, args=(daemon, server), daemon=True).start()
                server.run()
                return 0 if daemon.poll() is None else 1
        finally:
            # a key that opens nothing any more is no use to anybody
            address_file.unlink(missing_ok=True)
            daemon.terminate()
            daemon.wait()


def _end_with(daemon: "subprocess.Popen[bytes]", server: "uvicorn.Server") -> None:
    daemon.wait()
    server.should_exit = True


def _program(name: str) -> str:
    return str(Path(sys.executable).parent / name)


def main() -> None:
    """Serve the page whose address lies in the file that is named."""
    close_process()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        code = serve(Path(sys.argv[1]))
    except KeyboardInterrupt:
        code = 0
    sys.exit(code)


if __name__ == "__main__":
    main()
