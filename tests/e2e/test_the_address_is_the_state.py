"""Every list holds what is chosen, the first time and the fifth; the address says the same."""

import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.e2e.conftest import OpenPage, drawn

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

LISTS = [
    ("/enhet?enhet=u0312&lang=nb", "Velg enhet", "enhet"),
    ("/enhet?enhet=u0312&lang=nb", "Velg måltall", "maltall"),
    ("/piloter?lang=nb", "Velg måltall", "maltall"),
    ("/?lang=nb", "Sektor", "sektor"),
    ("/gevinster?lang=nb", "Vis etter", "gruppert"),
    ("/okonomi?lang=nb", "Velg enhet", "enhet"),
    ("/okonomi?lang=nb", "År", "ar"),
    ("/datakvalitet?lang=nb", "Måned tallene gjelder", "maned"),
    ("/sporselv?lang=nb", "Tabell", "tabell"),
]
CHOSEN = (1, 2, 0, 2, 1)


def the_list(page: "Page", label: str) -> "Locator":
    return page.get_by_role("combobox", name=re.compile(rf"(^|\b){re.escape(label)}$")).first


def said(page: "Page", key: str) -> str:
    return parse_qs(urlsplit(page.url).query, keep_blank_values=True).get(key, [""])[0]


def choose(page: "Page", label: str, place: int) -> str:
    """Choose a line of a list with the keyboard and return what the list says afterwards."""
    page.get_by_role("option").first.wait_for(state="detached")
    box = the_list(page, label)
    box.scroll_into_view_if_needed()
    box.click()
    lines = page.get_by_role("option")
    lines.first.wait_for()
    wanted = lines.nth(place).inner_text()
    lines.nth(place).click()
    page.wait_for_timeout(400)
    drawn(page)
    assert the_list(page, label).input_value() == wanted
    return wanted


@pytest.mark.parametrize(("address", "label", "key"), LISTS)
def test_a_list_holds_five_choices_in_a_row_and_goes_back_through_them(
    site: str, open_page: OpenPage, address: str, label: str, key: str
) -> None:
    page = open_page(site + address)
    steps = [(the_list(page, label).input_value(), said(page, key))]
    for place in CHOSEN:
        choice = (choose(page, label, place), said(page, key))
        # the line that is already chosen is no step
        steps += [choice] if choice != steps[-1] else []
    assert len(steps) > len(set(CHOSEN))
    for step in reversed(steps[:-1]):
        page.go_back()
        page.wait_for_timeout(400)
        drawn(page)
        assert (the_list(page, label).input_value(), said(page, key)) == step


def test_a_copied_link_shows_what_its_sender_saw(site: str, open_page: OpenPage) -> None:
    page = open_page(f"{site}/enhet?lang=nb")
    choose(page, "Velg enhet", 4)
    choose(page, "Velg måltall", 2)
    other = open_page(page.url)
    for label in ("Velg enhet", "Velg måltall"):
        assert the_list(other, label).input_value() == the_list(page, label).input_value()
    assert other.title() == page.title()
    # each tab is its own: what is chosen in one is not chosen in the other
    choose(other, "Velg enhet", 6)
    before = the_list(page, "Velg enhet").input_value()
    choose(page, "Velg måltall", 1)
    assert the_list(page, "Velg enhet").input_value() == before
    # back, forward and reload show what the address says
    for move in (page.go_back, page.go_forward, page.reload):
        move()
        page.wait_for_timeout(400)
        drawn(page)
    assert the_list(page, "Velg enhet").input_value() == before
    assert said(page, "maltall") == "attendance_pct"


def test_back_leads_to_the_page_before(site: str, open_page: OpenPage) -> None:
    page = open_page(f"{site}/enhet?enhet=u0312&lang=nb")
    choose(page, "Velg enhet", 3)
    unit, before = the_list(page, "Velg enhet").input_value(), page.url
    page.get_by_role("link", name="Gevinster").click()
    page.get_by_role("heading", name="Hva er Lean verdt i årsverk?").wait_for()
    drawn(page)
    page.go_back()
    page.get_by_role("combobox", name="Velg enhet").wait_for()
    drawn(page)
    assert (the_list(page, "Velg enhet").input_value(), page.url) == (unit, before)


def test_a_page_that_does_not_exist_says_so_and_offers_the_nearest(
    site: str, open_page: OpenPage
) -> None:
    page = open_page(f"{site}/gevinstr?lang=nb")
    page.get_by_text("Siden «gevinstr» finnes ikke.").wait_for()
    page.get_by_role("link", name="Gevinster").last.click()
    page.get_by_role("heading", name="Hva er Lean verdt i årsverk?").wait_for()


def test_the_first_page_answers_under_its_own_name(site: str, open_page: OpenPage) -> None:
    page = open_page(f"{site}/oversikt?lang=en")
    assert page.get_by_role("heading", name="Does Lean work here?").count() == 1


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("enhet=u999", "Fant ikke enheten i lenken"),
        ("enhet=u0312&maltall=sick_leav", "Fant ikke måltallet i lenken"),
        ("enhet=u0312&utgave=99", "Lenken er fra utgave 99"),
    ],
)
def test_what_a_link_names_and_is_not_there_is_said(
    site: str, open_page: OpenPage, query: str, words: str
) -> None:
    page = open_page(f"{site}/enhet?{query}&lang=nb")
    page.get_by_text(words).wait_for()


def test_a_closed_page_or_a_file_is_not_taken_for_a_page(site: str, open_page: OpenPage) -> None:
    page = open_page(f"{site}/metode?lang=nb")
    assert page.title() == "Metode · Pukk"
    assert page.request.get(f"{site}/favicon.png").status == 200
