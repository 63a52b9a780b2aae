"""The journeys people make: a leader from a link, an auditor through a month, a question asked.

In both languages; the leader's by keyboard alone.
"""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from pipelines.desk.access_log import entries, verify
from pipelines.desk.log_chain import LogEntry
from tests.conftest import pukk
from tests.e2e.conftest import OpenPage, drawn, drawn_again
from tests.e2e.journeys import JOURNEYS, Way
from tests.e2e.login import HEADER, House, opened_house, sign_in
from tests.e2e.served import context_of, served, wait_until

pytestmark = pytest.mark.integration

AUDITOR = "revisor@example.no;revisor;;;;\n"
MOST_TABS = 80
MOST_CLICKS = 5
ZOOMED_WIDTH = 640


@pytest.fixture(scope="module")
def folder(example_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("journeys")
    shutil.copytree(example_home / "vestre_toten" / "published", made / "published")
    return made


@pytest.fixture(scope="module")
def desk(folder: Path) -> Iterator[str]:
    """Address of a dashboard in local mode whose log is in ``folder / "state"``."""
    with served({"PUKK_PUBLISHED": str(folder / "published")}) as url:
        yield url


@pytest.fixture(scope="module")
def house(example_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    made = tmp_path_factory.mktemp("auditor")
    with opened_house(example_home / "vestre_toten" / "published", made) as opened:
        yield opened


def acts(state: Path, seen: int = 0, n_more: int = 0) -> list[LogEntry]:
    """What the log says was done but looking, newest first and after those already seen.

    The log is the server's: it is waited for until as many more are there.
    """

    def all_of_them() -> list[LogEntry]:
        return [e for e in entries(state, -1) if e["action"] != "view"]

    wait_until(lambda: len(all_of_them()) >= seen + n_more, all_of_them)
    found = all_of_them()
    return found[: len(found) - seen]


def tab_to(page: Page, name: str) -> None:
    """Press Tab until a button whose text begins so has the focus, seen by its outline."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.innerText").strip().startswith(name):
            return
    pytest.fail(f"{name} cannot be reached by keyboard in {MOST_TABS} steps")


@pytest.mark.parametrize(
    ("language", "heading", "button"),
    [
        ("nb", "Runde 1", "Last ned rapport for Gimle sykehjem avd. 1"),
        ("en", "Cycle 1", "Download report for Gimle sykehjem avd. 1"),
    ],
)
def test_a_leader_goes_from_link_to_report_by_keyboard_alone(
    desk: str, folder: Path, open_page: OpenPage, language: str, heading: str, button: str
) -> None:
    page = open_page(f"{desk}/enhet?enhet=u0312&maltall=sick_leave_pct&lang={language}")
    expect(page.locator(".u-eyebrow", has_text="Gimle sykehjem avd. 1")).to_be_visible()
    expect(page.get_by_role("heading", name=heading)).to_be_visible()
    expect(page.locator("[data-testid=stVegaLiteChart] svg.marks").first).to_be_visible()
    tab_to(page, button)
    seen = len(acts(folder / "state"))
    with page.expect_download() as waited:
        page.keyboard.press("Enter")
    assert waited.value.suggested_filename == f"pukk-u0312-{language}.pdf"
    assert waited.value.path().read_bytes().startswith(b"%PDF-")
    (newest,) = acts(folder / "state", seen, 1)
    assert (newest["action"], newest["unit"]) == ("report", "u0312")


@pytest.mark.parametrize(
    ("language", "month", "folds", "reason", "through", "download", "sign", "comment"),
    [
        ("nb", "april 2018", ("Filene", "Hva ble satt til side?", "Hva ble publisert likevel?",
         "Attestert"), "Rad 387: Til dato skal ikke være før", "Publisert til tross for",
         "Last ned rapporten for måneden", "Attester for april 2018", "Merknad til"),
        ("en", "April 2018", ("The files", "What was set aside?",
         "What was published all the same?", "Signed off"),
         "Rad 387: Til dato skal ikke være før", "Published in spite of",
         "Download the report of the month", "Sign off April 2018", "Comment to the"),
    ],
)  # fmt: skip
def test_an_auditor_goes_from_month_to_signature(
    house: House, open_page: OpenPage, reader: BrowserContext, language: str, month: str,
    folds: tuple[str, ...], reason: str, through: str, download: str, sign: str, comment: str,
) -> None:  # fmt: skip
    house.table.write_text(HEADER + AUDITOR, encoding="utf-8")
    link = f"/data?lang={language}"
    seen = len(acts(house.state))
    page = sign_in(house, open_page, reader, "revisor@example.no", link)
    page.get_by_role("combobox").last.click()
    page.get_by_role("combobox").last.fill(month)
    page.get_by_role("option", name=month, exact=True).click()
    page.get_by_text(month).first.wait_for()
    drawn(page)
    assert "maned=2018-04" in page.url
    for fold in folds:
        page.locator("summary", has_text=fold).first.click()
        drawn_again(page)
    expect(page.get_by_text("fravar/sykefravar_2018_04.csv").first).to_be_visible()
    expect(page.get_by_text(reason).first).to_be_visible()
    expect(page.get_by_text(through).first).to_be_visible()
    with page.expect_download() as waited:
        page.get_by_role("button", name=download).click()
    assert waited.value.suggested_filename == f"pukk-datakvalitet-2018-04-{language}.pdf"
    words = f"Kontrollert mot arkivet ({language})"
    page.get_by_label(comment).fill(words)
    page.get_by_role("button", name=sign).click()
    page.get_by_role("cell", name=words).wait_for()
    expect(page.get_by_role("cell", name="revisor@example.no (revisor)").first).to_be_visible()
    signed, report, *_ = acts(house.state, seen, 3)
    assert (signed["action"], signed["period"]) == ("sign_off", "2018-04")
    # what was signed for stands before the words, by its hash
    assert re.fullmatch(rf"content sha256:[0-9a-f]{{64}} {re.escape(words)}", signed["detail"])
    assert (report["action"], report["period"]) == ("report", "2018-04")
    assert verify(house.state).broken_at is None


@pytest.mark.parametrize(
    ("language", "label", "run", "csv", "refused"),
    [
        ("nb", "Spørring", "Kjør spørringen", "Last ned CSV", "Spørringen ga ikke noe svar."),
        ("en", "Query", "Run the query", "Download CSV", "The query gave no answer."),
    ],
)
def test_an_analyst_pastes_a_question_and_takes_a_safe_file_but_cannot_write(
    desk: str, folder: Path, open_page: OpenPage, language: str, label: str, run: str, csv: str,
    refused: str,
) -> None:  # fmt: skip
    page = open_page(f"{desk}/sporselv?lang={language}")
    seen = len(acts(folder / "state"))
    page.get_by_label(label, exact=True).fill("select '=1+1' as a, unit_name from dim_units")
    page.get_by_role("button", name=run).click()
    drawn(page)
    with page.expect_download() as waited:
        page.get_by_role("button", name=csv).click()
    text = waited.value.path().read_text(encoding="utf-8-sig")
    lines = text.splitlines()
    assert lines[0] == {"nb": "a;unit_name", "en": "a,unit_name"}[language]
    assert len(lines) > 50
    assert not any(line.startswith("=") for line in lines)
    page.get_by_label(label, exact=True).fill("drop table dim_units")
    page.get_by_role("button", name=run).click()
    page.get_by_text(refused).wait_for()
    asked = acts(folder / "state", seen, 3)
    assert [e["action"] for e in asked] == ["sql", "download", "sql"]
    assert asked[0]["detail"] == "drop table dim_units"
    assert asked[0]["outcome"] != "ok"
    assert asked[2]["outcome"] == "ok"


@pytest.mark.parametrize("code", ["oversikt", "enhet", "data", "omtallene"])
def test_a_page_can_be_enlarged_to_200_per_cent(desk: str, browser: Browser, code: str) -> None:
    # a browser at 200 % on a screen of 1280 lays the page out on half of it, at twice the density
    context = context_of(
        browser, viewport={"width": ZOOMED_WIDTH, "height": 450}, device_scale_factor=2
    )
    page = context.new_page()
    page.goto(f"{desk}/{code}?enhet=u0312&lang=nb")
    drawn(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= ZOOMED_WIDTH
    context.close()


@pytest.mark.parametrize(
    ("language", "link", "heading"),
    [
        ("nb", "Om tallene, ordliste og tilgjengelighetserklæring", "Kan alle bruke sidene?"),
        (
            "en",
            "About the figures, words and accessibility statement",
            "Can everyone use the pages?",
        ),
    ],
)
def test_the_accessibility_statement_is_one_step_from_any_page(
    desk: str, open_page: OpenPage, language: str, link: str, heading: str
) -> None:
    page = open_page(f"{desk}/gruppe?lang={language}")
    page.get_by_role("link", name=link).click()
    expect(page.get_by_role("heading", name=heading)).to_be_visible()


def test_a_bad_file_is_told_mended_and_published_and_one_taken_back_changes_nothing(
    example_copy: Path, browser: Browser
) -> None:
    home = example_copy / "vestre_toten"
    pointer = home / "published" / "current.json"
    before = pointer.read_bytes()
    good = (home / "inbox" / "fravar" / "sykefravar_2018_12.csv").read_bytes()
    delivered = home / "inbox" / "fravar" / "sykefravar_2018_12_rettet.csv"

    # taken back before the job has run
    delivered.write_bytes(good)
    delivered.unlink()
    assert "Ingenting nytt" in pukk("run", home=example_copy).stdout
    assert pointer.read_bytes() == before

    delivered.write_bytes(good.replace(b"2018-12-01;2018-12-14;", b"2018-12-01;2018-11-14;", 1))
    pukk("run", home=example_copy)
    assert "sykefravar_2018_12_rettet.csv" in pukk("quarantine", home=example_copy).stdout
    with served({"PUKK_PUBLISHED": str(home / "published")}) as url:
        context = context_of(browser)
        page = context.new_page()
        page.goto(f"{url}/data?maned=2018-12&apnet=alt&lang=nb")
        drawn(page)
        row = page.get_by_role("row").filter(has_text="Til dato skal ikke være før fra dato")
        row = row.filter(has_text=delivered.name)
        expect(row).to_contain_text("Rad 3")
        expect(row).to_contain_text("Lastet")

        delivered.write_bytes(
            good.replace(b"2018-12-14;Sykmelding;100 %;14", b"2018-12-13;Sykmelding;100 %;13", 1)
        )
        pukk("run", home=example_copy)
        page.reload()
        drawn(page)
        expect(row).to_contain_text("Erstattet av en nyere fil")
        context.close()
    assert pointer.read_bytes() != before


@pytest.mark.parametrize("name", list(JOURNEYS))
def test_a_leader_gets_there_in_five_clicks(desk: str, open_page: OpenPage, name: str) -> None:
    page = open_page(f"{desk}/?lang=nb", width=1440)
    way = Way(page)
    JOURNEYS[name](way)
    assert way.clicks <= MOST_CLICKS
