"""Streamlit's own scripts and style sheets, sent compressed: packed once, and kept.

Streamlit leaves them as they are, because its middleware would pack them anew at every request.
Their names hold their content's hash, so what was packed once holds until the server ends. What
else the server says is packed by Streamlit itself.
"""

import asyncio
import gzip

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_UNDER = "/static/"
_ENDINGS = (".js", ".css")
_OK = 200
_LEVEL = 6
_ASKS_FOR_PART = ("range", "if-none-match", "if-modified-since")


class KeptCompressed:
    """Sends the server's own scripts and style sheets packed to browsers that take them so."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        # path to the answer; as many as there are files
        self._kept: dict[str, list[Message]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer from what is kept, or pass the request on and keep its answer packed."""
        if not _may_be_packed(scope):
            await self._app(scope, receive, send)
            return
        path = scope["path"]
        if path not in self._kept:
            answer = await self._asked(scope, receive)
            if answer[0]["status"] != _OK or "content-encoding" in Headers(raw=_raw(answer)):
                for message in answer:
                    await send(message)
                return
            self._kept[path] = await asyncio.to_thread(_packed, answer)
        head, body = self._kept[path]
        # a copy: what lies outside adds headers of its own
        await send({**head, "headers": list(head["headers"])})
        await send(body)

    async def _asked(self, scope: Scope, receive: Receive) -> list[Message]:
        held: list[Message] = []

        async def hold(message: Message) -> None:
            held.append(message)

        # an answer that names a file instead of holding it cannot be packed
        extensions = {
            name: value
            for name, value in (scope.get("extensions") or {}).items()
            if name != "http.response.pathsend"
        }
        await self._app({**scope, "extensions": extensions}, receive, hold)
        return held


def _may_be_packed(scope: Scope) -> bool:
    if scope["type"] != "http" or scope["method"] != "GET":
        return False
    headers = Headers(scope=scope)
    return (
        scope["path"].startswith(_UNDER)
        and scope["path"].endswith(_ENDINGS)
        and "gzip" in headers.get("accept-encoding", "")
        and not any(name in headers for name in _ASKS_FOR_PART)
    )


def _raw(answer: list[Message]) -> list[tuple[bytes, bytes]]:
    return list(answer[0]["headers"])


def _packed(answer: list[Message]) -> list[Message]:
    body = gzip.compress(b"".join(part.get("body", b"") for part in answer[1:]), _LEVEL, mtime=0)
    head: Message = {**answer[0], "headers": _raw(answer)}
    headers = MutableHeaders(scope=head)
    headers["content-encoding"] = "gzip"
    headers["content-length"] = str(len(body))
    headers["vary"] = "Accept-Encoding"
    del headers["accept-ranges"]
    if tag := headers.get("etag"):
        # the same content in other bytes
        headers["etag"] = f"W/{tag}"
    return [head, {"type": "http.response.body", "body": body}]
