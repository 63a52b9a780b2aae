"""What a table holds as one short text: equal texts, equal rows, in whatever order they lie."""

from collections.abc import Collection

import duckdb


def table_hash(
    con: duckdb.DuckDBPyConnection,
    table: str,
    *,
    left_out: Collection[str] = (),
    where: str = "",
    is_distinct: bool = False,
) -> str:
    """Read every row of a table and return its columns, number of rows and the sum of their hashes.

    Twice the same row counts twice, so nothing cancels out. DuckDB's hash is 64 bits and no lock
    against forgery: whether a file is the one that was written, its SHA-256 says.

    Args:
        con: An open database.
        table: The table as SQL knows it.
        left_out: Columns that do not count.
        where: Which rows; all by default.
        is_distinct: Rows that are equal in the columns that count are one.
    """
    told = con.execute(f"describe {table}").fetchall()
    columns = [(name, kind) for name, kind, *_ in told if name not in left_out]
    listed = ", ".join(f'"{name}"' for name, _ in columns)
    distinct = "distinct " if is_distinct else ""
    rows = f"(select {distinct}{listed} from {table} {f'where {where}' if where else ''}) as t"
    # a text: the sum is wider than what most readers of numbers hold
    (found,) = con.execute(
        f"select concat_ws(' ', count(*), coalesce(sum(hash({listed})), 0)) from {rows}"
    ).fetchall()
    return f"{', '.join(f'{name} {kind}' for name, kind in columns)}: {found[0]}"
