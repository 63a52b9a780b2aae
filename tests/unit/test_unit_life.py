"""What is told of a unit's life, also from an edition made before anybody asked for it."""

from pathlib import Path

import duckdb
import pytest

from dashboards.access import LOCAL_VIEWER
from dashboards.context import Context
from dashboards.reports.life import life, life_columns
from pipelines.cli import unit_life
from pipelines.desk.generations import Generation
from pipelines.settings import Paths, Settings, paths_for

OLD = "'a' as unit_id, 'Avdeling A' as unit_name, date '2024-01-01' as valid_from,"
OLD += " date '2024-06-30' as valid_to"
NEW = ", 'ended' as status, 'x, y' as continues, 'b' as continued_by,"
NEW += " '01.07.2024: Nytt' as history_nb, '01.07.2024: New' as history_en"


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    found = paths_for(Settings(municipality="vestre_toten", home=tmp_path), "vestre_toten")
    found.create()
    return found


def _edition(paths: Paths, columns: str) -> Generation:
    name = "generation-000001.duckdb"
    with duckdb.connect(str(paths.published / name)) as con:
        con.execute(f"create table dim_units as select {columns}")
    return Generation(1, name, "", 0, "", "2024-12-01T00:00:00+00:00", "run", "")


def _told(paths: Paths, edition: Generation) -> tuple[list[str], list[str]]:
    on_screen = unit_life.life_lines(paths, edition, "a")
    context = Context(str(paths.published / edition.file_name), "nb", LOCAL_VIEWER)
    (unit,) = context.rows("dim_units", ("unit_id", *life_columns(context)))
    return on_screen, life(context, unit)


def test_an_older_edition_tells_what_it_has(paths: Paths) -> None:
    on_screen, on_page = _told(paths, _edition(paths, OLD))
    assert on_screen == ["Avdeling A: Tallene begynner 01.01.2024. Siste dag er 30.06.2024."]
    assert len(on_page) == 2
    assert "1.1.2024" in on_page[0].replace("01.01.", "1.1.")


def test_a_newer_edition_tells_what_continues_what(paths: Paths) -> None:
    edition = _edition(paths, OLD + NEW)
    (said,) = unit_life.life_lines(paths, edition, "a", "en")
    assert said.endswith("01.07.2024: New")
    on_screen, on_page = _told(paths, edition)
    assert on_screen == [
        "Avdeling A: Tallene begynner 01.01.2024 og fortsetter x, y. Siste dag er 30.06.2024 og "
        "fortsettes av b. 01.07.2024: Nytt"
    ]
    assert "x, y" in on_page[0]
    assert "b" in on_page[1]
    assert on_page[2] == "01.07.2024: Nytt"
