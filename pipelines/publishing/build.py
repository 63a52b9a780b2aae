"""Copying exactly what the product contracts name from the warehouse into a new DuckDB file.

The file is attached to the warehouse connection while it is filled. Whether what it holds may be
seen is judged in ``privacy``; naming and pointing is in ``files``.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

import duckdb

from pipelines.contracts.model import Column, Contract, Table
from pipelines.desk.personal_identifiers import MAY_HOLD, masked
from pipelines.errors import PublishError
from pipelines.publishing.privacy import refuse_person_data
from pipelines.warehouse.readers_views import LEDGER_VIEWS
from pipelines.warehouse.table_sql import columns_by_table, quoted
from pipelines.warehouse.transaction import transaction
from pipelines.words.messages import say

CATALOG = "new_generation"
STORAGE_VERSION = "v1.1.0"
"""The oldest DuckDB that opens a published file: what people have, not what runs here."""
_MASKED = "without_personal_identifiers"


def build_file(
    con: duckdb.DuckDBPyConnection, file: Path, products: Mapping[str, Contract]
) -> dict[str, int]:
    """Fill a new file with every product table and check that it holds no person.

    Args:
        con: The open warehouse, outside a transaction.
        file: A file that does not exist yet.
        products: Product contracts by id.

    Returns:
        Rows per table.

    Raises:
        PublishError: A table is missing or is not what its contract says, or holds person data.
    """
    try:
        con.execute(
            f"attach {quoted(str(file))} as {CATALOG} (storage_version {quoted(STORAGE_VERSION)})"
        )
        con.create_function(_MASKED, masked, ["VARCHAR"], "VARCHAR")
        try:
            return _fill(con, list(published_tables(products)))
        finally:
            con.complete()
            con.remove_function(_MASKED)
            con.execute(f"detach {CATALOG}")
    except duckdb.Error as error:
        raise PublishError(
            say("publishing.build.cannot_be_built", error=error),
            way_out=say("publishing.build.check_disk"),
        ) from error


def _fill(con: duckdb.DuckDBPyConnection, tables: list[Table]) -> dict[str, int]:
    # one transaction: every comment on its own would wait for the disk
    with transaction(con):
        found = columns_by_table(con)
        for table in tables:
            _copy(con, table, found)
    refuse_person_data(con, CATALOG, tables)
    counts = {table.name: _count(con, table) for table in tables}
    con.execute(f"checkpoint {CATALOG}")
    return counts


def published_tables(products: Mapping[str, Contract]) -> Iterator[Table]:
    """Yield every table the product contracts promise, in order of contract and table."""
    for contract in products.values():
        yield from contract.tables.values()


def _copy(
    con: duckdb.DuckDBPyConnection, table: Table, found: Mapping[tuple[str, str], dict[str, str]]
) -> None:
    schema, _, name = LEDGER_VIEWS.get(table.name, f"marts.{table.name}").partition(".")
    from_ops = schema == "ops"
    _compare(table, found.get((schema, name), {}), exactly=not from_ops)
    columns = ", ".join(_ledger_column(c) if from_ops else f'"{c.name}"' for c in table.columns)
    order = ", ".join(f'"{column}"' for column in table.primary_key) or "all"
    target = f"{CATALOG}.main.{table.name}"
    con.execute(f"create table {target} as select {columns} from {schema}.{name} order by {order}")
    comments = [f"comment on table {target} is {quoted(table.description)}"]
    comments += [
        f'comment on column {target}."{column.name}" is {quoted(column.meaning)}'
        for column in table.columns
    ]
    con.execute("; ".join(comments))


def _ledger_column(column: Column) -> str:
    # the ledger never forgets: one file named after a person would stop publishing for ever
    value = f'cast("{column.name}" as {column.physical_type})'
    if column.physical_type == "varchar":
        value = (
            f"case when regexp_matches({value}, {quoted(MAY_HOLD)}) then {_MASKED}({value}) "
            f"else {value} end"
        )
    return f'{value} as "{column.name}"'


def _compare(table: Table, found: Mapping[str, str], *, exactly: bool) -> None:
    if not found:
        raise PublishError(
            say("publishing.build.promised_table_missing"),
            where=table.name,
            way_out=say("publishing.build.run_or_take_out_of_contract"),
        )
    problems = {"Mangler": [name for name in table.column_names if name not in found]}
    if exactly:
        problems["Ikke i kontrakten"] = [name for name in found if name not in table.column_names]
        problems["Annen type"] = [
            f"{c.name} ({found[c.name].lower()}, lovet {c.physical_type})"
            for c in table.columns
            if c.name in found and found[c.name].lower() != c.physical_type.replace(" ", "")
        ]
    texts = [f"{what}: {', '.join(names)}." for what, names in problems.items() if names]
    if texts:
        raise PublishError(
            say("publishing.build.other_columns") + " ".join(texts),
            where=table.name,
            way_out=say("publishing.build.fix_model_or_contract"),
        )


def _count(con: duckdb.DuckDBPyConnection, table: Table) -> int:
    row = con.execute(f"select count(*) from {CATALOG}.main.{table.name}").fetchall()[0]
    return int(row[0])
