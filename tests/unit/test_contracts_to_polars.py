"""Contracts as dataframely schemas: which rows fail, by which rule, and what passes through."""

from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipelines.contracts.kostra import kostra_validity
from pipelines.contracts.model import TECHNICAL_COLUMNS, load_contracts
from pipelines.contracts.to_polars import polars_dtypes, schema_for
from pipelines.errors import ContractError

CONTRACTS = load_contracts()
POSITION = {
    "position_id": "1",
    "person_id": "p",
    "unit_id": "u",
    "position_pct": 80,
    "employment_type": "permanent",
    "job_code": None,
    "start_date": date(2017, 1, 1),
    "end_date": None,
}


def failures(contract: str, table_name: str, rows: list[dict[str, Any]]) -> dict[str, int]:
    table = CONTRACTS[contract].tables[table_name]
    frame = pl.DataFrame(rows, schema=polars_dtypes(table), orient="row")
    return schema_for(table, technical=()).filter(frame)[1].counts()


def test_a_row_that_keeps_every_rule_passes() -> None:
    assert failures("hr", "positions", [POSITION]) == {}


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"unit_id": None}, "not_null_unit_id"),
        ({"position_pct": 0}, "range_position_pct"),
        ({"position_pct": 101}, "range_position_pct"),
        ({"employment_type": "Fast"}, "enum_employment_type"),
        ({"end_date": date(2016, 12, 31)}, "period_in_order"),
    ],
)
def test_a_broken_rule_is_named_by_its_id_in_the_contract(
    change: dict[str, Any], rule: str
) -> None:
    assert failures("hr", "positions", [POSITION | change]) == {rule: 1}


def test_a_doubled_key_fails_every_row_that_has_it() -> None:
    rows = [POSITION, POSITION | {"unit_id": "v"}, POSITION | {"position_id": "2"}]
    assert failures("hr", "positions", rows) == {"unique_key": 2}


def test_an_empty_cell_in_a_key_counts_as_a_value() -> None:
    code = {"code_system": "name", "code": "Eikely", "unit_id": "u", "valid_from": None}
    rows = [code | {"valid_to": None}, code | {"unit_id": "v", "valid_to": None}]
    assert failures("organisation", "unit_codes", rows) == {"unique_key": 2}


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_number_that_is_not_finite_never_passes(value: float) -> None:
    row = {"unit_id": "u", "month": date(2017, 1, 1), "measure_id": "x", "value": value}
    counts = failures("unit_metrics", "values", [row | {"n_persons": None}])
    assert counts == {"not_null_value": 1}


@pytest.mark.parametrize(
    ("function", "year", "passes"),
    [("254", 2023, True), ("254", 2024, False), ("257", 2023, False), ("258", 2024, True)],
)
def test_a_function_is_refused_in_years_it_did_not_exist(
    *, function: str, year: int, passes: bool
) -> None:
    row = {"function": function, "year": year, "amount_type": "accounts", "amount_nok": 1}
    counts = failures("ledger", "entries", [row])
    assert counts == ({} if passes else {"function_valid_in_year": 1})


def test_a_code_nobody_knows_the_years_of_passes() -> None:
    row = {"function": "999", "art": "010", "year": 1990, "amount_type": "accounts"}
    assert failures("ledger", "entries", [row | {"amount_nok": 1}]) == {}


def test_a_missing_list_of_codes_is_an_error_and_not_a_rule_without_effect(
    tmp_path: Path,
) -> None:
    with pytest.raises(ContractError, match="KOSTRA-koder kan ikke leses"):
        kostra_validity("art", tmp_path / "none.csv")


def test_technical_columns_pass_through_untouched() -> None:
    table = CONTRACTS["hr"].tables["positions"]
    row = POSITION | {"delivery_id": "D1", "feed_id": "f", "source_row": 7, "period_ym": "all"}
    frame = pl.DataFrame([row], schema_overrides=polars_dtypes(table))
    good, _ = schema_for(table).filter(frame)
    assert good.columns == [*table.column_names, *TECHNICAL_COLUMNS]
    assert good["source_row"].item() == 7


def test_each_table_of_each_source_can_judge_an_empty_delivery() -> None:
    for contract in CONTRACTS.values():
        for table in contract.tables.values():
            empty = pl.DataFrame(schema=polars_dtypes(table))
            good, failed = schema_for(table, technical=()).filter(empty)
            assert (good.height, len(failed)) == (0, 0)
