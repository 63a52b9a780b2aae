"""What the ASGI app is made of: routes, middleware, start-up and shut-down.

Security headers, the language of the document and deep links through a login are HTTP matters and
live here; who may see what lives in ``dashboards.access`` and ``dashboards.marts``.
"""

import asyncio
import gc
import json
import logging
import sys
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import streamlit as st
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from streamlit import config

from dashboards.charts.icons import verdict_styles
from dashboards.compressed import KeptCompressed
from dashboards.frames import QuietFrames
from dashboards.handover import FilesAtOnce, give_tickets
from dashboards.http import (
    DeepLinks,
    DocumentLanguage,
    KnownPages,
    OnlyThisMachine,
    SecurityHeaders,
)
from dashboards.marts import current_standing, first_language
from dashboards.provider import (
    GIVEN_TO_STREAMLIT,
    Provider,
    UnsafeStartError,
    check_tokens,
    login_settings,
)
from dashboards.settings import access_file, login_file, published_folder
from dashboards.text.built_in import built_in
from pipelines.desk.addresses import is_loopback
from pipelines.desk.child_environment import forget_keys
from pipelines.desk.generations import has_remains, name_of
from pipelines.desk.private_files import close_process
from pipelines.words.messages import say

_LOG = logging.getLogger(__name__)
_FOLDER = Path(__file__).resolve().parent


def settings() -> dict[str, Any]:
    """Return the arguments of ``st.App``, or refuse to start.

    Raises:
        UnsafeStartError: No login is configured and the server is bound to more than this machine,
            or the login's configuration cannot be used.
    """
    close_process()
    forget_keys()
    secrets = login_settings(login_file())
    if not secrets and not is_loopback(config.get_option("server.address")):
        raise UnsafeStartError(say("site.server.bound_without_login"))
    if secrets and not access_file():
        raise UnsafeStartError(say("site.server.access_list_missing"))
    if secrets:
        check_tokens(Provider.of(secrets["auth"]))
    give_tickets()
    only_here = [] if secrets else [Middleware(OnlyThisMachine)]
    return {
        "secrets": {"auth": _for_streamlit(secrets["auth"])} if secrets else None,
        "lifespan": _lifespan,
        "routes": [
            Route("/healthz", _health),
            Route("/pukk.js", _script),
            Route("/pukk.css", _look),
        ],
        "middleware": [
            *only_here,
            Middleware(SecurityHeaders),
            Middleware(QuietFrames, script=_FOLDER / "app.py"),
            Middleware(KeptCompressed),
            Middleware(FilesAtOnce),
            Middleware(DeepLinks),
            Middleware(KnownPages, pages=_page_codes),
            Middleware(DocumentLanguage, first=first_language),
        ],
        "on_script_error": _say_something_went_wrong,
    }


def _page_codes() -> frozenset[str]:
    # loaded with the server, after its settings have been read
    from dashboards.pages import PAGES

    return frozenset(page.code for page in PAGES)


def _for_streamlit(auth: dict[str, Any]) -> dict[str, Any]:
    # one provider and no tokens shown to pages, whatever else the file holds
    return {name: auth[name] for name in GIVEN_TO_STREAMLIT if name in auth}


@asynccontextmanager
async def _lifespan(_: st.App) -> AsyncIterator[None]:
    # Streamlit loads pandas with the first chart: better now than while the first reader waits.
    # What is loaded by now never becomes garbage, so the collector need not walk it.
    import pandas  # noqa: F401 - loaded, not used here

    import dashboards.pages  # noqa: F401 - as above

    gc.collect()
    gc.freeze()
    yield


async def _health(_: Request) -> Response:
    # the hash of a new file is computed here: not on the thread that serves everyone
    now = await asyncio.to_thread(current_standing)
    if now is None:
        folder = published_folder() or Path()
        state = "damaged" if has_remains(folder) else "empty"
        return _told({"status": state}, status_code=503)
    told = {"status": "ok", "generation": Path(now.generation.file_name).stem}
    if now.reason:
        told |= {"status": "older", "reason": now.reason}
    if now.reason and now.wanted:
        told |= {"wanted": Path(name_of(now.wanted)).stem}
    return _told(told)


def _told(content: dict[str, str], status_code: int = 200) -> Response:
    return JSONResponse(content, status_code, headers={"Cache-Control": "no-store"})


async def _script(_: Request) -> Response:
    words = f"const BUILT_IN = {json.dumps(built_in())};\n"
    text = (_FOLDER / "components" / "pukk.js").read_text(encoding="utf-8")
    return PlainTextResponse(words + text, media_type="text/javascript")


async def _look(_: Request) -> Response:
    text = (_FOLDER / "components" / "pukk.css").read_text(encoding="utf-8")
    return PlainTextResponse(text + verdict_styles(), media_type="text/css")


def _say_something_went_wrong(error: Exception) -> bool:
    # the reader gets a reference, the log gets the trace: nothing about the inside is shown
    reference = uuid.uuid4().hex[:8]
    _LOG.error("Page failed, reference %s", reference, exc_info=error)
    from dashboards.components.frame import say_something_went_wrong

    say_something_went_wrong(reference)
    sys.stderr.flush()
    return True
