"""Signing in against a real provider: who gets in, to what, and for how long."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext

from tests.e2e.conftest import OpenPage, drawn
from tests.e2e.oidc import CLIENT, CLIENT_KEY, Provider, provided
from tests.e2e.served import free_port, served

pytestmark = [pytest.mark.integration, pytest.mark.xdist_group("browser")]

HEADER = "subject;role;units;sectors;valid_from;valid_to\n"
LEADER = "leder@example.no;enhetsleder;u0312;;;\n"
OTHER = "annen@example.no;enhetsleder;u0410;;;\n"
CHIEF = "sjef@example.no;kommunedirektor;;;;\n"


class House:
    """A dashboard with login: its address, its provider and its access table."""

    def __init__(self, url: str, provider: Provider, table: Path) -> None:
        self.url, self.provider, self.table = url, provider, table


@pytest.fixture(scope="module")
def house(example_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("login")
    published = shutil.copytree(example_home / "vestre_toten" / "published", folder / "published")
    port = free_port()
    table = folder / "access.csv"
    with provided() as provider:
        (folder / "auth.toml").write_text(
            "[auth]\n"
            f'redirect_uri = "http://127.0.0.1:{port}/oauth2callback"\n'
            f'cookie_secret = "{"x" * 40}"\n'
            f'client_id = "{CLIENT}"\n'
            f'client_secret = "{CLIENT_KEY}"\n'
            f'server_metadata_url = "{provider.url}/.well-known/openid-configuration"\n',
            encoding="utf-8",
        )
        env = {
            "PUKK_PUBLISHED": str(published),
            "PUKK_AUTH": str(folder / "auth.toml"),
            "PUKK_ACCESS": str(table),
        }
        with served(env, port) as url:
            yield House(url, provider, table)


@pytest.fixture
def reader(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield context
    context.close()


def sign_in(house: House, open_page: OpenPage, reader: BrowserContext, email: str, link: str = "/"):
    house.provider.email = email
    page = open_page(house.url + link, context=reader)
    page.get_by_role("button", name="Logg inn").click()
    page.get_by_role("button", name="Logg inn").wait_for(state="detached", timeout=30_000)
    drawn(page)
    return page


def test_the_link_that_was_asked_for_is_where_one_ends_up(
    house: House, open_page: OpenPage, reader: BrowserContext
) -> None:
    house.table.write_text(HEADER + LEADER, encoding="utf-8")
    link = "/enhet?enhet=u0312&maltall=overtime_pct&lang=nb"
    page = sign_in(house, open_page, reader, "leder@example.no", link)
    page.get_by_role("heading", name="Gimle sykehjem avd. 1", exact=True).wait_for()
    assert "maltall=overtime_pct" in page.url
    assert page.get_by_text("Lokal modus").count() == 0


def test_a_unit_leader_cannot_reach_another_unit_by_its_address(
    house: House, open_page: OpenPage, reader: BrowserContext
) -> None:
    house.table.write_text(HEADER + LEADER, encoding="utf-8")
    page = sign_in(house, open_page, reader, "leder@example.no", "/enhet?enhet=u0410&lang=nb")
    assert page.get_by_text("Fant ikke enheten i lenken").count() == 1
    assert page.get_by_text("Fysio-ergoterapitjenesten").count() == 0
    assert page.get_by_role("link", name="Pilotene").count() == 0


def test_two_readers_never_see_each_others_rows(
    house: House, open_page: OpenPage, browser: Browser
) -> None:
    house.table.write_text(HEADER + LEADER + OTHER + CHIEF, encoding="utf-8")
    seen = {}
    for email in ("sjef@example.no", "leder@example.no", "annen@example.no"):
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        page = sign_in(house, open_page, context, email, "/?side=oversikt&lang=nb")
        text = page.locator("[data-testid=stMain]").inner_text()
        seen[email] = {name for name in ("Gimle sykehjem avd. 1", "Fysio-ergo") if name in text}
        context.close()
    assert seen["leder@example.no"] == {"Gimle sykehjem avd. 1"}
    assert seen["annen@example.no"] == {"Fysio-ergo"}
    assert "Fysio-ergo" in seen["sjef@example.no"]


def test_a_reader_taken_out_of_the_table_is_out_at_the_next_click(
    house: House, open_page: OpenPage, reader: BrowserContext
) -> None:
    house.table.write_text(HEADER + CHIEF, encoding="utf-8")
    page = sign_in(house, open_page, reader, "sjef@example.no", "/?side=piloter&lang=nb")
    page.get_by_role("heading", name="Pilotene side om side").wait_for()
    house.table.write_text(HEADER, encoding="utf-8")
    page.get_by_role("combobox").last.click()
    page.get_by_role("option").last.click()
    page.get_by_text("har ikke tilgang til resultatene").wait_for()
    assert page.get_by_role("heading", name="Pilotene side om side").count() == 0


def test_someone_signed_in_but_not_in_the_table_sees_nothing(
    house: House, open_page: OpenPage, reader: BrowserContext
) -> None:
    house.table.write_text(HEADER + LEADER, encoding="utf-8")
    page = sign_in(house, open_page, reader, "fremmed@example.no")
    assert page.get_by_text("har ikke tilgang til resultatene").count() == 1
    assert page.get_by_text("Vestre Toten").count() == 0
