"""Every list holds what is chosen, the first time and the fifth; the address says the same."""

import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.e2e.conftest import OpenPage, drawn, drawn_again

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

LISTS = [
    ("/enhet?enhet=u0312&lang=nb", "Velg enhet", "enhet"),
    ("/enhet?enhet=u0312&lang=nb", "Velg måltall", "maltall"),
    ("/gruppe?lang=nb", "Velg måltall", "maltall"),
    ("/gruppe?lang=nb&maltall=overtime_pct", "Velg gruppe", "gruppe"),
    ("/?lang=nb", "Sektor", "sektor"),
    ("/status?lang=nb", "Sektor", "sektor"),
    ("/status?lang=nb", "Sortert etter", "sortert"),
    ("/gevinster?apnet=alt&lang=nb", "Vis etter", "gruppert"),
    ("/gruppe?lang=nb&fane=okonomi", "Velg enhet", "enhet"),
    ("/gruppe?lang=nb&fane=okonomi", "År", "ar"),
    ("/data?lang=nb", "Måned tallene gjelder", "maned"),
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
    drawn_again(page)
    assert the_list(page, label).input_value() == wanted
    return wanted


@pytest.mark.parametrize(("address", "label", "key"), LISTS)
def test_a_list_holds_five_choices_in_a_row_and_goes_back_through_them(
    site: str, open_page: OpenPage, address: str, label: str, key: str
) -> None:
    page = open_page(site + address)
    if (folded := page.get_by_text("Hva bør dere snakke om?")).count():
        folded.click()
    steps = [(the_list(page, label).input_value(), said(page, key))]
    for place in CHOSEN:
        choice = (choose(page, label, place), said(page, key))
        # the line that is already chosen is no step
        steps += [choice] if choice != steps[-1] else []
    assert len(steps) > len(set(CHOSEN))
    for step in reversed(steps[:-1]):
        page.go_back()
        drawn_again(page)
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
    metric = said(page, "maltall")
    assert the_list(page, "Velg enhet").input_value() == before
    # back, forward and reload show what the address says
    for move in (page.go_back, page.go_forward, page.reload):
        move()
        drawn_again(page)
    assert the_list(page, "Velg enhet").input_value() == before
    assert said(page, "maltall") == metric


def test_back_leads_to_the_page_before(site: str, open_page: OpenPage) -> None:
    page = open_page(f"{site}/enhet?enhet=u0312&lang=nb")
    choose(page, "Velg enhet", 3)
    unit, before = the_list(page, "Velg enhet").input_value(), page.url
    page.get_by_role("link", name="Gevinster").click()
    page.get_by_role("heading", name="Hva er Lean verdt i årsverk?").wait_for()
    page.wait_for_url("**/gevinster**")
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


@pytest.mark.parametrize("path", ["", "oversikt"])
def test_the_first_page_answers_at_the_root_and_under_its_own_name(
    site: str, open_page: OpenPage, path: str
) -> None:
    page = open_page(f"{site}/{path}?lang=en")
    assert page.locator("[data-testid=stTopNavLink][aria-current]").inner_text() == "Overview"
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
    page = open_page(f"{site}/omtallene?lang=nb")
    assert page.title() == "Om tallene · Pukk"
    assert page.request.get(f"{site}/favicon.png").status == 200


@pytest.mark.parametrize(
    ("before", "heading"),
    [
        ("/metode?lang=nb", "Hva betyr tallene, og hva kan de ikke si?"),
        ("/tilgjengelighet?lang=nb", "Kan alle bruke sidene?"),
        ("/piloter?lang=nb&maltall=overtime_pct", "Pilotene · Overtid"),
        ("/okonomi?lang=nb", "Holdt pengene?"),
        ("/fallgruver?lang=nb", "Signalene bak, fallgruve for fallgruve"),
        ("/?side=datakvalitet&lang=nb", "Kan tallene etterprøves?"),
    ],
)
def test_an_address_from_before_a_page_moved_leads_to_it(
    site: str, open_page: OpenPage, before: str, heading: str
) -> None:
    page = open_page(site + before)
    assert page.get_by_role("heading", name=heading).count() == 1


def test_the_legend_filters_and_a_cell_leads_to_its_measurement_and_back(
    site: str, open_page: OpenPage
) -> None:
    page = open_page(f"{site}/status?lang=nb")
    cells = page.locator(".mx a.v")
    n_all = cells.count()
    page.get_by_role("link", name=re.compile("^Verre")).click()
    page.get_by_role("link", name=re.compile("^Verre")).and_(
        page.locator("[aria-current]")
    ).wait_for()
    drawn(page)
    assert said(page, "klasse") == "worse"
    assert 0 < cells.count() < n_all
    page.locator(".mx a.worse").first.click()
    page.get_by_role("combobox", name="Velg måltall").wait_for()
    drawn(page)
    assert page.url.startswith(f"{site}/enhet?")
    page.go_back()
    page.locator(".mx").wait_for()
    drawn(page)
    assert said(page, "klasse") == "worse"
    assert 0 < cells.count() < n_all


def test_a_unit_is_found_from_any_page_and_back_leads_there_again(
    site: str, open_page: OpenPage
) -> None:
    page = open_page(f"{site}/gevinster?lang=nb")
    for unit in ("Barnevern", "Renhold"):
        box = page.get_by_role("combobox", name="Finn enhet")
        box.fill(unit)
        page.get_by_role("option", name=unit, exact=True).click()
        page.locator(".u-eyebrow", has_text=unit).wait_for()
        drawn(page)
        assert page.url.startswith(f"{site}/enhet?")
        assert page.title() == f"{unit} · Enhet · Pukk"
        assert the_list(page, "Finn enhet").input_value() == ""
    page.go_back()
    page.locator(".u-eyebrow", has_text="Barnevern").wait_for()
    page.go_back()
    page.get_by_role("heading", name="Hva er Lean verdt i årsverk?").wait_for()
