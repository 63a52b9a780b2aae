"""Two units of one name are two units, wherever one is asked for by name or told by it."""

from pathlib import Path

import duckdb
import pytest

from dashboards.components.plain_question import question_of
from dashboards.components.told_apart import told_apart
from pipelines.cli.named_unit import unit_named
from pipelines.desk.generations import Generation
from pipelines.errors import PukkError
from pipelines.settings import Paths

UNITS = {"10": "Hagen", "20": "Hagen", "30": "Hagen natt", "Hagen": "Lia", "2": "Sone 30"}


@pytest.fixture
def town(tmp_path: Path) -> Paths:
    paths = Paths(tmp_path / "k").create()
    with duckdb.connect(str(paths.published / "g.duckdb")) as con:
        con.execute("create table dim_units (unit_id varchar, unit_name varchar)")
        con.executemany("insert into dim_units values (?, ?)", list(UNITS.items()))
        con.execute("create table dim_metrics as select 'm' as metric_id, 100 as scale,"
                    " 2 as decimals")  # fmt: skip
        con.execute(
            "create table fct_metric_months as select 'unit' as level, unit_id as group_id,"
            " 'm' as metric_id, make_date(2020, i, 1) as month, rank as numerator,"
            " 10 as denominator, 10.0 * rank as value"
            " from (select unit_id, row_number() over (order by unit_id) as rank from dim_units)"
            " cross join unnest(range(1, 13)) as months(i)"
        )
    return paths


def test_the_plain_question_answers_for_each_of_them(town: Paths) -> None:
    asked = question_of("m", 2020, ">", 5.0)
    with duckdb.connect(str(town.published / "g.duckdb")) as con:
        found = con.execute(asked).fetchall()
    assert [row[:2] for row in found if row[1] == "Hagen"] == [("20", "Hagen"), ("10", "Hagen")]
    assert len(found) == len(UNITS)
    assert {row[2] for row in found} == {10, 20, 30, 40, 50}


@pytest.mark.parametrize(
    ("asked", "meant"),
    [("30", "30"), ("hagen natt", "30"), ("natt", "30"), ("lia", "Hagen"), ("Hagen", "Hagen")],
)
def test_an_id_is_meant_before_a_whole_name_and_that_before_a_part(
    town: Paths, asked: str, meant: str
) -> None:
    assert unit_named(town, _edition(), asked) == meant


@pytest.mark.parametrize("asked", ["hagen", "HAGEN", "a"])
def test_of_several_the_command_line_asks_which(town: Paths, asked: str) -> None:
    with pytest.raises(PukkError, match=r"Flere enheter passer: 10 Hagen, 20 Hagen"):
        unit_named(town, _edition(), asked)


def test_a_list_says_which_is_which() -> None:
    names = told_apart(UNITS)
    assert names == UNITS | {"10": "Hagen · 10", "20": "Hagen · 20"}
    assert len(set(names.values())) == len(names)


def _edition() -> Generation:
    return Generation(1, "g.duckdb", "", 0, "", "2024-12-01T00:00:00+00:00", "run", "")
