"""Rows are cut to the reader's scope in SQL, for every table, and never shared between readers."""

from pathlib import Path

import duckdb
import pytest

from dashboards.access import EVERYTHING, Scope
from dashboards.marts import OutsideScopeError, Question, allowed_units, read, states_scope
from dashboards.row_scope import own_groups

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
            " ('unit', 'school', null), ('unit', 'room', null), ('sector', 'Skole', 'k1'),"
            " ('sector', 'Omsorg', 'k1'), ('municipality', 'all', 'k1'), ('municipality', 'all',"
            " null)) as f(level, group_id, members_key)"
        )
        con.execute(
            "create table dim_group_members as select 'k1' as members_key, g.level, g.group_id,"
            " u.unit_id, 2 as limit_halves from dim_units as u cross join (values"
            " ('sector', 'Skole'), ('sector', 'Omsorg'), ('municipality', 'all'))"
            " as g(level, group_id) where g.group_id in (u.sector, 'all')"
        )
        con.execute("create table mart_events as select unit_id, 1 as n from mart_x")
        con.execute("create table mart_whole as select 1 as n")
        con.execute(
            """
            create table mart_catalogue as
            select * from (values
                ('dim_units', 'unit', 'unit_id', 'unit'), ('mart_x', 'unit', 'unit_id', 'unit'),
                ('mart_adoption', 'open', 'n', null), ('mart_whole', 'whole', 'n', null),
                ('mart_events', 'unit_or_open', 'unit_id', 'unit'),
                ('mart_overview', 'group', 'scope_type', 'level'),
                ('mart_overview', 'group', 'scope_id', 'group'),
                ('fct_metric_months', 'group', 'level', 'level'),
                ('fct_metric_months', 'group', 'group_id', 'group'),
                ('fct_metric_months', 'group', 'members_key', 'members'),
                ('mart_new', 'odd', 'name', null)
            ) as catalogue(table_name, row_scope, column_name, scope_part)
            """
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


@pytest.mark.parametrize("mart", ["mart_new", "mart_whole", "dim_group_members"])
def test_a_table_that_does_not_say_whose_its_rows_are_is_closed(generation: str, mart: str) -> None:
    column = {"mart_new": "name", "mart_whole": "n", "dim_group_members": "unit_id"}[mart]
    asked = Question(mart, (column,))
    with pytest.raises(OutsideScopeError):
        read(generation, Scope(units=("room",)), asked)
    assert read(generation, EVERYTHING, asked)


@pytest.mark.parametrize(
    "lost",
    [
        "drop table mart_catalogue",
        "alter table mart_catalogue drop column row_scope",
        "alter table mart_catalogue drop column scope_part",
    ],
)
def test_an_edition_that_does_not_say_is_closed_to_restricted_readers(
    generation: str, tmp_path: Path, lost: str
) -> None:
    older = tmp_path / "generation-000003.duckdb"
    older.write_bytes(Path(generation).read_bytes())
    with duckdb.connect(str(older)) as con:
        con.execute(lost)
    for mart in ("mart_x", "mart_adoption", "fct_metric_months"):
        columns = {"mart_x": "unit_id", "mart_adoption": "n", "fct_metric_months": "level"}
        with pytest.raises(OutsideScopeError):
            read(str(older), Scope(units=("room",)), Question(mart, (columns[mart],)))
    assert len(units(str(older), EVERYTHING)) == 5
    assert states_scope(generation)
    assert not states_scope(str(older))


def test_sums_over_units_are_open(generation: str) -> None:
    assert read(generation, Scope(), Question("mart_adoption", ("n",))) == [{"n": 7}]


def test_an_event_without_a_unit_is_everybodys(generation: str) -> None:
    asked = Question("mart_events", ("unit_id",), order_by=("unit_id",))
    found = read(generation, Scope(units=("room",)), asked)
    assert [row["unit_id"] for row in found] == ["room", None]


def test_a_group_all_of_whose_units_are_ones_own_is_open(generation: str) -> None:
    asked = Question("mart_overview", ("scope_id",), order_by=("scope_id",))
    found = read(generation, Scope(sectors=("Skole",)), asked)
    assert [row["scope_id"] for row in found] == ["Skole", "school"]
    # half of it, and what is no kind of group, stay closed
    assert own_groups([("sector", "S", "a"), ("sector", "S", "b")], ("a", "c")) == ()


def test_groups_whose_units_are_not_told_are_closed(generation: str) -> None:
    asked = Question("mart_overview", ("scope_type", "scope_id", "n"))
    found = read(generation, Scope(units=("room",)), asked)
    assert found == [{"scope_type": "unit", "scope_id": "room", "n": 4}]
    assert len(read(generation, EVERYTHING, asked)) == 4


METRICS = Question("fct_metric_months", ("group_id", "members_key"), order_by=("group_id",))


@pytest.mark.parametrize(
    ("scope", "shown"),
    [
        # all less the sector of three would be the one school
        (Scope(units=("room",)), ["all", "room"]),
        (Scope(units=("ward",)), ["all", "room"]),
        (Scope(units=("school",)), ["Omsorg", "Skole", "all", "school"]),
        (Scope(sectors=("Omsorg",)), ["Omsorg", "room"]),
        (Scope(), ["all"]),
    ],
)
def test_a_groups_row_is_shown_where_what_is_left_is_a_group(
    generation: str, scope: Scope, shown: list[str]
) -> None:
    found = read(generation, scope, METRICS)
    # a row without a key is nobody's group
    assert all(row["members_key"] or row["group_id"] in {"room", "school"} for row in found)
    assert [row["group_id"] for row in found] == sorted(shown)


def test_an_edition_without_the_groups_units_shows_no_group(
    generation: str, tmp_path: Path
) -> None:
    older = tmp_path / "generation-000004.duckdb"
    older.write_bytes(Path(generation).read_bytes())
    with duckdb.connect(str(older)) as con:
        con.execute("drop table dim_group_members")
    found = read(str(older), Scope(units=("room",)), METRICS)
    assert [row["group_id"] for row in found] == ["room"]
