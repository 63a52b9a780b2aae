"""A figure back to its files: counted rows, persons only when there are enough, earlier values."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pytest

from pipelines.desk.on_disk import sha256_of
from pipelines.errors import PukkError
from pipelines.publishing.asked_figure import asked
from pipelines.publishing.explained import explained
from pipelines.publishing.files import Generation, name_of, put_in_place
from pipelines.settings import Paths
from pipelines.warehouse.schema import create_tables
from tests.ingest_fixture import CONTRACTS

MARCH = date(2017, 3, 1)
PUBLISHED = """
create table dim_units as select 'U1' as unit_id, 'Gimle' as unit_name;
create table dim_metrics as select 'sick_leave_pct' as metric_id, 'Sykefravær' as label_nb,
    'sick_days' as numerator_plus, null::varchar as numerator_minus,
    'agreed_days' as denominator, 100.0 as scale, 'pct' as unit;
create table mart_municipality as select 5 as min_persons;
create table mart_lineage as select * from (values
    ('sick_leave_pct', 'hr.positions', 'agreed_days'),
    ('sick_leave_pct', 'sick_leave.spells', 'sick_days')) t(metric_id, source_table, measure_id);
create table mart_data_quality as select 'hr' as contract_id, '1.0' as contract_version,
    'positions' as table_name, 'r1' as rule_id, 'Lovet.' as promised_nb, '0' as measured_nb,
    0 as n_failed, true as success, timestamp '2017-04-01' as run_at, 'inbound' as gate;
create table mart_deliveries as select unnest($deliveries) as delivery_id, 'fil.csv' as file_name,
    'loaded' as status;
create table fct_metric_months as select 'unit' as level, 'U1' as group_id,
    'sick_leave_pct' as metric_id, date '2017-03-01' as month, $numerator::double as numerator,
    200.0 as denominator, $numerator / 2.0 as value, '12' as n_persons_label,
    $hidden::varchar as suppression_reason, null::varchar as missing_reason;
create table mart_before_after as select 'U1' as unit_id, 'sick_leave_pct' as metric_id,
    1 as cycle_no, $numerator::double as numerator_before, 200.0 as denominator_before,
    $numerator / 2.0 as value_before, $numerator::double as numerator_after,
    200.0 as denominator_after, $numerator / 2.0 as value_after,
    date '2017-03-01' as baseline_first_month, date '2017-03-01' as baseline_last_month,
    date '2017-03-01' as after_first_month, date '2017-03-01' as after_last_month,
    case when $hidden::varchar is null then 'measured_better' else 'suppressed' end as verdict,
    case when $hidden::varchar is null then 'better' else 'suppressed' end as reason_code
"""


def published(
    paths: Paths, number: int, numerator: float | None, deliveries: list[str], hidden: str | None
) -> Generation:
    building = paths.published / f"{name_of(number)}.tmp"
    values = {"numerator": numerator, "deliveries": deliveries, "hidden": hidden}
    with duckdb.connect(building) as con:
        for statement in PUBLISHED.split(";"):
            used = {name: value for name, value in values.items() if f"${name}" in statement}
            con.execute(statement, used or None)
    made = Generation(
        number=number,
        file_name=name_of(number),
        sha256=sha256_of(building),
        size_bytes=building.stat().st_size,
        content_sha256=str(number),
        published_at=datetime(2017, 4, number, tzinfo=UTC).isoformat(),
        run_id="r",
        input_fingerprint="f",
        log_head="",
        log_length=0,
    )
    put_in_place(paths, building, made)
    return made


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return Paths(tmp_path / "hjem").create()


@pytest.fixture
def warehouse() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(":memory:") as con:
        create_tables(con, CONTRACTS)
        for number in ("D000001", "D000002"):
            con.execute(
                "insert into ops.deliveries by name select ? as delivery_id, 1 as seq,"
                " 'fil.csv' as file_name, 'sha' as file_sha256, 1 as size_bytes,"
                " timestamp '2017-04-01' as received_at, '1.0' as contract_version, 'fp' as"
                " fingerprint, 'loaded' as status, 'all' as periods, 1 as lines_total,"
                " 1 as layout_rows, 1 as rows_in, 1 as rows_loaded, 0 as rows_quarantined,"
                " 0 as rows_duplicate",
                [number],
            )
        con.execute(
            "insert into hr.positions by name select 'D000001' as delivery_id, 'p_' || i as"
            " person_id, 'q_' || i as position_id, 'U1' as unit_id, 100 as position_pct,"
            " 'permanent' as employment_type, date '2010-01-01' as start_date, 'f' as feed_id,"
            " i as source_row, 'all' as period_ym from range(12) t(i)"
        )
        # somebody who left before the month is behind no figure of it
        con.execute("update hr.positions set end_date = date '2017-02-28' where person_id = 'p_0'")
        con.execute(
            "insert into sick_leave.spells by name select 'D000002' as delivery_id, 'p_' || i as"
            " person_id, 'U1' as unit_id, date '2017-03-10' as start_date, date '2017-03-12' as"
            " end_date, 'certified' as absence_type, 100 as grade_pct, 'f' as feed_id,"
            " i as source_row, '2017-03' as period_ym from range(3) t(i)"
        )
        yield con


def test_rows_are_counted_and_few_persons_are_not(
    paths: Paths, warehouse: duckdb.DuckDBPyConnection
) -> None:
    made = published(paths, 1, 20.0, ["D000001"], None)
    what = asked("U1", "sick_leave_pct", "2017-03")
    told = explained(paths, made, what, CONTRACTS, warehouse)
    assert told["figure"]["value"] == 10.0
    assert [
        (row["source_table"], row["delivery_id"], row["n_rows"], row["n_persons"])
        for row in told["deliveries"]
    ] == [("hr.positions", "D000001", 11, 11), ("sick_leave.spells", "D000002", None, None)]
    assert [rule["rule_id"] for rule in told["rules"]] == ["r1"]
    assert "p_1" not in str(told)


def test_of_seven_persons_neither_persons_nor_rows_are_counted(
    paths: Paths, warehouse: duckdb.DuckDBPyConnection
) -> None:
    warehouse.execute("delete from hr.positions where source_row > 7")  # p_0 left before the month
    made = published(paths, 1, 20.0, ["D000001"], None)
    what = asked("U1", "sick_leave_pct", "2017-03")
    behind = explained(paths, made, what, CONTRACTS, warehouse)["deliveries"]
    assert [(row["n_rows"], row["n_persons"]) for row in behind] == [(None, "<10"), (None, None)]


@pytest.mark.parametrize("when", ["2017-03", "etter"])
def test_of_a_unit_published_as_small_no_rows_are_told_of_any_table(
    paths: Paths, warehouse: duckdb.DuckDBPyConnection, when: str
) -> None:
    made = published(paths, 1, 20.0, ["D000001"], None)
    with duckdb.connect(paths.published / made.file_name) as con:
        con.execute("update fct_metric_months set n_persons_label = '<10'")
    what = asked("U1", "sick_leave_pct", when)
    behind = explained(paths, made, what, CONTRACTS, warehouse)["deliveries"]
    assert {row["delivery_id"] for row in behind} == {"D000001", "D000002"}
    assert {row["n_rows"] for row in behind} == {None}
    assert not any(isinstance(row["n_persons"], int) for row in behind)


@pytest.mark.parametrize("when", ["2017-03", "etter"])
def test_no_rows_are_counted_of_a_source_of_what_units_show_per_year(
    paths: Paths, warehouse: duckdb.DuckDBPyConnection, when: str
) -> None:
    """New cases of a month, and whether any refund is booked in it, are hidden of every unit."""
    warehouse.execute(
        "insert into sick_leave.spells by name"
        " select * exclude (i) replace ('p_' || (i + 3) as person_id)"
        " from sick_leave.spells cross join (select unnest(range(9)) as i) where source_row = 0"
    )
    warehouse.execute(
        "insert into ledger.entries by name select 'D000002' as delivery_id, 'U1' as unit_id,"
        " unnest(['010', '040', '710']) as art, '120' as function, 2017 as year, 3 as period,"
        " 'accounts' as amount_type, 1.0 as amount_nok, 'f' as feed_id, 1 as source_row,"
        " '2017-03' as period_ym"
    )
    made = published(paths, 1, 20.0, ["D000001"], None)
    with duckdb.connect(paths.published / made.file_name) as con:
        con.execute("insert into mart_lineage values ('sick_leave_pct', 'ledger.entries', 'm')")
    behind = explained(paths, made, asked("U1", "sick_leave_pct", when), CONTRACTS, warehouse)
    assert {
        row["source_table"]: (row["n_rows"], row["n_persons"]) for row in behind["deliveries"]
    } == {"hr.positions": (11, 11), "ledger.entries": (None, None),
          "sick_leave.spells": (None, None)}  # fmt: skip


def test_every_file_of_what_units_show_per_year_is_listed_whoever_is_in_it(
    paths: Paths, warehouse: duckdb.DuckDBPyConnection
) -> None:
    """Were only those with an absence of the unit listed, the others would begin no case of its."""
    warehouse.execute(
        "insert into ops.deliveries by name select * replace ('D000003' as delivery_id)"
        " from ops.deliveries where delivery_id = 'D000002'"
    )
    for table in ("sick_leave.spells", "hr.positions"):
        warehouse.execute(
            f"insert into {table} by name"
            " select * replace ('D000003' as delivery_id, 'U2' as unit_id)"
            f" from {table} where source_row = 0"
        )
    made = published(paths, 1, 20.0, ["D000001"], None)
    what = asked("U1", "sick_leave_pct", "2017-03")
    behind = explained(paths, made, what, CONTRACTS, warehouse)["deliveries"]
    assert [(row["source_table"], row["delivery_id"]) for row in behind] == [
        ("hr.positions", "D000001"),
        ("sick_leave.spells", "D000002"),
        ("sick_leave.spells", "D000003"),
    ]


def test_of_a_hidden_figure_nothing_behind_it_is_told(
    paths: Paths, warehouse: duckdb.DuckDBPyConnection
) -> None:
    made = published(paths, 1, None, ["D000001"], "few_persons")
    what = asked("U1", "sick_leave_pct", "2017-03")
    told = explained(paths, made, what, CONTRACTS, warehouse)
    assert told["is_hidden"]
    assert told["deliveries"] == []


@pytest.mark.parametrize("side", ["før", "etter"])
def test_a_window_is_hidden_as_it_is_published_and_a_verdict_is_no_missing_figure(
    paths: Paths, warehouse: duckdb.DuckDBPyConnection, side: str
) -> None:
    shown = published(paths, 1, 20.0, ["D000001"], None)
    told = explained(paths, shown, asked("U1", "sick_leave_pct", side), CONTRACTS, warehouse)
    assert told["deliveries"]
    assert (told["is_hidden"], told["figure"]["missing_reason"]) == (False, None)

    hidden = published(paths, 2, None, ["D000001"], "few_persons")
    told = explained(paths, hidden, asked("U1", "sick_leave_pct", side), CONTRACTS, warehouse)
    assert told["is_hidden"]
    assert (told["deliveries"], told["earlier"]) == ([], [])
    assert told["figure"]["suppression_reason"] == "suppressed"


def test_earlier_values_stand_with_the_deliveries_that_came_between(
    paths: Paths, warehouse: duckdb.DuckDBPyConnection
) -> None:
    published(paths, 1, 20.0, ["D000001"], None)
    published(paths, 2, 20.0, ["D000001"], None)
    made = published(paths, 3, 30.0, ["D000001", "D000002"], None)
    what = asked("U1", "sick_leave_pct", "2017-03")
    (change,) = explained(paths, made, what, CONTRACTS, warehouse)["earlier"]
    assert (change["generation"], change["value_before"], change["value"]) == (3, 10.0, 15.0)
    assert change["new_deliveries"] == ["D000002 fil.csv"]


@pytest.mark.parametrize(
    ("unit", "metric", "when", "told"),
    [
        ("U9", "sick_leave_pct", "2017-03", "dim_units"),
        ("U1", "ukjent", "2017-03", "dim_metrics"),
        ("U1", "sick_leave_pct", "2018-03", "pukk result U1"),
    ],
)
def test_what_is_not_published_is_said_with_where_to_look(
    paths: Paths, unit: str, metric: str, when: str, told: str
) -> None:
    made = published(paths, 1, 20.0, [], None)
    with pytest.raises(PukkError, match=told):
        explained(paths, made, asked(unit, metric, when), CONTRACTS, None)
