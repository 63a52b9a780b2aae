"""What an attacker would try with SQL: refused before it runs, for what it is, not its text."""

import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import pytest

from pipelines.desk.ask import ask
from pipelines.desk.questions import questions
from pipelines.desk.refusals import words_for
from pipelines.publishing.query_catalogue import differences
from pipelines.publishing.query_child import answer, open_locked
from pipelines.publishing.query_guard import RefusedError, check
from pipelines.words.catalogue import codes
from tests.unit.sql_attacks import BOMBS, REFUSED, STATEMENTS
from tests.unit.test_personal_identifiers import N
from tests.word_files import codes_of

FILE = "generation-000001.duckdb"


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("publisert") / FILE
    with duckdb.connect(file) as con:
        con.execute(
            "create table mart_x as select 'E' || i as unit_id, i * 1.5 as value,"
            " date '2017-01-01' + i::integer as day, [i, i + 1] as months from range(200) t(i)"
        )
        con.execute("create table dim_units as select 'E1' as unit_id, 'Gimle' as unit_name")
    return file


@pytest.fixture(scope="module")
def another(published: Path) -> Path:
    """A copy: one process opens a file with one set of settings only."""
    return Path(shutil.copy(published, published.with_name("generation-000002.duckdb")))


@pytest.fixture(scope="module")
def con(published: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with open_locked(str(published), memory_mb=256, seconds=30) as con:
        yield con


PAIRS = [(sql, code) for code, attacks in REFUSED.items() for sql in attacks]


def test_there_are_enough_of_them() -> None:
    assert len({sql for sql, _ in PAIRS} | set(STATEMENTS)) > 250


@pytest.mark.parametrize(("sql", "code"), PAIRS, ids=[sql[:60] for sql, _ in PAIRS])
def test_an_attack_is_refused_by_the_parsed_statement_in_the_right_words(
    con: duckdb.DuckDBPyConnection, sql: str, code: str
) -> None:
    with pytest.raises(RefusedError) as refused:
        check(con, sql)
    assert refused.value.code in {code, "several"}
    words = words_for(refused.value.code, {"name": refused.value.name})
    assert all(words.text(language) for language in codes())


@pytest.mark.parametrize("sql", STATEMENTS, ids=[repr(sql[:60]) for sql in STATEMENTS])
def test_a_statement_that_is_no_question_never_runs(
    con: duckdb.DuckDBPyConnection, sql: str
) -> None:
    with pytest.raises((RefusedError, duckdb.Error)) as refused:
        check(con, sql)
    if isinstance(refused.value, RefusedError):
        assert refused.value.code in {
            "empty", "several", "not_reading", "dynamic_pivot", "unchecked", "system_table",
        }  # fmt: skip


HONEST = [
    "select unit_id, value from mart_x order by value limit 3",
    "select count(*), count(distinct unit_id), avg(value), median(value) from mart_x",
    "with a as (select * from mart_x), b as (from a) select * from b join dim_units"
    " using (unit_id)",
    "with recursive r(i) as (select 1 union all select i + 1 from r where i < 5) select * from r",
    "from mart_x select unit_id where value > 3",
    "from mart_x limit 2",
    f'select * from "{Path(FILE).stem}".main.mart_x',
    "select * from main.mart_x",
    'select * from "MART_X"',
    "describe mart_x",
    "summarize mart_x",
    "show tables",
    "show all tables",
    "show mart_x",
    "table mart_x",
    "explain select * from mart_x",
    "explain analyze select * from mart_x",
    "select table_name, comment from duckdb_tables()",
    "select table_name from duckdb_tables",
    "select column_name, comment from duckdb_columns() where table_name = 'mart_x'",
    "select table_name from information_schema.tables",
    "select column_name, data_type from information_schema.columns",
    "select * from range(4)",
    "select * from generate_series(date '2017-01-01', date '2017-12-01', interval 1 month)",
    "select unnest([1, 2, 3]) as a;",
    "select m from mart_x, unnest(months) as t(m)",
    "select sum(value) over (order by day rows between 2 preceding and current row) from mart_x",
    "select rank() over (partition by day order by value desc), lag(value) over () from mart_x",
    "pivot mart_x on unit_id in ('E1', 'E2') using sum(value) group by day",
    "unpivot (select value, value * 2 as twice from mart_x) on value, twice",
    "select case when value > 3 then 'a' else 'b' end, coalesce(value, 0),"
    " nullif(value, 0) from mart_x",
    "select extract(year from day), date_trunc('month', day), strftime(day, '%Y-%m') from mart_x",
    "select day + interval 1 month, day - date '2017-01-01', year(day) from mart_x",
    "select unit_id like 'E%', unit_id ilike 'e%', unit_id similar to 'E.*', unit_id"
    " ~ 'E' from mart_x",
    "select regexp_extract(unit_id, '\\d+'), split_part(unit_id, 'E', 2), unit_id[1] from mart_x",
    "select unit_id || '-' || value, format('{}', value), printf('%d', 3),"
    " trim(unit_id) from mart_x",
    "select round(value, 1), floor(value), value % 2, value // 2, value ** 2,"
    " -value, @value from mart_x",
    "select cast(value as varchar), try_cast(unit_id as integer), value::integer from mart_x",
    "select * exclude (months) replace (value * 2 as value) from mart_x",
    "select columns('value|day') from mart_x",
    "select quantile_cont(value, 0.9), stddev(value), corr(value, value),"
    " mode(unit_id) from mart_x",
    "select arg_max(unit_id, value), string_agg(unit_id, ', '), list(value) from mart_x",
    "select [x * 2 for x in months if x > 1], list_transform(months, lambda x: x + 1) from mart_x",
    "select list_aggregate(months, 'sum'), len(months), months[1:1],"
    " list_contains(months, 1) from mart_x",
    "select {'a': value}, {'a': value}.a, map {'a': 1}['a'] from mart_x",
    "select value from mart_x where value between 1 and 3 or unit_id in ('E1') or"
    " value is not null",
    "select value from mart_x where value is distinct from 3 and not (value = 2)",
    "select unit_id, sum(value) from mart_x group by rollup (unit_id) having sum(value) > 1",
    "select grouping(unit_id), unit_id from mart_x group by grouping sets ((unit_id), ())",
    "select * from mart_x using sample 10 rows",
    "select * from mart_x a semi join dim_units b on a.unit_id = b.unit_id",
    "select * from mart_x a asof join mart_x b on a.day >= b.day",
    "select * from mart_x positional join dim_units",
    "select value from mart_x union all by name select value from mart_x",
    "select 1 intersect select 1",
    "select (select max(value) from mart_x), exists (from mart_x), 1 = any (select 1)",
    "values (1, 'a'), (2, 'b')",
    "select current_date, now(), today(), current_timestamp",
    "select json_extract_string('{\"a\": 1}', '$.a'), '{\"a\": 1}'::json->>'a'",
    "select count(*) filter (where value > 2), sum(value) filter (value > 2) from mart_x",
    'select value as "tall æøå" from mart_x',
    "select bool_and(value > 0), any_value(unit_id), first(unit_id order by day) from mart_x",
    "select 'select * from pg_settings' as text -- drop table mart_x",
    "select least(1, 2), greatest(1, 2), abs(-1), sign(-1), ln(2), exp(1), sqrt(4), pi()",
    "select value from mart_x qualify row_number() over (partition by unit_id order by day) = 1",
    "select if(value > 2, 1, 0), ifnull(value, 0) from mart_x",
    "select unit_id collate nb from mart_x order by unit_id collate nb",
    "select datediff('month', date '2017-01-01', day), last_day(day),"
    " make_date(2017, 1, 1) from mart_x",
    "select width_bucket from (select 1 as width_bucket)",
]


@pytest.mark.parametrize("sql", [question.sql for question in questions().values()])
def test_every_worked_question_is_honest(con: duckdb.DuckDBPyConnection, sql: str) -> None:
    check(con, sql)


def test_the_allow_list_fits_duckdb_as_it_is_installed() -> None:
    with duckdb.connect() as con:
        assert differences(con) == []


@pytest.mark.parametrize(
    ("sql", "told"),
    [
        ("create macro brand_new(x) as x + 1", "functions: brand_new is neither"),
        (
            "create macro brand_new(x) as table select x as a",
            "table_functions: brand_new is neither",
        ),
    ],
)
def test_a_function_that_duckdb_gets_is_told_of_until_it_is_judged(sql: str, told: str) -> None:
    with duckdb.connect() as con:
        con.execute(sql)
        assert [line.startswith(told) for line in differences(con)] == [True]
        with pytest.raises(RefusedError):
            check(con, "select * from brand_new(1)" if "table" in told else "select brand_new(1)")


@pytest.mark.parametrize("sql", HONEST, ids=[sql[:60] for sql in HONEST])
def test_an_honest_question_is_answered(con: duckdb.DuckDBPyConnection, sql: str) -> None:
    check(con, sql)
    con.complete()
    assert con.sql(sql).limit(10).fetchall() is not None


def test_a_bomb_ends_in_time_with_words_and_the_next_question_is_answered(published: Path) -> None:
    with ThreadPoolExecutor(3) as pool:
        answers = list(pool.map(lambda sql: ask(published, sql, timeout_s=1.5), BOMBS))
    for sql, given in zip(BOMBS, answers, strict=True):
        assert given.code in {"timeout", "memory", "too_large", "failed"}, sql
        assert given.words, sql
    assert ask(published, "select 1 as a", timeout_s=60).code == "ok"


def test_no_pattern_takes_longer_than_its_text(published: Path) -> None:
    assert ask(
        published, "select regexp_matches(repeat('a', 100000) || 'b', '(a+)+$') as a"
    ).code == ("ok")


def told(published: Path, sql: str) -> tuple[str, dict[str, str]]:
    """The child's own answer, asked in this process."""
    request = {
        "path": str(published), "sql": sql, "max_rows": 50, "timeout_s": 8, "memory_mb": 256,
    }  # fmt: skip
    header, _ = answer(request)
    return header.get("code", "ok"), header.get("values", {})


def test_what_is_refused_is_refused_for_what_it_is(another: Path) -> None:
    assert told(another, "update extensions")[0] == "not_reading"
    assert told(another, "select sumx(value) from mart_x") == (
        "unknown_function",
        {"name": "sumx", "near": "sum"},
    )
    assert told(another, "select * from no_such_table")[0] == "failed"
    assert told(another, "select " + "(" * 900 + "1" + ")" * 900)[0] in {
        "ok",
        "failed",
        "unchecked",
    }


def test_no_answer_and_no_message_holds_a_person(another: Path) -> None:
    code, values = told(another, f"select '{N}' as a, 1 as b")
    assert (code, values) == ("personal", {"name": "a"})
    assert told(another, "select 'kari.nordmann@kommune.no' as a")[0] == "personal"
    assert told(another, f"select {N} as figure, '12345678901' as text")[0] == "ok"
    _, values = told(another, f"select cast('{N}x' as integer)")
    assert N not in values["message"]


def test_every_code_of_the_guard_has_words() -> None:
    assert {"unknown_function", "file", "personal", "unexpected"} <= codes_of("refusal")
