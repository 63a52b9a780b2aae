"""Two editions are held against each other table by table, whatever order their rows lie in."""

from pathlib import Path

import duckdb
import pytest

from benchmarks.editions import differences, told

BASE = """
    create table mart as
    select * from (values ('a', 1.5, 'r1'), ('b', null, 'r1')) as t(unit_id, value, run_id)
"""


def edition(file: Path, *changes: str) -> Path:
    with duckdb.connect(str(file)) as con:
        con.execute(BASE)
        con.execute("create table other as select 1 as n")
        for change in changes:
            con.execute(change)
    return file


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ("create or replace table mart as from mart order by unit_id desc", ["2 tables equal"]),
        ("update mart set run_id = 'r2'", ["2 tables equal"]),
        (
            "update mart set value = 1.25 where unit_id = 'a'",
            ["mart: other values in value", "1 tables equal"],
        ),
        (
            "update mart set value = case when unit_id = 'b' then 1.5 end",
            ["mart: other values in how the columns go together", "1 tables equal"],
        ),
        (
            "delete from mart where unit_id = 'b'",
            ["mart: 2 rows, now 1; other values in unit_id, value", "1 tables equal"],
        ),
        (
            "alter table mart add column reason_nn varchar",
            ["mart: new reason_nn", "1 tables equal"],
        ),
        ("drop table other", ["other: gone", "1 tables equal"]),
    ],
)
def test_what_differs_is_named(tmp_path: Path, change: str, expected: list[str]) -> None:
    one, two = edition(tmp_path / "1.duckdb"), edition(tmp_path / "2.duckdb", change)
    assert list(differences(one, two)) == expected


def test_every_table_has_a_line(tmp_path: Path) -> None:
    lines = [line.split() for line in told(edition(tmp_path / "1.duckdb"))]
    assert [line[:2] for line in lines] == [["mart", "2"], ["other", "1"]]
    assert {len(line[2]) for line in lines} == {64}
