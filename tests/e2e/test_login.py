"""Signing in against a real provider: who gets in, to what, and for how long."""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from dashboards.access import Role
from dashboards.pages import PAGES
from tests.e2e.conftest import AXE, OpenPage, drawn
from tests.e2e.login import HEADER, House, opened_house, sign_in
from tests.e2e.served import context_of

pytestmark = pytest.mark.integration

LEADER = "leder@example.no;enhetsleder;u0312;;;\n"
OTHER = "annen@example.no;enhetsleder;u0410;;;\n"
CHIEF = "sjef@example.no;kommunedirektor;;;;\n"


@pytest.fixture(scope="module")
def house(example_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    published = example_home / "vestre_toten" / "published"
    with opened_house(published, tmp_path_factory.mktemp("login")) as opened:
        yield opened


def test_the_link_that_was_asked_for_is_where_one_ends_up(
    house: House, open_page: OpenPage, reader: BrowserContext
) -> None:
    house.table.write_text(HEADER + LEADER, encoding="utf-8")
    link = "/enhet?enhet=u0312&maltall=overtime_pct&lang=nb"
    page = sign_in(house, open_page, reader, "leder@example.no", link)
    page.locator(".u-eyebrow", has_text="Gimle sykehjem avd. 1").wait_for()
    assert "maltall=overtime_pct" in page.url
    assert page.get_by_text("Lokal modus").count() == 0


def test_a_unit_leader_cannot_reach_another_unit_by_its_address(
    house: House, open_page: OpenPage, reader: BrowserContext
) -> None:
    house.table.write_text(HEADER + LEADER, encoding="utf-8")
    page = sign_in(house, open_page, reader, "leder@example.no", "/enhet?enhet=u0410&lang=nb")
    assert page.get_by_text("Fant ikke enheten i lenken").count() == 1
    assert page.get_by_text("Fysio-ergoterapitjenesten").count() == 0
    assert page.get_by_role("link", name="Spør selv").count() == 0


def test_two_readers_never_see_each_others_rows(
    house: House, open_page: OpenPage, browser: Browser
) -> None:
    house.table.write_text(HEADER + LEADER + OTHER + CHIEF, encoding="utf-8")
    seen = {}
    for email in ("sjef@example.no", "leder@example.no", "annen@example.no"):
        context = context_of(browser, viewport={"width": 1280, "height": 900})
        page = sign_in(house, open_page, context, email, "/?side=oversikt&lang=nb")
        if (rest := page.get_by_text("Vis resten av de")).count():
            page.get_by_text("Hva bør dere snakke om?").click()
            rest.click()
            page.get_by_role("cell", name="Fysio-ergoterapitjenesten").first.wait_for()
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
    page = sign_in(
        house, open_page, reader, "sjef@example.no", "/?side=piloter&lang=nb&maltall=overtime_pct"
    )
    page.get_by_role("heading", name="Pilotene · Overtid").wait_for()
    house.table.write_text(HEADER, encoding="utf-8")
    page.get_by_role("combobox").last.click()
    page.get_by_role("option").first.click()
    page.get_by_text("har ikke tilgang til resultatene").wait_for()
    assert page.get_by_role("heading", name="Pilotene · Overtid").count() == 0


def test_someone_signed_in_but_not_in_the_table_sees_nothing(
    house: House, open_page: OpenPage, reader: BrowserContext
) -> None:
    house.table.write_text(HEADER + LEADER, encoding="utf-8")
    page = sign_in(house, open_page, reader, "fremmed@example.no")
    assert page.get_by_text("har ikke tilgang til resultatene").count() == 1
    assert page.get_by_text("Vestre Toten").count() == 0
    house.wait_for_line("fremmed@example.no", ("login", "login", "", "refused"))


def test_a_login_and_a_unit_that_is_not_ones_own_are_in_the_log(
    house: House, open_page: OpenPage, reader: BrowserContext
) -> None:
    house.table.write_text(HEADER + LEADER, encoding="utf-8")
    sign_in(house, open_page, reader, "leder@example.no", "/enhet?enhet=u0334&lang=nb")
    house.wait_for_line("leder@example.no", ("login", "login", "", "ok"))
    house.wait_for_line("leder@example.no", ("view", "enhet", "u0334", "refused"))


@pytest.mark.parametrize("code", ["sporselv", "data"])
def test_a_page_over_all_units_is_closed_to_a_unit_leader_by_its_address_too(
    house: House, open_page: OpenPage, reader: BrowserContext, code: str
) -> None:
    house.table.write_text(HEADER + LEADER, encoding="utf-8")
    sign_in(house, open_page, reader, "leder@example.no")
    page = reader.new_page()
    page.goto(f"{house.url}/{code}?lang=nb")
    # they land where they start: on the only unit that is theirs
    page.get_by_text("Siden finnes ikke for deg").wait_for()
    expect(page).to_have_title(re.compile(r"^Gimle sykehjem avd\. 1 · "))
    assert page.get_by_role("textbox", name="Spørring").count() == 0
    assert page.get_by_role("link", name="Spør selv").count() == 0
    house.wait_for_line("leder@example.no", ("view", code, "", "refused"))


def test_a_unit_leaders_file_and_counts_hold_their_own_unit_only(
    house: House, open_page: OpenPage, reader: BrowserContext
) -> None:
    house.table.write_text(HEADER + LEADER, encoding="utf-8")
    page = sign_in(house, open_page, reader, "leder@example.no", "/oversikt?lang=nb")
    page.get_by_text("Hva bør dere snakke om?").click()
    page.get_by_text("Tallene gjelder bare enhetene du har tilgang til.").wait_for()
    drawn(page)
    with page.expect_download() as waited:
        page.get_by_role("button", name="Last ned CSV").last.click()
    rows = waited.value.path().read_text(encoding="utf-8-sig").splitlines()[1:]
    assert rows
    assert all("Gimle sykehjem avd. 1" in row for row in rows)
    house.wait_for_line("leder@example.no", ("download", "oversikt", "", "ok"))


def test_the_address_of_someone_elses_file_is_dead(
    house: House, open_page: OpenPage, browser: Browser
) -> None:
    house.table.write_text(HEADER + LEADER + CHIEF, encoding="utf-8")
    mine, other = context_of(browser), context_of(browser)
    page = sign_in(house, open_page, mine, "sjef@example.no", "/?side=oversikt&lang=nb")
    page.get_by_text("Hva bør dere snakke om?").click()
    drawn(page)
    with page.expect_download() as waited:
        page.get_by_role("button", name="Last ned CSV").last.click()
    assert waited.value.path().stat().st_size > 0
    sign_in(house, open_page, other, "leder@example.no")
    for context in (mine, other):
        assert context.request.get(waited.value.url).status == 404
        context.close()


def test_a_file_is_not_made_for_a_reader_taken_out_since_the_page_was_drawn(
    house: House, open_page: OpenPage, browser: Browser
) -> None:
    house.table.write_text(HEADER + CHIEF, encoding="utf-8")
    reader = context_of(browser)
    page = sign_in(house, open_page, reader, "sjef@example.no", "/?side=oversikt&lang=nb")
    page.get_by_text("Hva bør dere snakke om?").click()
    drawn(page)
    button = page.get_by_role("button", name="Last ned CSV").last
    expect(button).to_be_enabled()
    house.table.write_text(HEADER, encoding="utf-8")
    taken: list[object] = []
    page.on("download", lambda download: taken.append(download))
    button.click()
    house.wait_for_line("sjef@example.no", ("view", "download", "", "refused"))
    assert taken == []
    reader.close()


def test_a_new_edition_is_there_at_the_next_rerun(
    house: House, open_page: OpenPage, reader: BrowserContext
) -> None:
    house.table.write_text(HEADER + CHIEF, encoding="utf-8")
    page = sign_in(house, open_page, reader, "sjef@example.no", "/?side=oversikt&lang=nb")
    pointer = house.published / "current.json"
    told = json.loads(pointer.read_text(encoding="utf-8"))
    old = house.published / told["file"]
    new = house.published / "generation-000099.duckdb"
    shutil.copyfile(old, new)
    about = json.loads(old.with_suffix(".json").read_text(encoding="utf-8"))
    ours = {"generation": 99, "file": new.name}
    new.with_suffix(".json").write_text(json.dumps(about | ours), encoding="utf-8")
    pointer.write_text(json.dumps(told | ours), encoding="utf-8")
    assert page.get_by_text("utgave 99").count() == 0
    page.get_by_role("link", name="Enhet", exact=True).click()
    page.get_by_text("utgave 99").wait_for()


def test_every_page_of_a_unit_leader_is_accessible_and_says_nothing_in_the_console(
    house: House, open_page: OpenPage, reader: BrowserContext
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    house.table.write_text(HEADER + LEADER, encoding="utf-8")
    page = sign_in(house, open_page, reader, "leder@example.no", "/?lang=nb")
    said: list[str] = []
    page.on("console", lambda message: said.append(f"{page.url}: {message.text}"))
    for code in [each.code for each in PAGES if Role.UNIT_LEADER in each.roles]:
        page.goto(f"{house.url}/{code}?lang=nb")
        drawn(page)
        found = Axe().run(page, options=AXE).response["violations"]
        assert [(code, v["id"], [n["html"][:200] for n in v["nodes"]]) for v in found] == []
    assert said == []
