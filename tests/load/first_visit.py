"""What a browser fetches at a first visit, and how soon the charts are there when it comes again.

``python -m tests.load.first_visit FOLDER`` serves a published folder and prints the table of
``docs/load.md``. First: a browser that has kept nothing. Again: the same page loaded anew in the
same browser, until every chart has its marks.
"""

import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.e2e.conftest import drawn
from tests.e2e.served import FLAGS, chromium, context_of, served

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

PAGES = {
    "Oversikt": "/?lang=nb",
    "Status": "/status?lang=nb",
    "Enhet": "/enhet?enhet=u0410&lang=nb",
    "Gruppe": "/gruppe?lang=nb",
    "Gevinster": "/gevinster?lang=nb",
    "Data": "/data?lang=nb",
}
"""Name of each page and its address."""
_DRAWN = frozenset({"Enhet", "Gruppe", "Gevinster"})
_TIMES = 3
_THERE = """() => {
  const charts = [...document.querySelectorAll("[data-testid=stVegaLiteChart]")];
  return !!document.querySelector("[data-testid=stMain] h1") &&
    charts.every((chart) => chart.querySelector("svg.marks"));
}"""


def first(browser: "Browser", url: str) -> tuple[int, float]:
    """Return how many requests a first visit makes, and how many MB come over the line."""
    context = context_of(browser, viewport={"width": 1440, "height": 900})
    page = context.new_page()
    asked: set[str] = set()
    fetched: list[float] = []
    line = context.new_cdp_session(page)
    line.send("Network.enable")

    def sent(event: dict[str, Any]) -> None:
        # a picture that is its own address is no request
        if event["request"]["url"].startswith("http"):
            asked.add(event["requestId"])

    def came(event: dict[str, Any]) -> None:
        if event["requestId"] in asked:
            fetched.append(float(event["encodedDataLength"]))

    line.on("Network.requestWillBeSent", sent)
    line.on("Network.loadingFinished", came)
    page.goto(url)
    drawn(page)
    context.close()
    return len(fetched), sum(fetched) / 1e6


def again(page: "Page", url: str, *, has_chart: bool) -> float:
    """Return the seconds from asking for a page to its heading and charts, in a warm browser."""
    page.goto(url)
    drawn(page)
    found = []
    for _ in range(_TIMES):
        begun = time.perf_counter()
        page.goto(url, wait_until="commit")
        if has_chart:
            page.locator("[data-testid=stVegaLiteChart] svg.marks").first.wait_for()
        page.wait_for_function(_THERE, polling=20, timeout=60_000)
        found.append(time.perf_counter() - begun)
    return statistics.median(found)


def _main(published: Path) -> None:
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        copy = Path(folder) / "published"
        shutil.copytree(published, copy)
        with served({"PUKK_PUBLISHED": str(copy)}) as site:
            browser = playwright.chromium.launch(executable_path=chromium(), args=list(FLAGS))
            sys.stdout.write("| page | requests | MB | again, s |\n| --- | --- | --- | --- |\n")
            for name, link in PAGES.items():
                requests, size = first(browser, site + link)
                context = context_of(browser, viewport={"width": 1440, "height": 900})
                seconds = again(context.new_page(), site + link, has_chart=name in _DRAWN)
                context.close()
                sys.stdout.write(f"| {name} | {requests} | {size:.2f} | {seconds:.2f} |\n")
            browser.close()


if __name__ == "__main__":
    _main(Path(sys.argv[1]))
