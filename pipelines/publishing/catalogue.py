"""The catalogue of published tables: what every column means, taken from the contracts.

It becomes a table of the warehouse's marts, so it is checked and published like any other. No
description is written here.
"""

from collections.abc import Mapping
from typing import Any

import duckdb
import polars as pl

from pipelines.contracts.model import Column, Contract, Table
from pipelines.contracts.privacy import SUPPRESSION_RULES
from pipelines.contracts.promises import promised, table_label
from pipelines.warehouse.replaced import replace_tables
from pipelines.words.catalogue import DEFAULT_LANGUAGE, codes, text

TABLE = "mart_catalogue"
_TYPES = {
    "table_name": pl.String,
    "column_name": pl.String,
    "table_order": pl.Int32,
    "column_order": pl.Int32,
    **{f"table_label_{code}": pl.String for code in codes()},
    **{f"table_description_{code}": pl.String for code in codes()},
    **{f"column_label_{code}": pl.String for code in codes()},
    **{f"column_description_{code}": pl.String for code in codes()},
    "column_type": pl.String,
    "column_unit": pl.String,
    "is_key": pl.Boolean,
    "is_required": pl.Boolean,
    "is_about_persons": pl.Boolean,
    "suppression": pl.String,
    **{f"suppression_{code}": pl.String for code in codes()},
    "row_scope": pl.String,
    "scope_part": pl.String,
    **{f"column_rules_{code}": pl.String for code in codes()},
    **{f"table_rules_{code}": pl.String for code in codes()},
    "contract_id": pl.String,
    "contract_version": pl.String,
}


def catalogue(products: Mapping[str, Contract]) -> pl.DataFrame:
    """Return one row per column of every promised table, by table and place in it.

    Args:
        products: Product contracts by id.
    """
    tables = sorted(
        ((contract, table) for contract in products.values() for table in contract.tables.values()),
        key=lambda pair: pair[1].name,
    )
    rows = [
        _row(contract, table, column) | {"table_order": order, "column_order": place}
        for order, (contract, table) in enumerate(tables, start=1)
        for place, column in enumerate(table.columns, start=1)
    ]
    return pl.DataFrame(rows, schema=_TYPES)


def write_catalogue(con: duckdb.DuckDBPyConnection, products: Mapping[str, Contract]) -> int:
    """Replace the catalogue among the marts and return its number of rows.

    Args:
        con: The open warehouse, outside a transaction.
        products: Product contracts by id.
    """
    frame = catalogue(products)
    replace_tables(con, "marts", {TABLE: frame})
    return frame.height


def _row(contract: Contract, table: Table, column: Column) -> dict[str, Any]:
    about_table = [rule for rule in table.rules if len(rule.columns) != 1]
    about_column = [rule for rule in table.rules if rule.columns == (column.name,)]
    return {
        "table_name": table.name,
        "column_name": column.name,
        **{f"table_label_{code}": table_label(table, code) or contract.name for code in codes()},
        **_told("table_description", {"nb": contract.description, "en": table.description}),
        **_told(
            "column_label",
            {
                "nb": column.business_name or column.name,
                "nn": column.label_nn,
                "en": column.label_en,
            },
        ),
        **_told(
            "column_description",
            {"nb": column.description_nb, "nn": column.description_nn, "en": column.description},
        ),
        "column_type": column.physical_type,
        "column_unit": column.unit or None,
        "is_key": column.name in table.primary_key,
        "is_required": column.required,
        **_privacy(table, column),
        **{f"column_rules_{c}": promised(about_column, table, c) or None for c in codes()},
        **{f"table_rules_{c}": promised(about_table, table, c) or None for c in codes()},
        "contract_id": contract.id,
        "contract_version": contract.version,
    }


def _told(stem: str, texts: Mapping[str, str]) -> dict[str, str]:
    # a language the contracts are not written in reads the bokmål
    return {f"{stem}_{code}": texts.get(code) or texts[DEFAULT_LANGUAGE] for code in codes()}


def _privacy(table: Table, column: Column) -> dict[str, Any]:
    """What hides the column and whose rows the table holds; empty where the contract is silent."""
    rule, scope = SUPPRESSION_RULES.get(column.suppression), table.scope
    return {
        "is_about_persons": rule.is_about_persons if rule else None,
        "suppression": column.suppression or None,
        **{
            f"suppression_{code}": text(f"suppression.{column.suppression}", code) if rule else None
            for code in codes()
        },
        "row_scope": scope.code if scope else None,
        "scope_part": scope.part_of(column.name) if scope else None,
    }
