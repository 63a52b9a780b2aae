"""The journeys people make, counted: clicks and seconds from where one is to what one wanted.

``python -m tests.e2e.journeys FOLDER`` serves a published folder, goes each way in a browser and
prints the table of ``docs/journeys.md``. Seconds are of the whole way in a browser that clicks as
soon as it can, so they are what the pages take, not what a person does. A file is counted until it
has come.
"""

import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tests.e2e.conftest import drawn
from tests.e2e.served import FLAGS, chromium, context_of, served

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page


@dataclass
class Way:
    """A page, and how often it was clicked on."""

    page: "Page"
    clicks: int = 0

    def click(self, what: "Locator") -> None:
        """Click once."""
        what.click()
        self.clicks += 1

    def choose(self, name: str, option: str) -> None:
        """Choose from a list: two clicks."""
        self.click(self.page.get_by_role("combobox", name=name))
        self.click(self.page.get_by_role("option", name=option, exact=True))

    def take(self, name: str) -> None:
        """Press a button that gives a file, and wait for the file."""
        with self.page.expect_download() as waited:
            self.click(self.page.get_by_role("button", name=name, exact=True))
        if waited.value.path().stat().st_size == 0:
            raise ValueError(name)


def _my_unit(way: Way) -> None:
    way.choose("Finn enhet", "Barnevern")
    way.page.locator(".u-eyebrow", has_text="Barnevern").wait_for()
    way.page.locator("[data-testid=stVegaLiteChart] svg.marks").first.wait_for()


def _three_topics(way: Way) -> None:
    way.page.locator(".tps article").nth(2).wait_for()


def _council(way: Way) -> None:
    way.click(way.page.locator(".he").get_by_role("link", name="Barnevern", exact=True))
    way.click(way.page.get_by_role("button", name="Ta med"))
    way.take("Til kommunestyret, lysbilde (PPTX)")


def _overtime(way: Way) -> None:
    way.click(way.page.locator(".fo").get_by_role("link", name="Overtid"))
    way.click(way.page.locator(".chips").get_by_role("link", name="Omsorg", exact=True))
    way.page.locator("h1 .eyebrow", has_text="Omsorg · Overtid").wait_for()


def _without_sql(way: Way) -> None:
    way.click(way.page.get_by_role("link", name="Spør selv"))
    way.choose("År", "2016")
    way.click(way.page.get_by_role("button", name="Vis enhetene"))
    way.page.get_by_role("heading", name="Svar").wait_for()
    way.page.locator("[data-testid=stDataFrame]").first.wait_for()


def _everything(way: Way) -> None:
    way.choose("Finn enhet", "Barnevern")
    way.page.locator(".u-eyebrow", has_text="Barnevern").wait_for()
    way.click(way.page.get_by_role("button", name="Ta med"))
    way.take("Alt om enheten (ZIP)")


def _follow_up(way: Way) -> None:
    way.click(way.page.get_by_role("link", name="Ta opp i Oppfølging").first)
    way.click(way.page.get_by_role("button", name="Ta opp", exact=True))
    way.click(way.page.locator("summary", has_text="Enhetsleder").first)
    way.click(way.page.get_by_role("button", name="Gi til"))
    drawn(way.page)
    way.click(way.page.get_by_role("button", name="Merk som gjort"))
    way.page.locator("summary", has_text="Gjort").first.wait_for()


def _news(way: Way) -> None:
    way.click(way.page.locator(".pk-edition a"))
    way.page.wait_for_url("**/nytt?**")
    way.page.get_by_role("heading", level=1).wait_for()


JOURNEYS: dict[str, Callable[[Way], None]] = {
    "Min enhet": _my_unit,
    "Tre ting å snakke om": _three_topics,
    "Barnevern til kommunestyret som PPTX": _council,
    "Gikk overtid ned i hele omsorg?": _overtime,
    "Sykefravær over 10 % i 2016, uten SQL": _without_sql,
    "Alt om min enhet (ZIP)": _everything,
    "Ta opp, gi til noen og lukk et tema": _follow_up,
    "Hva er nytt siden sist?": _news,
}
"""Name of each and the way; each begins where Oversikt is drawn."""


def go(site: str, page: "Page", journey: Callable[[Way], None]) -> tuple[int, float]:
    """Go one way from the first page and return clicks and seconds."""
    page.goto(f"{site}/?lang=nb")
    drawn(page)
    way, begun = Way(page), time.perf_counter()
    journey(way)
    return way.clicks, time.perf_counter() - begun


def _main(published: Path) -> None:
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        copy = Path(folder) / "published"
        shutil.copytree(published, copy)
        with served({"PUKK_PUBLISHED": str(copy)}) as site:
            browser = playwright.chromium.launch(executable_path=chromium(), args=list(FLAGS))
            sys.stdout.write("| reise | klikk | sekunder |\n| --- | --- | --- |\n")
            for name, journey in JOURNEYS.items():
                context = context_of(browser, viewport={"width": 1440, "height": 900})
                clicks, seconds = go(site, context.new_page(), journey)
                told = f"{seconds:.1f}".replace(".", ",")
                sys.stdout.write(f"| {name} | {clicks} | {told} |\n")
                context.close()
            browser.close()


if __name__ == "__main__":
    _main(Path(sys.argv[1]))
