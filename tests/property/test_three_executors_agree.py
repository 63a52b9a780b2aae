"""Ingest, gate and dbt must refuse as many of the same rows, rule by rule.

The gate counts in SQL and lets Great Expectations judge by the counts; what Great Expectations
itself counts on a frame of the same rows must be the same.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from pipelines.contracts.model import Contract
from pipelines.contracts.to_expectations import expectations_for
from tests.executors import (
    CONTRACT,
    as_frame,
    contract_of,
    failed_by_dbt,
    failed_by_gx,
    failed_by_polars,
    failed_by_scan,
    judged_by_scan,
)

# Great Expectations imports modules that Python has deprecated
pytestmark = pytest.mark.filterwarnings("ignore:module 'sre_.*' is deprecated")

DATES = [None, date(2017, 1, 1), date(2017, 1, 31), date(2017, 2, 1)]
SHARES = [None, -0.1, 0.0, 0.1, 0.2, 0.3, 0.7, 0.9, 1.0, 1.5]
ROW = st.fixed_dictionaries(
    {
        "id_a": st.sampled_from([None, "a", "b", "c", "d"]),
        "id_b": st.sampled_from(DATES),
        "code": st.sampled_from([None, "", "012", "12", "0123", "a", "ab", "012\n", "1é"]),
        "function": st.sampled_from([None, "253", "254", "257", "333", "999"]),
        "year": st.sampled_from([None, 2012, 2017, 2024]),
        "kind": st.sampled_from([None, "x", "y", "X", ""]),
        "level": st.sampled_from([None, 1, 2, 3]),
        "pct": st.sampled_from([None, "0.00", "0.01", "0.30", "1.00", "100.00", "100.01"]),
        "share_a": st.sampled_from(SHARES),
        "share_b": st.sampled_from(SHARES),
        "first_day": st.sampled_from(DATES),
        "last_day": st.sampled_from(DATES),
    }
)


@pytest.fixture(scope="module")
def contract() -> Contract:
    return contract_of(CONTRACT)


@pytest.fixture(scope="module")
def gx_context() -> Iterator[Any]:
    import great_expectations as gx  # slow to import: only here

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    context.data_sources.add_pandas("p").add_dataframe_asset(
        "a"
    ).add_batch_definition_whole_dataframe("b")
    return context


@settings(
    max_examples=12,
    phases=[Phase.generate],  # shrinking would take minutes and the rule's id says enough
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(rows=st.lists(ROW, max_size=20))
def test_dataframely_great_expectations_and_dbt_agree_on_every_rule(
    contract: Contract, gx_context: Any, rows: list[dict[str, Any]]
) -> None:
    table = contract.tables["rows"]
    frame = as_frame(contract, rows)
    by_polars = failed_by_polars(contract, frame)
    by_gx = failed_by_gx(gx_context, expectations_for(contract, table), frame)
    by_dbt = failed_by_dbt(contract, frame)

    assert failed_by_scan(contract, frame) == by_gx
    assert set(by_gx) == {rule.id for rule in table.rules}
    # a row count is no row's fault, and dbt leaves it to the gates
    assert set(by_gx) - set(by_polars) == {"enough_rows"}
    assert set(by_polars) == set(by_dbt)
    assert (by_gx["enough_rows"] == 0) == (frame.height >= 2)
    for rule_id, count in by_polars.items():
        assert (count, count) == (by_gx[rule_id], by_dbt[rule_id]), rule_id


NAN = float("nan")
UNFILLED = dict.fromkeys(
    ("id_b", "code", "function", "kind", "level", "pct", "first_day", "last_day")
)


def test_what_is_no_number_breaks_what_either_executor_says_it_breaks(
    contract: Contract, gx_context: Any
) -> None:
    # pandas takes NaN for a missing value, SQL for the largest of all
    rows = [
        {**UNFILLED, "id_a": name, "year": 2017, "share_a": a, "share_b": b}
        for name, a, b in [("a", NAN, 0.5), ("b", 0.5, NAN), ("c", NAN, NAN), ("d", 0.5, 0.5)]
    ]
    strict = CONTRACT.replace("physicalType: double,", "physicalType: double, required: true,")
    assert strict != CONTRACT
    frame = as_frame(contract, rows)
    for text in (CONTRACT, strict):
        made = contract_of(text)
        by_gx = failed_by_gx(gx_context, expectations_for(made, made.tables["rows"]), frame)
        by_dbt = {"enough_rows": 0, **failed_by_dbt(made, frame)}
        found = failed_by_scan(made, frame)
        assert found == {rule_id: max(by_gx[rule_id], by_dbt[rule_id]) for rule_id in by_gx}
        assert found["range_share_b"] == 2
    assert found["not_null_share_a"] == found["not_null_share_b"] == 2


def test_a_missing_value_is_a_value_of_a_key_of_one_column_too(contract: Contract) -> None:
    made = contract_of(CONTRACT.replace("properties: [year, kind]", "properties: [kind]"))
    rows = [
        {**UNFILLED, "id_a": name, "year": 2017, "share_a": 0.5, "share_b": 0.5}
        for name in ("a", "b", "c")
    ]
    frame = as_frame(contract, rows)
    assert failed_by_scan(made, frame)["one_at_a_time"] == 3
    assert failed_by_dbt(made, frame)["one_at_a_time"] == 3
    assert failed_by_polars(made, frame)["one_at_a_time"] == 3


def test_a_column_of_another_type_is_judged_by_its_values_or_not_at_all(
    contract: Contract,
) -> None:
    rows = [{**UNFILLED, "id_a": "a", "year": 2017, "share_a": 0.5, "share_b": 0.5}] * 2
    frame = as_frame(contract, rows).with_columns(
        pl.lit("tekst").alias("share_b"), pl.lit(3.0).alias("level")
    )
    found = judged_by_scan(contract, frame)
    assert found["enum_level"].n_failed == 2
    assert found["not_null_id_a"].success
    assert [rule_id for rule_id, o in found.items() if not o.was_run] == [
        "range_share_b",
        "shares_sum",
        "shares_sum_to_pct",
    ]
