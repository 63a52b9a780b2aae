"""Middleware in pure ASGI: headers, the document's language, deep links through a login."""

import asyncio
import ipaddress
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection
from urllib.parse import parse_qsl, urlencode

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboards.link_keys import CHOICES, LANGUAGE, MOVED, PAGE, UNKNOWN
from pipelines.words.catalogue import codes
from pipelines.words.messages import say

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        # the page's own start is an inline script; vega runs without eval
        "script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_CLOSED = ("/_stcore/metrics",)  # sessions and caches are nobody else's business

LINK_KEYS = (PAGE, *CHOICES, LANGUAGE)
_WANTED = "pukk_wanted"
_LOGGED_IN = "_streamlit_user"
_LINK_LENGTH = 500
_PAGE_LENGTH = 60
# Streamlit's own roads that a browser asks for as a document
_SERVERS_OWN = frozenset({"auth", "oauth2callback", "static", "media", "component", "healthz"})
_OK = 200
_HEAD = b'<head><script src="/pukk.js"></script><link rel="stylesheet" href="/pukk.css">'


class OnlyThisMachine:
    """Refuses everyone but this machine; used when there is no login.

    The start-up check looks at what the server was told to bind to; this looks at the connection
    itself, and at the trace of a proxy that lets others in.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on if it came from this machine."""
        if scope["type"] == "lifespan" or _is_from_this_machine(scope):
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            text = say("site.http.own_machine_only")
            await PlainTextResponse(text, status_code=403)(scope, receive, send)


def _is_from_this_machine(scope: Scope) -> bool:
    headers = Headers(scope=scope)
    if any(name in headers for name in ("forwarded", "x-forwarded-for", "x-real-ip")):
        return False
    client = scope.get("client")
    try:
        return client is None or ipaddress.ip_address(client[0]).is_loopback
    except ValueError:
        return False


class SecurityHeaders:
    """Adds the security headers to every answer, and closes the server's own metrics."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and add headers to the answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
                if Headers(scope=scope).get("x-forwarded-proto", scope["scheme"]) == "https":
                    headers["Strict-Transport-Security"] = "max-age=31536000"
            await send(message)

        if scope["path"] in _CLOSED:
            await PlainTextResponse("", status_code=404)(scope, receive, with_headers)
            return
        await self._app(scope, receive, with_headers)


class _Documents(ABC):
    """Middleware that has to do with requests for a document, and passes all others on."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request for a document, or pass the request on."""
        is_document = scope["type"] == "http" and _asks_for_a_document(scope)
        answer = self._answer if is_document else self._app
        await answer(scope, receive, send)

    @abstractmethod
    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request for a document."""


class DeepLinks(_Documents):
    """Leads ``/?side=enhet&enhet=…`` to the page, and back to it after a login.

    The login returns to the front page and forgets the address that was asked for. So the wanted
    address waits in a short-lived cookie: our own keys, written anew, never a place outside.
    """

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        # redirects, keeps the wanted address, or passes the request on
        cookies = cookie_parser(Headers(scope=scope).get("cookie", ""))
        link = own_link(scope["path"], scope["query_string"].decode("latin-1"))
        is_in = any(name.startswith(_LOGGED_IN) for name in cookies)
        wanted = cookies.get(_WANTED, "").strip('"')
        if is_in and wanted:
            back = own_link("/", wanted)
            answer = RedirectResponse(link_path(back) if back else "/", status_code=302)
            answer.delete_cookie(_WANTED)
            await answer(scope, receive, send)
            return
        if scope["path"] == "/" and "side" in dict(link):
            await RedirectResponse(link_path(link), status_code=302)(scope, receive, send)
            return
        if is_in or not link:
            await self._app(scope, receive, send)
            return

        async def keep(message: Message) -> None:
            # the provider's way back is no page: it answers with a redirect
            if message["type"] == "http.response.start" and message["status"] == _OK:
                cookie = f"{_WANTED}={urlencode(link)}; Path=/; Max-Age=600; HttpOnly; SameSite=Lax"
                MutableHeaders(scope=message).append("set-cookie", cookie)
            await send(message)

        await self._app(scope, receive, keep)


def own_link(path: str, query: str) -> list[tuple[str, str]]:
    """Return the parts of an address that are ours: the page and the codes; too long is nothing."""
    found = [(key, value) for key, value in parse_qsl(query) if key in LINK_KEYS]
    page = path.strip("/")
    if page.isidentifier() and "side" not in dict(found):
        found.insert(0, ("side", page))
    return found if len(urlencode(found)) <= _LINK_LENGTH else []


def link_path(link: list[tuple[str, str]]) -> str:
    """Return the address of a link: the page as path, the other codes as query."""
    page = dict(link).get("side", "")
    query = urlencode([pair for pair in link if pair[0] != "side"])
    path = page if page.isidentifier() else ""
    return f"/{path}" + (f"?{query}" if query else "")


class KnownPages(_Documents):
    """Leads an address from before a page moved to the page, and one that is none to the first.

    The first page says that there is none. Streamlit would open it under the wrong path, with a
    dialogue in English.
    """

    def __init__(self, app: ASGIApp, pages: Callable[[], Collection[str]]) -> None:
        super().__init__(app)
        self._pages = pages

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        page, query = scope["path"].strip("/"), scope["query_string"].decode("latin-1")
        if page in MOVED:
            now, chosen = MOVED[page]
            said = {key: code for key, code in parse_qsl(query) if key in LINK_KEYS}
            codes = urlencode({**said, **chosen})
            to = f"/{now}" + (f"?{codes}" if codes else "")
        elif page and _may_be_meant_as_a_page(page) and page not in self._pages():
            kept = [pair for pair in parse_qsl(query) if pair[0] in LINK_KEYS]
            to = "/?" + urlencode([*kept, (UNKNOWN, page[:_PAGE_LENGTH])])
        else:
            await self._app(scope, receive, send)
            return
        await RedirectResponse(to, status_code=302)(scope, receive, send)


def _may_be_meant_as_a_page(path: str) -> bool:
    # not the server's own, nor a file
    first = path.split("/")[0]
    return not (first.startswith("_") or "." in path or first in _SERVERS_OWN)


class DocumentLanguage(_Documents):
    """Gives the document the reader's language, and loads the pages' own script and look.

    Args:
        app: What answers.
        first: The language where the address names none.
    """

    def __init__(self, app: ASGIApp, first: Callable[[], str]) -> None:
        super().__init__(app)
        self._first = first

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        # what is to be changed must not come back compressed
        plain = [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]
        query = dict(parse_qsl(scope["query_string"].decode("latin-1")))
        asked = query.get("lang")
        # the first time an edition is met it is read through: not on the thread of everyone
        code = asked if asked in codes() else await asyncio.to_thread(self._first)
        held: list[Message] = []

        async def change(message: Message) -> None:
            held.append(message)
            if message["type"] != "http.response.body" or message.get("more_body"):
                return
            body = b"".join(part.get("body", b"") for part in held)
            headers = MutableHeaders(scope=held[0])
            if headers.get("content-type", "").startswith("text/html"):
                body = body.replace(b'<html lang="en">', f'<html lang="{code}">'.encode(), 1)
                body = body.replace(b"<head>", _HEAD, 1)
                headers["content-length"] = str(len(body))
                for name in ("etag", "last-modified"):
                    del headers[name]
            await send(held[0])
            await send({"type": "http.response.body", "body": body})

        await self._app({**scope, "headers": plain}, receive, change)


def _asks_for_a_document(scope: Scope) -> bool:
    return scope["method"] == "GET" and "text/html" in Headers(scope=scope).get("accept", "")
