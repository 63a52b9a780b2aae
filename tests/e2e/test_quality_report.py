"""The quality report as an auditor opens and prints it: every table has room on its page."""

from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.integration
SCREEN_PX = 1280
PAPER_PX = 1032
"""An A4 on its side less the margins of ``report.css``, at 96 px an inch."""
TABLES = """() => [...document.querySelectorAll("table")].map((table) => [
  table.caption.textContent, table.getBoundingClientRect().right])"""


@pytest.mark.parametrize(("width", "media"), [(SCREEN_PX, "screen"), (PAPER_PX, "print")])
def test_every_table_fits_its_page(
    browser: "Browser", example_home: Path, width: int, media: Literal["screen", "print"]
) -> None:
    (report,) = sorted((example_home / "vestre_toten" / "reports").glob("quality-*.html"))[-1:]
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.emulate_media(media=media)
    page.goto(report.as_uri())
    found = page.evaluate(TABLES)
    page.close()
    assert any(caption.startswith("Leveranser") for caption, _ in found)
    assert [caption for caption, right in found if right > width] == []
