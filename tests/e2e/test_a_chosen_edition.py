"""An edition to compare with, the feed of what is new, and folds: what is chosen stands."""

import hashlib
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import duckdb
import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import OpenPage, drawn_again
from tests.e2e.served import served

pytestmark = pytest.mark.integration

WARD = "u0312"
_FOLD = "Sammenlignet med andre, og om det varte"
_ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(scope="module")
def desk(example_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Three editions with the same figures; the newest tells of a conclusion that has changed."""
    folder = tmp_path_factory.mktemp("editions")
    published = folder / "published"
    shutil.copytree(example_home / "vestre_toten" / "published", published)
    told = json.loads((published / "current.json").read_text(encoding="utf-8"))
    newest = told["generation"] + 2
    for number in (newest - 1, newest):
        name = f"generation-{number:06}"
        file = Path(shutil.copyfile(published / told["file"], published / f"{name}.duckdb"))
        if number == newest:
            _with_news(file, number)
        sha256 = hashlib.sha256(file.read_bytes()).hexdigest()
        size = file.stat().st_size
        said = told | {
            "generation": number, "file": file.name, "sha256": sha256, "size_bytes": size
        }  # fmt: skip
        for target in (published / f"{name}.json", published / "current.json"):
            target.write_text(json.dumps(said), encoding="utf-8")
    (folder / "state").mkdir()
    with served({"PUKK_PUBLISHED": str(published), "PUKK_STATE": str(folder / "state")}) as url:
        yield url


def _with_news(file: Path, number: int) -> None:
    with duckdb.connect(str(file)) as con:
        con.execute("delete from mart_edition")
        con.execute(
            "insert into mart_edition (edition, previous_edition, previous_published_at,"
            " previous_last_month, is_comparable)"
            " values ($1, $1 - 1, '2026-11-01', '2018-11-01', true)",
            [number],
        )
        con.execute(
            "insert into mart_changes (change_id, change_kind, change_order, scope_type, scope_id,"
            " unit_id, unit_name, metric_id, old_class, new_class, month, n, reason_codes)"
            " select 'new', 'verdict', 1, 'unit', unit_id, unit_id, unit_name, 'overtime_pct',"
            " 'no_change', 'better', '2018-12-01', 1, 'corrected' from dim_units where unit_id = ?",
            [WARD],
        )


def chosen(page: Page) -> str:
    return page.get_by_role("combobox", name="Sammenlign med").input_value()


def test_the_edition_chosen_is_the_one_compared_with_also_after_reload_and_back(
    desk: str, open_page: OpenPage
) -> None:
    page = open_page(f"{desk}/nytt?lang=nb")
    news = page.locator("#nytt-conclusions")
    expect(news).to_be_visible()
    first = chosen(page)
    page.get_by_role("combobox", name="Sammenlign med").click()
    page.get_by_role("option").last.click()
    drawn_again(page)
    assert "mot=1" in page.url
    assert chosen(page) != first
    # the figures of the two are the same, so nothing is new
    expect(news).to_have_count(0)
    page.reload()
    drawn_again(page)
    assert chosen(page) != first
    page.go_back()
    expect(news).to_be_visible()
    assert chosen(page) == first


def test_an_edition_that_is_not_there_is_said_not_to_be(desk: str, open_page: OpenPage) -> None:
    page = open_page(f"{desk}/nytt?mot=77&lang=nb")
    expect(page.locator("#nytt-conclusions")).to_be_visible()
    expect(page.get_by_role("alert").filter(has_text="77")).to_be_visible()


def test_the_feed_is_a_file_a_news_reader_can_read(desk: str, open_page: OpenPage) -> None:
    page = open_page(f"{desk}/nytt?lang=nb")
    with page.expect_download() as waited:
        page.get_by_role("button", name="Atom").click()
    assert waited.value.suggested_filename == "pukk-nytt.atom"
    feed = ElementTree.fromstring(waited.value.path().read_bytes())  # noqa: S314 - our own text
    assert feed.tag == f"{_ATOM}feed"
    titles = [entry.findtext(f"{_ATOM}title") for entry in feed.findall(f"{_ATOM}entry")]
    assert len(titles) == 1
    assert (titles[0] or "").startswith("Gimle sykehjem avd. 1")


def test_a_fold_that_was_opened_is_open_when_something_is_chosen(
    desk: str, open_page: OpenPage
) -> None:
    page = open_page(f"{desk}/enhet?enhet={WARD}&maltall=overtime_pct&lang=nb")
    fold = page.locator("details", has=page.locator("summary", has_text=_FOLD)).last
    assert fold.get_attribute("open") is None
    fold.locator("summary").first.click()
    expect(fold).to_have_attribute("open", "")
    page.get_by_role("combobox", name="Velg måltall").click()
    page.get_by_role("option").nth(1).click()
    drawn_again(page)
    assert "maltall=overtime_pct" not in page.url
    expect(fold).to_have_attribute("open", "")
