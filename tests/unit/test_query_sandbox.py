"""What an analyst can and cannot do with SQL on a published generation."""

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from pipelines.desk.ask import TIMEOUT_S
from pipelines.desk.ask import ask as ask_in_a_process
from pipelines.desk.refusals import without_paths
from pipelines.errors import QueryError
from pipelines.publishing.query import QueryResult, as_result
from pipelines.publishing.query_child import answer, open_locked
from tests.word_files import codes_of


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("publisert") / "generation-000001.duckdb"
    with duckdb.connect(file) as con:
        con.execute(
            "create table mart_before_after as "
            "select 'E' || i as unit_id, i * 1.5 as value, i % 2 = 0 as hidden from range(200) t(i)"
        )
        con.execute("create table secrets_of_nobody as select 'øæå' as name")
        con.execute("comment on column mart_before_after.value is 'Verdien. / The value.'")
    return file


def run_query(
    file: Path, sql: str, *, max_rows: int = 1000, timeout_s: float = TIMEOUT_S
) -> QueryResult:
    """Ask in a process of its own, as the command line does."""
    return as_result(ask_in_a_process(file, sql, max_rows=max_rows, timeout_s=timeout_s))


def ask(published: Path, sql: str) -> dict[str, Any]:
    """The child's own answer, asked in this process: guard and locked connection, no limits."""
    request = {"path": str(published), "sql": sql, "max_rows": 50, "timeout_s": 8, "memory_mb": 256}
    return answer(request)[0]


READ_OUTSIDE = [
    "select * from read_csv('/etc/passwd')",
    "select * from read_csv_auto('/etc/passwd')",
    "select * from read_text('/etc/passwd')",
    "select * from read_blob('/etc/passwd')",
    "select * from read_parquet('/etc/passwd')",
    "select * from read_json('/etc/passwd')",
    "select * from read_duckdb('/tmp/x.duckdb')",
    "select * from parquet_metadata('/etc/passwd')",
    "select * from sniff_csv('/etc/passwd')",
    "select * from glob('/*')",
    "select * from '/etc/passwd'",
    "select * from 'data.csv'",
    'select * from "/etc/passwd"',
    "from 'https://example.org/x.parquet'",
    "with a as (select * from read_text('/etc/passwd')) select * from a",
    "select (select content from read_text('/etc/hostname'))",
    "select * from mart_before_after where exists (from read_text('/etc/hostname'))",
    "summarize '/etc/passwd'",
    "describe select * from read_csv('/etc/passwd')",
    "explain analyze select * from read_text('/etc/passwd')",
    "select * from query('select * from read_text(''/etc/passwd'')')",
    "select * from query_table('/etc/passwd')",
    "select getenv('HOME')",
]
CHANGE_SOMETHING = [
    "copy mart_before_after to '/tmp/out.csv'",
    "copy (select 1) to '/tmp/out.parquet' (format parquet)",
    "copy mart_before_after from '/etc/passwd'",
    "export database '/tmp/out'",
    "import database '/tmp/out'",
    "attach '/tmp/other.duckdb' as other",
    "attach ':memory:' as other",
    "detach other",
    "install httpfs",
    "load httpfs",
    "set enable_external_access = true",
    "set threads = 64",
    "set memory_limit = '64GB'",
    "set variable x = 1",
    "reset memory_limit",
    "use system",
    "pragma database_list",
    "pragma enable_profiling",
    "call duckdb_databases()",
    "call enable_logging()",
    "checkpoint",
    "create table t (a integer)",
    "create temp table t as select 1",
    "create temp view v as select 1",
    "create macro f(x) as x",
    "create secret s (type s3)",
    "insert into mart_before_after values ('x', 1, true)",
    "update mart_before_after set value = 0",
    "delete from mart_before_after",
    "drop table mart_before_after",
    "truncate mart_before_after",
    "alter table mart_before_after add column x integer",
    "prepare p as select 1",
    "begin",
    "vacuum",
    "explain analyze create temp table t as select 1",
    "explain analyze copy mart_before_after to '/tmp/out.csv'",
    "select write_log('hei')",
]
SHOW_WHERE_FILES_ARE = [
    "select * from duckdb_databases()",
    "select * from duckdb_databases",
    "select * from system.main.duckdb_databases",
    'select * from "DUCKDB_DATABASES"',
    "summarize duckdb_databases",
    "select * from duckdb_settings()",
    "select * from duckdb_extensions()",
    "select * from duckdb_secrets()",
    "select * from duckdb_logs",
    "select * from pragma_database_list()",
    "select * from pragma_database_size()",
    "select current_setting('allowed_paths')",
    "select * from query('select * from duckdb_databases()')",
    "select * from json_execute_serialized_sql("
    "json_serialize_sql('select * from duckdb_databases()'))",
    "select json_serialize_plan('select * from duckdb_databases()')",
    "select system.main.current_setting('allowed_paths')",
]
NOT_ONE_QUERY = [
    "",
    "   ;  ",
    "-- bare en kommentar",
    "select 1; select 2",
    "select 1; drop table mart_before_after",
    "select 1; set threads = 8;",
    "this is not sql",
]


@pytest.mark.parametrize(
    "sql", READ_OUTSIDE + CHANGE_SOMETHING + SHOW_WHERE_FILES_ARE + NOT_ONE_QUERY
)
def test_a_statement_that_does_more_than_read_published_tables_is_refused(
    published: Path, sql: str
) -> None:
    header = ask(published, sql)
    assert header["ok"] is False
    assert header["code"] in codes_of("refusal") - {"timeout", "memory", "busy"}


@pytest.mark.parametrize(
    "sql",
    [
        *(sql for sql in READ_OUTSIDE if "query_table" not in sql),
        "copy mart_before_after to '/tmp/out.csv'",
        "attach ':memory:' as other",
        "install httpfs",
        "load httpfs",
        "set threads = 64",
        "set lock_configuration = false",
        "insert into mart_before_after values ('x', 1, true)",
    ],
)
def test_the_connection_itself_is_locked_even_if_a_statement_slipped_past_the_guard(
    published: Path, sql: str
) -> None:
    with open_locked(str(published), memory_mb=256, seconds=8) as con, pytest.raises(duckdb.Error):
        con.execute(sql).fetchall()


@pytest.mark.parametrize(
    ("sql", "rows"),
    [
        ("select unit_id, value from mart_before_after order by value limit 3", 3),
        ("with a as (select * from mart_before_after) select count(*) as n from a", 1),
        ("from mart_before_after limit 2", 2),
        ("describe mart_before_after", 3),
        ("summarize mart_before_after", 3),
        ("show tables", 2),
        ("explain select * from mart_before_after", 1),
        ("explain analyze select * from mart_before_after", 1),
        ("select table_name, comment from duckdb_tables()", 2),
        ("select table_name from information_schema.tables", 2),
        ("select * from range(4)", 4),
        ("select unnest([1, 2, 3]) as a;", 3),
        ("select sum(value) over (order by unit_id) as s from mart_before_after limit 5", 5),
        ("pivot mart_before_after on hidden in (true, false) using count(*)", 200),
        ("select 'select * from duckdb_databases()' as text", 1),
    ],
)
def test_an_ordinary_question_is_answered(published: Path, sql: str, rows: int) -> None:
    request = {
        "path": str(published),
        "sql": sql,
        "max_rows": 999,
        "timeout_s": 8,
        "memory_mb": 256,
    }
    header, body = answer(request)
    assert header["ok"], header
    assert len(pl.read_ipc_stream(body)) == rows


def test_the_child_returns_rows_with_their_types_and_says_when_rows_were_cut(
    published: Path,
) -> None:
    result = run_query(
        published, "select unit_id, value from mart_before_after order by value", max_rows=3
    )
    assert result.truncated
    assert result.frame["unit_id"].to_list() == ["E0", "E1", "E2"]
    assert result.frame.schema["value"] == pl.Decimal(21, 1)
    whole = run_query(published, "select name from secrets_of_nobody", max_rows=1)
    assert not whole.truncated
    assert whole.frame["name"].to_list() == ["øæå"]
    assert whole.seconds < 30


def test_the_child_sees_nothing_of_our_environment_and_its_messages_no_path(
    published: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PUKK_PSEUDONYM_KEY", "hemmelig")
    with pytest.raises(QueryError) as caught:
        run_query(published, "select * from '/etc/passwd'")
    assert "/etc" not in caught.value.text
    with pytest.raises(QueryError) as caught:
        run_query(published.with_name("finnes_ikke.duckdb"), "select 1")
    assert str(published.parent) not in caught.value.text


def test_a_path_is_taken_out_of_a_message_and_a_division_is_left_in() -> None:
    cleaned = without_paths('Cannot open file "/var/lib/pukk/published/g.duckdb": a/b, x / y')
    assert cleaned == 'Cannot open file "[fil]": a/b, x / y'


BOMBS = [
    "select length(repeat('x', 2000000000))",
    "select sum(length(repeat('x', 1000000000) || repeat('y', 1000000000))) from range(100)",
    "select count(*) from range(1000000000) a, range(1000000000) b",
    "with recursive r(i) as (select 1 union all select i + 1 from r) select max(i) from r",
    "select list(i) from range(2000000000) t(i)",
    "select i, repeat('x', 1000000) as s from range(10000) t(i)",
    "select " + "(" * 3000 + "1" + ")" * 3000,
    "select sleep_ms(60000)",
]


def test_bombs_are_stopped_in_time_and_the_caller_gets_a_sentence(published: Path) -> None:
    def detonate(sql: str) -> tuple[str, float]:
        started = time.perf_counter()
        with pytest.raises(QueryError) as caught:
            run_query(published, sql, timeout_s=2)
        return caught.value.text, time.perf_counter() - started

    with ThreadPoolExecutor(4) as pool:
        for sql, (text, seconds) in zip(BOMBS, pool.map(detonate, BOMBS), strict=True):
            assert text.endswith("."), sql[:60]
            # half of what the shortest that is not stopped would take
            assert seconds < 30, sql[:60]


@pytest.mark.parametrize("value", ["[interval 1 day]", "union_value(a := 1)", "1::bignum"])
def test_a_column_type_that_cannot_be_shown_gives_a_way_out(published: Path, value: str) -> None:
    assert ask(published, f"select {value} as a")["code"] == "column_type"


def test_the_way_out_of_a_column_type_is_a_cast(published: Path) -> None:
    with pytest.raises(QueryError, match="cast"):
        run_query(published, "select interval 1 day as a")


@pytest.mark.parametrize(
    "sql",
    [
        "describe mart_before_after",
        'DESCRIBE TABLE "mart_before_after" ;',
        "desc mart_before_after",
    ],
)
def test_a_described_table_says_what_its_columns_mean(published: Path, sql: str) -> None:
    found = run_query(published, sql).frame
    assert found.columns == ["column_name", "column_type", "description"]
    assert found["column_name"].to_list() == ["unit_id", "value", "hidden"]
    assert found.filter(pl.col("column_name") == "value")["description"].item() == (
        "Verdien. / The value."
    )


def test_a_described_query_is_described_as_it_stands(published: Path) -> None:
    found = run_query(published, "describe select value from mart_before_after").frame
    assert found["column_name"].to_list() == ["value"]
