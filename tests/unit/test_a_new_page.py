"""A page is a view and its words: the one in the guide is found by what it says itself."""

import importlib
import re
import sys
from pathlib import Path

import pytest

from dashboards.access import WHOLE_MUNICIPALITY
from dashboards.pages import PAGES, stated_pages
from pipelines.settings import REPO_ROOT
from pipelines.words.catalogue import DEFAULT_LANGUAGE, find

GUIDE = (REPO_ROOT / "docs" / "add_a_page.md").read_text("utf-8")


def test_the_page_of_the_guide_is_found_without_a_line_anywhere_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", GUIDE, re.DOTALL)
    package = tmp_path / "views_of_a_guide"
    package.mkdir()
    (package / "__init__.py").write_text("", "utf-8")
    (package / "overtime.py").write_text(code, "utf-8")
    (package / "helper.py").write_text("X = 1\n", "utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    (page,) = stated_pages(importlib.import_module(package.name))
    assert (page.code, page.title_key) == ("overtid", "page_overtime")
    assert page.roles == WHOLE_MUNICIPALITY
    assert page.is_in_menu
    assert callable(page.show)
    for name in [name for name in sys.modules if name.startswith(package.name)]:
        monkeypatch.delitem(sys.modules, name)


def test_no_two_pages_have_one_address_and_every_title_is_a_word() -> None:
    codes = [page.code for page in PAGES]
    assert len(set(codes)) == len(codes)
    assert [p.code for p in PAGES if not find(f"page.{p.title_key}", DEFAULT_LANGUAGE)] == []
