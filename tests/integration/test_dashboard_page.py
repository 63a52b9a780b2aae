"""The page on the published example: what a leader sees, in both languages, and the empty state."""

import re
import shutil
from pathlib import Path

import pytest
import yaml

from tests.conftest import REPO

pytestmark = [pytest.mark.integration, pytest.mark.xdist_group("example")]


def run_page(published: Path, language: str, monkeypatch: pytest.MonkeyPatch):
    from streamlit.testing.v1 import AppTest

    monkeypatch.setenv("PUKK_PUBLISHED", str(published))
    page = AppTest.from_file(str(REPO / "dashboards" / "app.py"), default_timeout=30)
    page.query_params["lang"] = language
    return page.run()


@pytest.mark.parametrize(
    ("language", "title", "notice"),
    [
        ("nb", "Virker Lean her?", "Konstruerte eksempeldata"),
        ("en", "Does Lean work here?", "Constructed example data"),
    ],
)
def test_the_seven_pilots_are_shown_with_the_notice(
    example_home: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    language: str,
    title: str,
    notice: str,
) -> None:
    # the page keeps its connection open; other tests open the original with other settings
    copy = shutil.copytree(example_home / "vestre_toten" / "published", tmp_path / "published")
    page = run_page(copy, language, monkeypatch)
    assert not page.exception
    assert page.title[0].value == title
    assert notice in page.info[0].value
    assert len(page.table) == 7
    assert page.subheader[0].value == "1. Gimle sykehjem avd. 1"


def test_nothing_published_is_said_with_the_way_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = run_page(tmp_path, "nb", monkeypatch)
    assert not page.exception
    assert "Ingenting er publisert" in page.warning[0].value


def test_both_languages_have_the_same_words_and_all_are_used() -> None:
    folder = REPO / "dashboards"
    words = {
        language: set(yaml.safe_load((folder / "text" / f"{language}.yml").read_text("utf-8")))
        for language in ("nb", "en")
    }
    assert words["nb"] == words["en"]
    code = "".join(f.read_text("utf-8") for f in folder.rglob("*.py"))
    assert set(re.findall(r'\bt\("([a-z_]+)"', code)) == words["nb"]
