"""The published example, served; and a page that fails on console errors and foreign requests."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.e2e.served import FLAGS, chromium, context_of, served

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

OpenPage = Callable[..., "Page"]
AXE = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
"""What a page is held to: WCAG 2.2 A and AA, and what axe counts as good practice.

Every rule is run; only what breaks one is written out, element by element.
"""


@pytest.fixture(scope="session")
def site(example_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of the dashboard over the published example, in local mode."""
    yield from _site(example_home, "vestre_toten", tmp_path_factory)


@pytest.fixture(scope="session")
def nhs_site(nhs_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of the dashboard over NHS England, where no unit has started."""
    yield from _site(nhs_home, "nhs_england", tmp_path_factory)


def _site(home: Path, municipality: str, folders: pytest.TempPathFactory) -> Iterator[str]:
    published = folders.mktemp("site") / "published"
    shutil.copytree(home / municipality / "published", published)
    with served({"PUKK_PUBLISHED": str(published)}) as url:
        yield url


# for one file and no longer: its event loop would be in the way of other tests
@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    from playwright.sync_api import sync_playwright

    path = chromium()
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield made
        made.close()


@pytest.fixture
def reader(browser: "Browser") -> "Iterator[BrowserContext]":
    """A browser of one reader's own, with cookies that no other has."""
    context = context_of(browser, viewport={"width": 1280, "height": 900})
    yield context
    context.close()


@pytest.fixture
def open_page(browser: "Browser") -> Iterator[OpenPage]:
    """Opens an address and waits until the page is drawn; complaints fail the test.

    ``is_silent`` takes any word in the console for a complaint, also a warning of Vega's.
    """
    complaints: list[str] = []
    contexts = []

    def opened(
        url: str, *, width: int = 1280, context: object = None, is_silent: bool = False
    ) -> "Page":
        host = url.split("/")[2].split(":")[0]
        if context is None:
            context = context_of(browser, viewport={"width": width, "height": 900}, locale="en-US")
            contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console",
            lambda m: complaints.append(m.text) if is_silent or m.type == "error" else None,
        )
        page.on(
            "request",
            lambda request: (
                complaints.append(f"foreign request: {request.url}")
                if request.url.startswith(("http", "ws"))
                and request.url.split("/")[2].split(":")[0] != host
                else None
            ),
        )
        page.goto(url)
        drawn(page)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


# a page is done when the script behind it has ended, nothing is faded or on its way in, every chart
# has its marks, and nothing has moved for a while; one of these alone is true now and then half-way
SETTLED = """() => {
  const all = (chosen) => [...document.querySelectorAll(chosen)];
  const app = document.querySelector("[data-testid=stApp]");
  const busy =
    app?.dataset.testScriptState !== "notRunning" ||
    app?.dataset.testConnectionState !== "CONNECTED" ||
    !document.querySelector("[data-testid=stMain] h1") ||
    all("[data-stale=true], [data-testid=stSkeleton], [data-testid=stStatusWidget]").length > 0 ||
    all("[data-testid=stVegaLiteChart]").some((chart) => !chart.querySelector("svg.marks")) ||
    document.getAnimations().some((moving) => moving instanceof CSSTransition);
  // a page on its way to another has no body
  const size = document.body?.innerHTML.length;
  const now = performance.now();
  if (busy || !size || size !== window.pukkSize) {
    window.pukkSize = size;
    window.pukkSince = now;
    return false;
  }
  return now - window.pukkSince > 500;
}"""


# at this width, and so for a while: what was just laid out anew may be laid out once more
FITS = """(width) => {
  const now = performance.now();
  const fits = innerWidth === width && document.documentElement.scrollWidth <= width;
  if (!fits || window.pukkFits?.width !== width) window.pukkFits = { width, since: now };
  return fits && now - window.pukkFits.since > 300;
}"""


def assert_fits(page: "Page", width: int) -> None:
    """The page is laid out within this width (px), with nothing to scroll sideways to."""
    page.set_viewport_size({"width": width, "height": 900})
    page.wait_for_function(FITS, arg=width, polling=100)


def drawn_again(page: "Page") -> None:
    """Wait until the page is drawn after what was just done, and not only as it was before it."""
    page.evaluate("window.pukkSince = performance.now()")
    drawn(page)


def drawn(page: "Page") -> None:
    """Wait until the page has a title and nothing more is on its way."""
    page.wait_for_function(SETTLED, polling=100)
