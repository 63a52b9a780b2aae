"""Pages of the dashboard run without a browser: one view over a copy of an edition, and its words.

What a browser shows of them is in ``tests/e2e``.
"""

import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from dashboards.link_keys import ALL_OPEN, OPENED
from tests.published import generation_file

if TYPE_CHECKING:
    from streamlit.testing.v1 import AppTest

_SCRIPT = """
from dashboards.access import EVERYTHING, LOCAL_VIEWER, Role, Scope, Viewer
from dashboards.context import Context
from dashboards.views import {view} as page
page.show(Context({generation!r}, {language!r}, {viewer}))
"""
_TAGS = re.compile(r"<[^>]*>")


def copied(home: Path, folder: Path, municipality: str = "vestre_toten") -> Path:
    """Return a copy of the published edition with its description.

    A page keeps its connection open, and other tests open the original with other settings.
    """
    original = generation_file(home, municipality)
    shutil.copyfile(original.with_suffix(".json"), folder / f"{original.stem}.json")
    return Path(shutil.copyfile(original, folder / original.name))


def opened_view(
    generation: Path,
    view: str,
    language: str = "nb",
    viewer: str = "LOCAL_VIEWER",
    **address: str,
) -> "AppTest":
    """Return a page that has been run, without an exception.

    Args:
        generation: The edition's file.
        view: A module of ``dashboards.views``.
        language: A code of the word files.
        viewer: Who reads, as Python with the names of ``dashboards.access``.
        address: What the address says.
    """
    from streamlit.testing.v1 import AppTest

    script = _SCRIPT.format(view=view, generation=str(generation), language=language, viewer=viewer)
    page = AppTest.from_string(script, default_timeout=300)
    # what is folded is made when it is opened
    page.query_params[OPENED] = ALL_OPEN
    for key, value in address.items():
        page.query_params[key] = value
    page.run()
    assert not page.exception
    return page


def leader_of(scope: str) -> str:
    """Return a unit leader with a scope, for :func:`opened_view`."""
    return f"Viewer('leder', Role.UNIT_LEADER, {scope})"


def html_of(page: "AppTest") -> str:
    """Return what a page writes as HTML of its own."""
    return "\n".join(part.proto.body for part in page.get("html"))


def words_of(page: "AppTest") -> str:
    """Return the texts of a page: its own HTML without marks, its Markdown, what is folded."""
    written = _TAGS.sub(" ", html_of(page))
    told = [*page.title, *page.header, *page.markdown, *page.caption, *page.info]
    folds = [each.label for each in page.expander]
    return "\n".join([written, *folds, *(part.value for part in told)]).replace("\\", "")


def cells_of(page: "AppTest") -> str:
    """Return the cells of a page's tables as text."""
    return "\n".join(table.value.to_csv() for table in page.table)
