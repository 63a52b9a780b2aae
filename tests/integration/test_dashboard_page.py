"""The pages on the published example: what a leader sees, the empty state, a new generation."""

import json
import shutil
from pathlib import Path

import pytest

from pipelines.desk.on_disk import sha256_of
from tests.conftest import REPO

pytestmark = pytest.mark.integration


def run_page(published: Path, language: str, monkeypatch: pytest.MonkeyPatch):
    from streamlit.testing.v1 import AppTest

    monkeypatch.setenv("PUKK_PUBLISHED", str(published))
    page = AppTest.from_file(str(REPO / "dashboards" / "app.py"), default_timeout=300)
    page.query_params["lang"] = language
    return page.run()


@pytest.fixture
def published(example_home: Path, tmp_path: Path) -> Path:
    # the page keeps its connection open; other tests open the original with other settings
    return shutil.copytree(example_home / "vestre_toten" / "published", tmp_path / "published")


@pytest.mark.parametrize(
    ("language", "title", "notice", "chance", "local"),
    [
        (
            "nb",
            "Virker Lean her?",
            "Konstruerte eksempeldata",
            "ventes av ren tilfeldighet",
            "Lokal",
        ),
        ("en", "Does Lean work here?", "Constructed example data", "by pure chance", "Local mode"),
    ],
)
def test_the_overview_says_whose_figures_they_are_and_what_chance_would_give(
    published: Path,
    monkeypatch: pytest.MonkeyPatch,
    language: str,
    title: str,
    notice: str,
    chance: str,
    local: str,
) -> None:
    page = run_page(published, language, monkeypatch)
    assert not page.exception
    written = "\n".join(part.proto.body for part in page.get("html"))
    assert notice in written
    assert f">{title}<" in written
    assert chance in written
    assert local in written
    assert len(page.table) == 3


def test_nothing_published_is_said_with_the_way_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = run_page(tmp_path, "nb", monkeypatch)
    assert not page.exception
    assert page.title[0].value == "Ingenting er publisert ennå"
    assert any("make run" in text.value for text in page.markdown)


def test_a_new_generation_is_seen_at_the_next_rerun(
    published: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import duckdb

    page = run_page(published, "nb", monkeypatch)
    pointer = published / "current.json"
    told = json.loads(pointer.read_text("utf-8"))
    new = published / "generation-000099.duckdb"
    shutil.copyfile(published / told["file"], new)
    with duckdb.connect(str(new)) as con:
        con.execute("update mart_municipality set name = 'Ny utgave kommune'")
    told |= {"file": new.name, "generation": 99}
    told |= {"sha256": sha256_of(new), "size_bytes": new.stat().st_size}
    pointer.write_text(json.dumps(told), encoding="utf-8")
    page = page.run()
    assert any("Ny utgave kommune" in part.proto.body for part in page.get("html"))


def test_with_login_set_up_nobody_is_let_in_without_it(
    published: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PUKK_AUTH", "auth.toml")
    page = run_page(published, "nb", monkeypatch)
    assert not page.exception
    assert page.title[0].value == "Logg inn"
    assert not page.table


def test_the_front_page_counts_over_one_set_and_draws_what_held_against_chance(
    published: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dashboards.access import LOCAL_VIEWER
    from dashboards.components.counts import by_chance
    from dashboards.context import Context
    from dashboards.reports.shown import shown

    page = run_page(published, "nb", monkeypatch)
    written = "\n".join(part.proto.body for part in page.get("html"))
    told = json.loads((published / "current.json").read_text("utf-8"))
    context = Context(str(published / told["file"]), "nb", LOCAL_VIEWER)
    found, chance = shown(context), by_chance(context)
    assert chance is not None
    assert written.count('class="v sq better') == found.counts["better"] == len(found.held)
    assert f"Alle {len(found.rows)} målinger i de {len(found.units)} enhetene" in written
    units = {row["unit_id"] for row in found.held}
    assert f"{len(units)} av {len(found.units)} enheter ble bedre" in written
    assert f'class="br" style="width:{round(chance * 32)}px"' in written
    assert written.count("<article>") == 3
    counted = ("n_series", "n_improved", "n_association", "n_suppressed")
    (overview,) = context.rows("mart_overview", counted, scope_type="shown")
    assert len(found.held) == overview["n_improved"] + overview["n_association"]
    assert len(found.rows) == overview["n_series"]
    # what a round agreed on beforehand is seen in that unit, though it is a part of a whole
    agreed = [row for row in found.rows if found.metric(row)["split_of"]]
    assert [(row["unit_id"], row["metric_id"]) for row in agreed] == [
        ("u0312", "sick_leave_short_pct")
    ]
    assert found.holds("u0312", "sick_leave_short_pct")
    assert not found.holds("u0316", "sick_leave_short_pct")
