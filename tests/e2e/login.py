"""A dashboard with login against a real provider, and the way through it."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.desk.access_log import entries
from tests.e2e.conftest import OpenPage, drawn
from tests.e2e.oidc import CLIENT, CLIENT_KEY, Provider, provided
from tests.e2e.served import free_port, served, wait_until

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

COOKIE_SECRET = "x" * 40
HEADER = "subject;role;units;sectors;valid_from;valid_to\n"


class House:
    """A dashboard with login: its address, its provider and the folder with all it reads."""

    def __init__(self, url: str, provider: Provider, folder: Path) -> None:
        self.url, self.provider, self.folder = url, provider, folder
        self.table, self.published = folder / "access.csv", folder / "published"
        self.state = folder / "state"

    def logged(self, email: str) -> list[tuple[str, str, str, str]]:
        """What the access log says about a reader: action, subject, unit, outcome."""
        return [
            (row["action"], row["subject"], row["unit"], row["outcome"])
            for row in reversed(entries(self.state, 1000))
            if row["actor"] == email
        ]

    def wait_for_line(self, email: str, line: tuple[str, str, str, str]) -> None:
        """Wait until the access log says it of a reader: a busy machine writes it late.

        Raises:
            AssertionError: It has not come.
        """
        wait_until(lambda: line in self.logged(email), lambda: (line, self.logged(email)))


@contextmanager
def opened_house(published: Path, folder: Path) -> Iterator[House]:
    """Serve a copy of a published folder behind a login of its own."""
    port = free_port()
    with provided() as provider:
        house = House(f"http://127.0.0.1:{port}", provider, folder)
        shutil.copytree(published, house.published)
        house.state.mkdir()
        (folder / "auth.toml").write_text(
            "[auth]\n"
            f'redirect_uri = "{house.url}/oauth2callback"\n'
            f'cookie_secret = "{COOKIE_SECRET}"\n'
            f'client_id = "{CLIENT}"\n'
            f'client_secret = "{CLIENT_KEY}"\n'
            f'server_metadata_url = "{provider.url}/.well-known/openid-configuration"\n',
            encoding="utf-8",
        )
        (folder / "auth.toml").chmod(0o600)
        env = {
            "PUKK_PUBLISHED": str(house.published),
            "PUKK_AUTH": str(folder / "auth.toml"),
            "PUKK_ACCESS": str(house.table),
            "PUKK_STATE": str(house.state),
        }
        with served(env, port):
            yield house


def sign_in(
    house: House, open_page: OpenPage, reader: "BrowserContext", email: str, link: str = "/"
) -> "Page":
    """Ask for a page, log in, and return where one ends up."""
    house.provider.email = email
    page = open_page(house.url + link, context=reader)
    button = page.get_by_role("button", name="Sign in" if "lang=en" in link else "Logg inn")
    button.click()
    button.wait_for(state="detached")
    drawn(page)
    return page
