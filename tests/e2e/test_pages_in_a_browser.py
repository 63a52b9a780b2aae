"""Every page in a real browser, in every language: accessible, no errors, nothing sent out."""

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from dashboards.pages import PAGES
from pipelines.words.catalogue import codes, languages
from tests.e2e.conftest import AXE, OpenPage, assert_fits, drawn, drawn_again

if TYPE_CHECKING:
    from playwright.sync_api import Page, ViewportSize

pytestmark = pytest.mark.integration

PILOT = "u0312"
NARROW = (390, 320)
SCREEN: "ViewportSize" = {"width": 1280, "height": 900}


CODES = [page.code for page in PAGES]


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("home", ["site", "nhs_site"])
def test_a_page_is_accessible_fits_narrow_screens_and_stays_on_this_machine_in_every_language(
    request: pytest.FixtureRequest, open_page: OpenPage, home: str, code: str
) -> None:
    # a link in one language, and from there as a reader changes it; the next page's link is in the
    # next language
    turn = CODES.index(code) + len(home)
    first, *others = (codes()[(turn + n) % len(codes())] for n in range(len(codes())))
    unit = f"&enhet={PILOT}" if home == "site" else ""
    link = f"/?side={code}{unit}&lang={first}"
    page = open_page(request.getfixturevalue(home) + link, is_silent=True)
    assert_good_page(page, first)
    for language in others:
        page.set_viewport_size(SCREEN)
        choose_language(page, language)
        assert_good_page(page, language)


def choose_language(page: "Page", language: str) -> None:
    """Change the language as a reader does, and wait until the page is in it."""
    page.get_by_role("combobox", name="Språk / Language").click()
    page.get_by_role("option", name=languages()[language], exact=True).click()
    page.wait_for_function("code => document.documentElement.lang === code", arg=language)
    drawn_again(page)


def assert_good_page(page: "Page", language: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    assert page.evaluate("document.documentElement.lang") == language
    found = Axe().run(page, options=AXE).response["violations"]
    assert [(language, v["id"], [n["html"][:200] for n in v["nodes"]]) for v in found] == []
    assert_headings_go_down_one_level_at_a_time(page)
    for width in NARROW:
        assert_fits(page, width)


def assert_headings_go_down_one_level_at_a_time(page: "Page") -> None:
    levels = [
        int(tag[1])
        for tag in page.eval_on_selector_all(
            "[data-testid=stMain] :is(h1,h2,h3,h4)", "found => found.map(h => h.tagName)"
        )
    ]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_a_unit_in_the_overview_opens_where_the_reader_is(site: str, open_page: OpenPage) -> None:
    page = open_page(f"{site}/?lang=en")
    link = page.locator(".he th a").first
    name = link.inner_text()
    link.click()
    page.locator(".u-eyebrow", has_text=name).wait_for()
    assert len(page.context.pages) == 1
    assert "lang=en" in page.url


def test_the_chart_can_be_switched_to_the_comparison(site: str, open_page: OpenPage) -> None:
    page = open_page(f"{site}/enhet?enhet={PILOT}&maltall=overtime_pct&lang=nb")
    page.get_by_text("Sammenlignet med andre, og om det varte").click()
    page.get_by_text("Mot enheter som ikke har startet", exact=True).click()
    page.get_by_role("heading", name="Overtid, avstand til enheter som ikke").wait_for()


def test_changing_the_language_keeps_page_and_unit(site: str, open_page: OpenPage) -> None:
    page = open_page(f"{site}/enhet?enhet={PILOT}&maltall=overtime_pct&lang=nb")
    assert page.get_by_role("heading", name="Runde 1").count() == 1
    page.get_by_role("combobox", name="Språk / Language").click()
    page.get_by_role("option", name="English").click()
    page.get_by_role("heading", name="Cycle 1").wait_for()
    drawn(page)
    assert "enhet=u0312" in page.url
    assert "maltall=overtime_pct" in page.url
    assert "lang=en" in page.url
    assert page.url.startswith(f"{site}/enhet?")
    assert page.evaluate("document.documentElement.lang") == "en"


def test_the_choice_follows_from_page_to_page(site: str, open_page: OpenPage) -> None:
    page = open_page(f"{site}/enhet?enhet={PILOT}&lang=en")
    page.get_by_role("link", name="Rollout").click()
    page.locator("[data-testid=stTopNavLink][aria-current]", has_text="Rollout").wait_for()
    drawn(page)
    page.get_by_role("link", name="Unit", exact=True).click()
    page.locator(".u-eyebrow", has_text="Gimle sykehjem avd. 1").wait_for()


def test_single_keys_do_nothing(site: str, open_page: OpenPage) -> None:
    page = open_page(f"{site}/?lang=nb")
    sent: list[str] = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda _: sent.append("frame")))
    page.reload()
    drawn(page)
    sent.clear()
    page.evaluate("document.activeElement.blur()")
    # to Streamlit, r is to run the page again and c to empty its cache
    for key in ("r", "c"):
        page.keyboard.press(key)
    drawn_again(page)
    assert sent == []
    assert page.get_by_role("dialog").count() == 0
    page.get_by_text("Hva bør dere snakke om?").click()
    page.get_by_text("Vis resten av de").click()
    drawn(page)
    assert sent != []


def test_streamlits_own_words_follow_the_language_of_the_page(
    site: str, open_page: OpenPage
) -> None:
    page = open_page(f"{site}/enhet?enhet={PILOT}&lang=nb")
    assert page.get_by_role("link", name="Hopp til hovedinnholdet").count() == 1
    page.get_by_role("button", name="Hovedmeny").click()
    page.get_by_role("menuitem", name="Skriv ut").wait_for()
    page.keyboard.press("Escape")
    page.get_by_role("combobox", name="Språk / Language").click()
    page.get_by_role("option", name="English").click()
    page.get_by_role("heading", name="Cycle 1").wait_for()
    drawn(page)
    assert page.get_by_role("link", name="Skip to main content").count() == 1
    assert page.get_by_role("button", name="Main menu").count() == 1


def test_a_chart_is_taken_along_by_our_own_buttons_alone(site: str, open_page: OpenPage) -> None:
    page = open_page(f"{site}/enhet?enhet={PILOT}&maltall=sick_leave_pct&lang=en")
    page.locator("[data-testid=stVegaLiteChart]").first.hover()
    page.get_by_text("The figures behind").first.click()
    page.get_by_role("button", name="PNG", exact=True).first.wait_for()
    # Streamlit's own would hand over figures the log knows nothing of
    assert page.locator("[data-testid=stElementToolbar]:visible").count() == 0


def test_months_and_figures_are_norwegian_in_an_american_browser(
    site: str, open_page: OpenPage
) -> None:
    page = open_page(f"{site}/enhet?enhet={PILOT}&maltall=sick_leave_pct&lang=nb")
    chart = page.locator("[data-testid=stVegaLiteChart] svg.marks").first
    chart.wait_for()
    assert "Lean-start februar 2011" in chart.inner_html()
    assert "10,0" in chart.inner_html()


def test_an_unknown_unit_is_said_not_to_be_found(site: str, open_page: OpenPage) -> None:
    page = open_page(f"{site}/enhet?enhet=u9999&lang=nb")
    assert page.get_by_text("Fant ikke enheten i lenken").count() == 1


def test_the_chart_can_be_taken_along_as_a_picture(site: str, open_page: OpenPage) -> None:
    page = open_page(f"{site}/enhet?enhet={PILOT}&maltall=sick_leave_pct&lang=nb")
    page.get_by_text("Tallene bak").first.click()
    drawn_again(page)
    with page.expect_download() as waited:
        page.get_by_role("button", name="PNG", exact=True).first.click()
    file = waited.value
    assert file.suggested_filename == "u0312-sick_leave_pct-value.png"
    assert file.path().read_bytes().startswith(b"\x89PNG")
