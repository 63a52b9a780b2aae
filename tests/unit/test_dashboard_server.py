"""The server around the pages: headers, links, language, and who is let in without login."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route
from streamlit import config

from dashboards.access import EVERYTHING, Scope
from dashboards.http import (
    HEADERS,
    DeepLinks,
    DocumentLanguage,
    KnownPages,
    OnlyThisMachine,
    SecurityHeaders,
    link_path,
    own_link,
)
from dashboards.link_keys import CHOICES, MOVED
from dashboards.pages import PAGES, first_page
from dashboards.provider import Provider, why_unsafe
from dashboards.server import UnsafeStartError, login_settings
from pipelines.desk.addresses import is_loopback


async def page(_: Request) -> HTMLResponse:
    return HTMLResponse('<!DOCTYPE html><html lang="en"><head></head><body></body></html>')


APP = Starlette(
    routes=[Route("/{rest:path}", page)],
    middleware=[
        Middleware(OnlyThisMachine),
        Middleware(SecurityHeaders),
        Middleware(DeepLinks),
        Middleware(KnownPages, pages=lambda: {page.code for page in PAGES}),
        Middleware(DocumentLanguage, first=lambda: "nn"),
    ],
)


def get(path: str, *, client: str = "127.0.0.1", **headers: str):
    """Return status, headers and body of an answer, straight from the ASGI app."""
    address, _, query = path.partition("?")
    asked = {"accept": "text/html", **{k.replace("_", "-"): v for k, v in headers.items()}}
    scope = {
        "type": "http",
        "method": "GET",
        "path": address,
        "raw_path": address.encode(),
        "query_string": query.encode(),
        "scheme": "http",
        "headers": [(k.encode(), v.encode()) for k, v in asked.items()],
        "client": (client, 5000),
        "server": ("127.0.0.1", 8501),
    }
    sent: list[dict] = []

    async def receive() -> dict:
        return {"type": "http.request", "body": b""}

    async def send(message: dict) -> None:
        sent.append(message)

    # in a thread of its own: the browser tests leave a loop running in this one
    with ThreadPoolExecutor(1) as thread:
        thread.submit(lambda: asyncio.run(APP(scope, receive, send))).result()
    found = {k.decode(): v.decode() for k, v in sent[0]["headers"]}
    return sent[0]["status"], found, b"".join(m.get("body", b"") for m in sent[1:]).decode()


def test_every_answer_carries_the_security_headers() -> None:
    _, headers, _ = get("/")
    assert {name.lower() for name in HEADERS} <= set(headers)
    assert "unsafe-eval" not in headers["content-security-policy"].replace("wasm-unsafe-eval", "")
    assert "strict-transport-security" not in headers


def test_the_document_is_in_the_language_of_the_link_or_the_municipality() -> None:
    assert '<html lang="nn">' in get("/")[2]
    assert '<html lang="en">' in get("/enhet?lang=en")[2]
    assert '<html lang="nn">' in get("/?lang=%22%3E%3Cscript")[2]


def test_the_servers_own_metrics_are_closed() -> None:
    assert get("/_stcore/metrics", accept="*/*")[0] == 404


@pytest.mark.parametrize("name", ["x_forwarded_for", "forwarded", "x_real_ip"])
def test_without_login_nobody_comes_in_through_a_proxy(name: str) -> None:
    assert get("/", **{name: "10.0.0.1"})[0] == 403


def test_without_login_nobody_comes_in_from_another_machine() -> None:
    assert get("/", client="10.0.0.7")[0] == 403
    assert get("/", client="::1")[0] == 200


def test_a_link_by_code_leads_to_the_page() -> None:
    status, headers, _ = get("/?side=enhet&enhet=u1&lang=nb")
    assert (status, headers["location"]) == (302, "/enhet?enhet=u1&lang=nb")
    assert get("/?side=oversikt&lang=nb")[1]["location"] == "/oversikt?lang=nb"


def test_a_page_has_one_address_and_every_address_it_had_leads_to_a_page() -> None:
    codes = {page.code for page in PAGES}
    assert len(codes) == len(PAGES)
    assert not set(MOVED) & codes
    for before, (now, chosen) in MOVED.items():
        assert now in codes
        assert set(chosen) <= set(CHOICES)
        _, headers, _ = get(f"/{before}?lang=en&enhet=u1&annet=x")
        asked = urlencode({"lang": "en", "enhet": "u1"} | chosen)
        assert headers["location"] == f"/{now}?{asked}"


def test_a_path_that_is_no_page_leads_to_the_first_which_is_told() -> None:
    assert get("/gevinstr?lang=en")[1]["location"] == "/?lang=en&ukjent=gevinstr"
    assert get("/favicon.png")[0] == 200


@pytest.mark.parametrize(
    ("scope", "n_units", "code"),
    [
        (EVERYTHING, 1, "oversikt"),
        (EVERYTHING, 70, "oversikt"),
        (Scope(units=("u1",)), 1, "enhet"),
        (Scope(units=("u1", "u2")), 2, "oversikt"),
        (Scope(units=("u9",)), 0, "oversikt"),
        (Scope(sectors=("Omsorg",)), 22, "gruppe"),
        (Scope(sectors=("Brann",)), 1, "enhet"),
    ],
)
def test_a_reader_starts_where_their_own_figures_are(scope: Scope, n_units: int, code: str) -> None:
    assert first_page(scope, n_units) == code


def test_the_wanted_address_waits_for_the_login_and_is_used_once() -> None:
    _, headers, _ = get("/enhet?enhet=u1&lang=nb")
    cookie = headers["set-cookie"].split(";")[0]
    assert "HttpOnly" in headers["set-cookie"]
    status, headers, _ = get("/", cookie=f"{cookie}; _streamlit_user=signed")
    assert (status, headers["location"]) == (302, "/enhet?enhet=u1&lang=nb")
    assert "Max-Age=0" in headers["set-cookie"]


@pytest.mark.parametrize("wanted", ["https://evil.example", "side=//evil.example", "next=/x", "a"])
def test_the_way_back_never_leads_elsewhere(wanted: str) -> None:
    status, headers, _ = get("/", cookie=f"pukk_wanted={wanted}; _streamlit_user=signed")
    assert status == 302
    assert headers["location"] in ("/", "/?")


def test_only_our_own_codes_are_kept_and_not_too_many() -> None:
    assert own_link("/enhet", "enhet=u1&x=1") == [("side", "enhet"), ("enhet", "u1")]
    assert own_link("/", f"enhet={'u' * 600}") == []
    assert link_path([("side", "enhet"), ("enhet", "a b&c")]) == "/enhet?enhet=a+b%26c"


@pytest.mark.parametrize(
    ("address", "expected"),
    [("127.0.0.1", True), ("::1", True), ("localhost", True), ("0.0.0.0", False), (None, False),
     ("", False), ("10.1.2.3", False), ("pukk.kommune.no", False)],
)  # fmt: skip
def test_only_this_machines_own_addresses_are_its_own(address: str | None, expected: bool) -> None:
    assert is_loopback(address) is expected


def test_a_login_that_is_not_fully_set_up_is_refused(tmp_path: Path) -> None:
    assert login_settings(None) == {}
    file = tmp_path / "auth.toml"
    with pytest.raises(UnsafeStartError, match="kan ikke leses"):
        login_settings(str(file))
    file.write_text('[auth]\nclient_id = "x"\n', encoding="utf-8")
    with pytest.raises(UnsafeStartError, match="mangler"):
        login_settings(str(file))
    keys = ("redirect_uri", "client_id", "client_secret", "server_metadata_url")
    lines = [f'{key} = "x"' for key in keys]
    file.write_text("[auth]\n" + "\n".join([*lines, 'cookie_secret = "short"']), encoding="utf-8")
    with pytest.raises(UnsafeStartError, match="minst 32"):
        login_settings(str(file))


GOOD = {
    "redirect_uri": "https://resultater.example/oauth2callback",
    "cookie_secret": "x" * 40,
    "client_id": "pukk",
    "client_secret": "y",
    "server_metadata_url": "https://login.example/5a0e/v2.0/.well-known/openid-configuration",
}


def login_file(folder: Path, mode: int = 0o600, **changed: str) -> str:
    file = folder / "auth.toml"
    lines = [f'{key} = "{value}"' for key, value in (GOOD | changed).items()]
    file.write_text("[auth]\n" + "\n".join(lines), encoding="utf-8")
    file.chmod(mode)
    return str(file)


def test_a_login_that_is_fully_set_up_says_what_every_token_must_say(tmp_path: Path) -> None:
    auth = login_settings(login_file(tmp_path))["auth"]
    issuer = "https://login.example/5a0e/v2.0"
    assert Provider.of(auth) == Provider((issuer, f"{issuer}/"), "pukk")
    given = login_settings(login_file(tmp_path, issuer="https://sts.example/5a0e/"))["auth"]
    assert Provider.of(given).issuers == ("https://sts.example/5a0e/",)


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o660])
def test_a_login_whose_secrets_others_can_read_is_refused_with_the_command(
    tmp_path: Path, mode: int
) -> None:
    with pytest.raises(UnsafeStartError, match=r"chmod 600 .*auth\.toml"):
        login_settings(login_file(tmp_path, mode))


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"server_metadata_url": GOOD["server_metadata_url"].replace("https", "http")}, "https://"),
        ({"redirect_uri": "http://resultater.example/oauth2callback"}, "https://"),
        ({"server_metadata_url": "https://login.example/5a0e"}, "må slutte med"),
        (
            {"server_metadata_url": GOOD["server_metadata_url"].replace("5a0e", "common")},
            "leietaker",
        ),
        (
            {"server_metadata_url": GOOD["server_metadata_url"].replace("5a0e", "organizations")},
            "leietaker",
        ),
    ],
)
def test_a_login_that_would_let_in_more_than_it_should_is_refused(
    tmp_path: Path, changed: dict[str, str], said: str
) -> None:
    with pytest.raises(UnsafeStartError, match=said):
        login_settings(login_file(tmp_path, **changed))


def test_a_login_that_does_not_check_the_providers_certificate_is_refused() -> None:
    assert why_unsafe(GOOD) is None
    said = why_unsafe(GOOD | {"client_kwargs": {"verify": False}})
    assert said is not None
    assert "sertifikat" in said


def test_no_full_collection_of_garbage_follows_each_run() -> None:
    # an option Streamlit does not show: this fails if a new version drops it or the file loses it
    assert config.get_option("runner.postScriptGC") is False
