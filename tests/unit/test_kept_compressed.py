"""The server's scripts come packed, once made, and other answers as they were."""

import asyncio
import gzip
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboards.compressed import KeptCompressed

SCRIPT = b"const a = 1;\n" * 500
PACKED = gzip.compress(SCRIPT, 6, mtime=0)


class Server:
    """What lies inside: a script at every address but one, and what it was asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.outer: ASGIApp = KeptCompressed(self)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = Request(scope).url.path
        self.asked.append(path)
        status = 404 if path.endswith("gone.js") else 200
        answer = Response(SCRIPT, status, {"etag": '"x"'}, media_type="text/javascript")
        await answer(scope, receive, send)

    def get(self, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
        """Return the status, headers and body of an answer."""
        sent: list[Message] = []
        scope: dict[str, Any] = {
            "type": "http", "method": "GET", "path": path, "query_string": b"", "scheme": "http",
            "server": ("127.0.0.1", 80),
            "headers": [(k.replace("_", "-").encode(), v.encode()) for k, v in headers.items()],
        }  # fmt: skip

        async def receive() -> Message:
            return {"type": "http.request"}

        async def send(message: Message) -> None:
            sent.append(message)

        # in a thread of its own: this one may have a browser's event loop
        with ThreadPoolExecutor(1) as thread:
            thread.submit(lambda: asyncio.run(self.outer(scope, receive, send))).result()
        told = {key.decode(): value.decode() for key, value in sent[0]["headers"]}
        return sent[0]["status"], told, b"".join(part["body"] for part in sent[1:])


def test_a_script_is_packed_once_and_kept() -> None:
    server = Server()
    for _ in range(3):
        _, headers, body = server.get("/static/js/a.js", accept_encoding="gzip, br")
        assert headers["content-encoding"] == "gzip"
        assert headers["content-length"] == str(len(body)) == str(len(PACKED))
        assert headers["vary"] == "Accept-Encoding"
        assert headers["etag"] == 'W/"x"'
        assert gzip.decompress(body) == SCRIPT
    assert server.asked == ["/static/js/a.js"]


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/static/js/a.js", {"accept_encoding": "identity"}),
        ("/static/js/a.js", {"accept_encoding": "gzip", "range": "bytes=0-9"}),
        ("/static/media/a.woff2", {"accept_encoding": "gzip"}),
        ("/media/a.js", {"accept_encoding": "gzip"}),
    ],
)
def test_other_requests_are_passed_on(path: str, headers: dict[str, str]) -> None:
    server = Server()
    for _ in range(2):
        status, told, body = server.get(path, **headers)
        assert (status, body) == (200, SCRIPT)
        assert "content-encoding" not in told
    assert server.asked == [path, path]


def test_what_is_not_there_is_not_kept() -> None:
    server = Server()
    for _ in range(2):
        status, told, _ = server.get("/static/js/gone.js", accept_encoding="gzip")
        assert status == 404
        assert "content-encoding" not in told
    assert len(server.asked) == 2
