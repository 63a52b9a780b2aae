"""What readers are told of checks, and of rows shown nowhere: of few neither how many nor where."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any, cast

import duckdb
import pytest

from pipelines.contracts.model import load_contracts
from pipelines.defs.reasons import why
from pipelines.quality.gates import run_gate
from pipelines.quality.model_checks import BrokenNode, record_model_checks
from pipelines.warehouse.not_shown import for_readers_nb, not_shown_nb
from tests.unit.quality_town import NOW, by_rule, open_town
from tests.unit.test_quality_outbound import outbound_tables

FEW = "Færre enn fem rader er lest, men vises ikke: balanseregnskap (spells)."
HELD_BACK = "corrections_of_hidden_units_count"


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with open_town() as con:
        outbound_tables(con)
        yield con


def told(con: duckdb.DuckDBPyConnection, rule: str) -> tuple[str, int, bool]:
    """Return what the view says that reports, the export and the pages are made from."""
    ((text, n_failed, success),) = con.execute(
        "select measured_nb, n_failed, success from ops.judged_results where rule_id = ?", [rule]
    ).fetchall()
    return text, n_failed, success


@pytest.mark.parametrize("n", [1, 4, 5, 12])
def test_corrections_of_hidden_units_are_told_without_where_and_of_few_without_how_many(
    con: duckdb.DuckDBPyConnection, n: int
) -> None:
    con.execute(
        "insert into intermediate.int_counted_unit_months select 'U1', 'Kultur',"
        " date '2024-01-01' + to_months(cast(i as integer)), 'sick', i < ? from range(20) as m(i)",
        [n],
    )
    exact = by_rule(run_gate(con, "outbound", {}, "run-1", NOW))[HELD_BACK]
    assert exact.n_failed == n
    assert "Kultur, 2024-01, Sykefravær: 1 skjult enhet" in exact.measured_nb or n > 3
    text, n_failed, success = told(con, HELD_BACK)
    assert not success
    if n < 5:
        assert (text, n_failed) == ("færre enn fem sektorer, måneder og mål brøt regelen", 1)
    else:
        counted = f"{n} av 20 sektorer, måneder og mål brøt regelen (hvor: pukk quality)"
        assert (text, n_failed) == (counted, n)


def test_a_check_that_holds_is_told_as_it_is(con: duckdb.DuckDBPyConnection) -> None:
    con.execute(
        "insert into intermediate.int_counted_unit_months values"
        " ('U1', 'Kultur', date '2024-01-01', 'sick', false)"
    )
    run_gate(con, "outbound", {}, "run-1", NOW)
    assert told(con, HELD_BACK) == ("0 av 1 sektorer, måneder og mål brøt regelen", 0, True)


def test_a_row_that_is_lost_stops_the_gate_on_any_amount_and_readers_are_not_told_whose(
    con: duckdb.DuckDBPyConnection,
) -> None:
    con.execute(
        "insert into intermediate.int_reconciliation values"
        " ('sick_leave.spells', 'feed', '2024-12', 'sick_days', 90, 1, 0.5, true)"
    )
    result = run_gate(con, "outbound", {}, "run-1", NOW)
    assert not result.success
    exact = by_rule(result)["everything_loaded_is_accounted_for"].measured_nb
    assert "2024-12, sick_days: 1 rad og 0,50 dagsverk av 90" in exact
    text, n_failed, success = told(con, "everything_loaded_is_accounted_for")
    assert text.endswith(" brøt regelen (hvor: pukk quality)")
    assert "2024" not in text
    assert (n_failed, success) == (1, False)


@pytest.mark.parametrize(
    ("table", "is_told"), [("int_sick_leave__unit_months", False), ("mart_before_after", True)]
)
def test_where_a_model_breaks_is_told_of_published_tables_alone(
    con: duckdb.DuckDBPyConnection, table: str, is_told: bool
) -> None:
    sql = "select 'L4' as unit_id, date '2024-03-01' as month"
    products = load_contracts(kind="products")
    record_model_checks(con, [BrokenNode("t", table, "Lovet.", 1, sql)], products, "run-1", NOW)
    text, _, _ = told(con, "t")
    assert ("L4" in text and "2024-03" in text) is is_told
    assert text.startswith("1 rad brøt regelen")
    assert ("pukk quality" in text) is not is_told
    # so is what stops a night, which is sent out
    (sent,) = why(con, cast("Any", SimpleNamespace(run_id="run-1", all_events=[])))
    assert ("L4" in sent) is is_told
    kept = con.execute("select measured_nb from ops.quality_results").fetchall()
    assert "måned 2024-03" in kept[0][0]


def test_few_of_a_units_absences_are_not_counted(con: duckdb.DuckDBPyConnection) -> None:
    con.execute(
        "insert into intermediate.int_sick_leave__unit_matches values"
        " ('E1', date '2026-01-01', 6, 4, 6, true)"
    )
    con.execute("update marts.fct_metric_months set missing_reason = 'unmatched_absences'")
    told = by_rule(run_gate(con, "outbound", {}, "run-1", NOW))["absences_meet_a_position"]
    assert told.measured_nb == (
        "1 av 1 enheter og måneder brøt regelen: E1 2026-01: færre enn fem av 6 fravær"
        " treffer ingen stilling"
    )


def row(n_rows: int, amount: float, source: str = "sick_leave.spells", feed: str = "spells"):
    return {
        "source": source,
        "feed_id": feed,
        "text_nb": "balanseregnskap",
        "n_rows": n_rows,
        "amount": amount,
        "first_period": "2024-07",
        "last_period": "2024-12",
    }


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (row(2, 2), FEW),
        (row(4, 2, "ledger.entries"), FEW),
        (row(0, 1.0, feed=""), "Dagsverk er lest, men vises ikke: balanseregnskap."),
        (row(0, 900.0, feed=""), "Dagsverk er lest, men vises ikke: balanseregnskap."),
    ],
)  # fmt: skip
def test_of_few_rows_that_are_shown_nowhere_neither_how_many_nor_how_much_nor_when_is_told(
    found, said: str
) -> None:
    assert for_readers_nb(found) == said
    # who runs it is told exactly
    assert "2024-07–2024-12" in not_shown_nb(found)


def test_of_many_rows_readers_are_told_the_same() -> None:
    assert for_readers_nb(row(5, 9)) == not_shown_nb(row(5, 9))
    assert not_shown_nb(row(5, 9)).startswith("5 rader er lest")
