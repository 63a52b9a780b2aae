"""A plan for the years ahead may use codes that end before its last year; accounts may not."""

import duckdb
import polars as pl
import pytest

from pipelines.contracts.model import load_contracts
from pipelines.contracts.to_polars import rule_expression
from pipelines.contracts.to_sql import condition

ENTRIES = load_contracts()["ledger"].tables["entries"]
RULE = next(rule for rule in ENTRIES.rules if rule.id == "function_valid_in_year")


@pytest.mark.parametrize(
    ("function", "year", "amount_type", "is_kept"),
    [
        ("254", 2023, "accounts", True),
        ("254", 2024, "accounts", False),
        ("254", 2024, "revised_budget", False),
        ("254", 2024, "original_budget", True),
        ("333", 2014, "accounts", False),
        ("333", 2015, "original_budget", True),
        ("332", 2012, "accounts", True),  # first year not known
        (None, 2024, "accounts", True),
    ],
)
def test_only_a_plan_may_use_a_function_that_has_ended(
    function: str | None, year: int, amount_type: str, is_kept: bool
) -> None:
    frame = pl.DataFrame(
        {"function": [function], "year": [year], "amount_type": [amount_type]},
        schema_overrides={"function": pl.String},
    )
    expression = rule_expression(RULE, ENTRIES)
    assert expression is not None
    in_polars = frame.select(expression.fill_null(value=True)).item()
    with duckdb.connect() as con:
        con.register("entries", frame.to_arrow())
        sql = f"select coalesce({condition(RULE)}, true) from entries"
        in_sql = con.execute(sql).fetchall()[0][0]
    assert (in_polars, in_sql) == (is_kept, is_kept)
