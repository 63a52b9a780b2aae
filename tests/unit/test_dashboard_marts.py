"""Rows are cut to the reader's scope in SQL, for every table, and never shared between readers."""

from pathlib import Path

import duckdb
import pytest

from dashboards.access import EVERYTHING, Scope
from dashboards.marts import OutsideScopeError, Question, allowed_units, read

ROWS = Question("mart_x", ("unit_id", "value"), order_by=("unit_id",))


@pytest.fixture
def generation(tmp_path: Path) -> str:
    file = tmp_path / "generation-000001.duckdb"
    with duckdb.connect(str(file)) as con:
        con.execute(
            """
            create table dim_units as
            select * from (values
                ('home', 'Omsorg', null), ('ward', 'Omsorg', 'home'), ('room', 'Omsorg', 'ward'),
                ('school', 'Skole', null)
            ) as units(unit_id, sector, parent_unit_id)
            """
        )
        con.execute("create table mart_x as select unit_id, 1 as value from dim_units")
        con.execute("insert into mart_x values (null, 9)")
        con.execute("create table mart_new as select 'secret' as name")
        con.execute("create table mart_adoption as select 7 as n")
        con.execute(
            "create table mart_overview as select * from (values"
            " ('municipality', 'all', 7), ('sector', 'Skole', 3), ('unit', 'school', 3),"
            " ('unit', 'room', 4)) as counts(scope_type, scope_id, n)"
        )
        con.execute(
            "create table fct_metric_months as select * from (values"
            " ('unit', 'school'), ('unit', 'room'), ('sector', 'Skole')) as f(level, group_id)"
        )
    return str(file)


def units(generation: str, scope: Scope) -> list[str | None]:
    return [row["unit_id"] for row in read(generation, scope, ROWS)]


def test_everything_means_every_row(generation: str) -> None:
    assert units(generation, EVERYTHING) == ["home", "room", "school", "ward", None]


def test_a_unit_brings_the_units_below_it_and_nothing_else(generation: str) -> None:
    assert allowed_units(generation, Scope(units=("home",))) == ("home", "room", "ward")
    assert units(generation, Scope(units=("ward",))) == ["room", "ward"]


def test_a_sector_brings_its_units(generation: str) -> None:
    assert units(generation, Scope(sectors=("Skole",))) == ["school"]


def test_an_empty_scope_sees_no_row(generation: str) -> None:
    assert units(generation, Scope()) == []


def test_readers_in_turn_get_their_own_rows_from_the_cache(generation: str) -> None:
    scopes = (EVERYTHING, Scope(units=("school",)), Scope(units=("room",)), Scope())
    first = [units(generation, scope) for scope in scopes]
    assert [units(generation, scope) for scope in scopes] == first
    assert [len(rows) for rows in first] == [5, 1, 1, 0]


def test_what_one_page_does_to_its_rows_no_other_page_sees(generation: str) -> None:
    mine = read(generation, EVERYTHING, ROWS)
    mine[0]["value"] = 99
    mine.pop()
    assert [row["value"] for row in read(generation, EVERYTHING, ROWS)] == [1, 1, 1, 1, 9]


def test_a_new_edition_is_asked_anew_and_the_old_one_kept(generation: str, tmp_path: Path) -> None:
    assert len(units(generation, EVERYTHING)) == 5
    newer = tmp_path / "generation-000002.duckdb"
    newer.write_bytes(Path(generation).read_bytes())
    with duckdb.connect(str(newer)) as con:
        con.execute("delete from mart_x where unit_id is null")
    assert len(units(str(newer), EVERYTHING)) == 4
    assert len(units(generation, EVERYTHING)) == 5


def test_asking_for_another_unit_gives_nothing(generation: str) -> None:
    asked = Question("mart_x", ("value",), (("unit_id", "school"),))
    assert read(generation, Scope(units=("room",)), asked) == []


def test_a_value_cannot_become_sql(generation: str) -> None:
    asked = Question("mart_x", ("value",), (("unit_id", "x' or 1=1 --"),))
    assert read(generation, EVERYTHING, asked) == []


def test_a_table_that_cannot_be_cut_is_closed_to_restricted_readers(generation: str) -> None:
    asked = Question("mart_new", ("name",))
    with pytest.raises(OutsideScopeError):
        read(generation, Scope(units=("room",)), asked)
    assert read(generation, EVERYTHING, asked) == [{"name": "secret"}]


def test_sums_over_units_are_open(generation: str) -> None:
    assert read(generation, Scope(), Question("mart_adoption", ("n",))) == [{"n": 7}]


def test_a_restricted_reader_gets_the_counts_of_their_own_units_only(generation: str) -> None:
    asked = Question("mart_overview", ("scope_type", "scope_id", "n"))
    found = read(generation, Scope(units=("room",)), asked)
    assert found == [{"scope_type": "unit", "scope_id": "room", "n": 4}]
    assert len(read(generation, EVERYTHING, asked)) == 4


def test_months_of_other_units_are_cut_but_those_of_larger_groups_are_not(generation: str) -> None:
    asked = Question("fct_metric_months", ("level", "group_id"))
    found = read(generation, Scope(units=("room",)), asked)
    assert [row["group_id"] for row in found] == ["room", "Skole"]
