"""A dashboard with login against a real provider, and the way through it."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tests.e2e.conftest import OpenPage, drawn
from tests.e2e.oidc import CLIENT, CLIENT_KEY, Provider, provided
from tests.e2e.served import free_port, served

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

HEADER = "subject;role;units;sectors;valid_from;valid_to\n"


class House:
    """A dashboard with login: its address, its provider, its access table and its state folder."""

    def __init__(self, url: str, provider: Provider, table: Path, state: Path) -> None:
        self.url, self.provider, self.table, self.state = url, provider, table, state


@contextmanager
def opened_house(published: Path, folder: Path) -> Iterator[House]:
    """Serve a copy of a published folder behind a login of its own."""
    copy = shutil.copytree(published, folder / "published")
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
            "PUKK_PUBLISHED": str(copy),
            "PUKK_AUTH": str(folder / "auth.toml"),
            "PUKK_ACCESS": str(table),
        }
        with served(env, port) as url:
            yield House(url, provider, table, folder / "state")


def sign_in(
    house: House, open_page: OpenPage, reader: "BrowserContext", email: str, link: str = "/"
) -> "Page":
    """Ask for a page, log in, and return where one ends up."""
    house.provider.email = email
    page = open_page(house.url + link, context=reader)
    button = page.get_by_role("button", name="Sign in" if "lang=en" in link else "Logg inn")
    button.click()
    button.wait_for(state="detached", timeout=30_000)
    drawn(page)
    return page
