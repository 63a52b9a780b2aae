"""No source that begins or ends in another month than the others breaks a promise about figures.

Accounts for December come before December's sick leave, or after: the cells in between are missing
and say why, and nothing of a small group is shown by the part that did come.
"""

from collections.abc import Iterator
from datetime import date

import duckdb
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from pipelines.contracts.model import load_contracts
from pipelines.quality.broken_rows import broken_by
from pipelines.quality.operations import CHECKS
from tests.dbt_parsed import parsed
from tests.golden.definitions_town import definitions_models, definitions_warehouse
from tests.order_free import Model, copy_of, rebuild, upstream_of

# the month each source's rows are of, as SQL
MONTH_OF = {
    "hr.positions": "start_date",
    "sick_leave.spells": "start_date",
    "sick_leave.unit_months": "month",
    "ledger.entries": "make_date(year, greatest(1, least(coalesce(period, 12), 12)), 1)",
    "unit_metrics.values": "month",
}
MONTHS = [date(year, month, 1) for year in (2011, 2012, 2013) for month in (1, 2, 3, 6, 12)]
KEPT = st.none() | st.sampled_from(MONTHS)
TABLES = ("fct_metric_months", "mart_metric_years", "dim_months", "dim_units")
PRIVACY = ("hidden_is_empty", "no_small_group_visible")


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> list[Model]:
    wanted = upstream_of(parsed() / "manifest.json", *TABLES)
    return [
        model for model in definitions_models(tmp_path_factory, worker_id) if model.name in wanted
    ]


@pytest.fixture(scope="module")
def con(
    tmp_path_factory: pytest.TempPathFactory, worker_id: str
) -> Iterator[duckdb.DuckDBPyConnection]:
    built = definitions_warehouse(tmp_path_factory, worker_id)
    with copy_of(built, tmp_path_factory.mktemp("town")) as con:
        # the figures say themselves how far they go
        con.execute("update municipality.profile set last_month = null")
        # an introduction that ends before the first course day has begun
        con.execute(
            "insert into lean.cycles (cycle_id, unit_id, cycle_no, status, introduction_end_date)"
            " values ('C1', 'graded', 1, 'trained', date '2012-01-15');"
            "insert into lean.course_days (cycle_id, unit_id, day_no, course_date)"
            " values ('C1', 'graded', 1, date '2012-03-01')"
        )
        yield con


def _promises(con: duckdb.DuckDBPyConnection) -> Iterator[tuple[str, str]]:
    products = load_contracts(kind="products")
    for name in TABLES:
        for rule in products[name].tables[name].rules:
            sql = broken_by(f"marts.{name}", rule)
            if sql:
                yield f"{name} {rule.id}", sql
    for check in CHECKS["outbound"]:
        if check.rule_id in PRIVACY:
            yield check.rule_id, f"select * from ({check.sql}) where problem is not null"
    yield (
        "one reason",
        (
            "select * from marts.fct_metric_months where (value is null)"
            " <> ((suppression_reason is not null) <> (missing_reason is not null))"
        ),
    )
    yield (
        "no part alone",
        (
            "select * from marts.fct_metric_months where value is null"
            " and (numerator is not null or denominator is not null)"
            " and missing_reason is distinct from 'zero_denominator'"
        ),
    )


@settings(
    max_examples=6,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    last=st.fixed_dictionaries(dict.fromkeys(MONTH_OF, KEPT)),
    first=st.fixed_dictionaries(dict.fromkeys(MONTH_OF, KEPT)),
)
@example(last=dict.fromkeys(MONTH_OF), first=dict.fromkeys(MONTH_OF))
@example(last={"sick_leave.spells": date(2012, 1, 1)}, first={})
@example(last={"hr.positions": date(2009, 12, 1)}, first={})
@example(last={"ledger.entries": date(2010, 12, 1)}, first={"sick_leave.spells": date(2013, 1, 1)})
def test_every_promise_holds_whichever_source_ends_when(
    con: duckdb.DuckDBPyConnection,
    models: list[Model],
    last: dict[str, date | None],
    first: dict[str, date | None],
) -> None:
    con.begin()
    try:
        for kept, sign in ((last, ">"), (first, "<")):
            for table, month in kept.items():
                if month is not None:
                    con.execute(f"delete from {table} where {MONTH_OF[table]} {sign} ?", [month])
        rebuild(con, models)
        broken = {
            name: rows
            for name, sql in _promises(con)
            if (rows := con.sql(f"select * from ({sql}) limit 3").fetchall())
        }
        assert broken == {}
    finally:
        con.rollback()
