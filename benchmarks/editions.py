"""``python -m benchmarks.editions FILE [OTHER]``: what the tables of a published edition hold.

One line per table: rows, and the SHA-256 of its rows as sorted CSV. With a second edition, made by
other code of the same deliveries, only what differs is told: columns that are new or gone, and of
those both have, which hold other values. Which differences are meant is for the reader to say.
"""

import argparse
import hashlib
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipelines.publishing.contents import RUN_COLUMNS, open_generation, table_names


@dataclass(frozen=True)
class Held:
    """What one table holds.

    Attributes:
        n_rows: Its rows.
        columns: Its columns but those that say which run wrote them.
    """

    n_rows: int
    columns: tuple[str, ...]


def main() -> None:
    """Parse arguments, read, print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.editions", description=__doc__)
    parser.add_argument("file", type=Path, help="a generation file")
    parser.add_argument("other", type=Path, nargs="?", help="one to hold it against")
    asked = parser.parse_args()
    lines = told(asked.file) if asked.other is None else differences(asked.file, asked.other)
    for line in lines:
        sys.stdout.write(f"{line}\n")


def told(file: Path) -> Iterator[str]:
    """Name, rows and hash of every table of an edition."""
    with open_generation(file) as con:
        for name in table_names(con):
            held = _held(con, name)
            yield f"{name} {held.n_rows} {sorted_sha256(con, name, held.columns)}"


def differences(file: Path, other: Path) -> Iterator[str]:
    """Tables that do not hold the same, and in which columns; last how many are equal."""
    with open_generation(file) as one, open_generation(other) as two:
        names = (set(table_names(one)), set(table_names(two)))
        yield from (f"{name}: gone" for name in sorted(names[0] - names[1]))
        yield from (f"{name}: new" for name in sorted(names[1] - names[0]))
        n_equal = 0
        for name in sorted(names[0] & names[1]):
            found = list(_of_table(one, two, name))
            n_equal += not found
            if found:
                yield f"{name}: {'; '.join(found)}"
        yield f"{n_equal} tables equal"


def _of_table(
    one: duckdb.DuckDBPyConnection, two: duckdb.DuckDBPyConnection, name: str
) -> Iterator[str]:
    before, after = _held(one, name), _held(two, name)
    if before.n_rows != after.n_rows:
        yield f"{before.n_rows} rows, now {after.n_rows}"
    for word, columns in (
        ("gone", set(before.columns) - set(after.columns)),
        ("new", set(after.columns) - set(before.columns)),
    ):
        if columns:
            yield f"{word} {', '.join(sorted(columns))}"
    common = tuple(column for column in before.columns if column in after.columns)
    if sorted_sha256(one, name, common) == sorted_sha256(two, name, common):
        return
    other = [
        column
        for column in common
        if sorted_sha256(one, name, (column,)) != sorted_sha256(two, name, (column,))
    ]
    yield f"other values in {', '.join(other) or 'how the columns go together'}"


def sorted_sha256(con: duckdb.DuckDBPyConnection, table: str, columns: Sequence[str]) -> str:
    """SHA-256 of some columns of a table as CSV, the columns by name and the rows sorted."""
    listed = ", ".join(f'"{column}"' for column in sorted(columns))
    frame = con.sql(f"select {listed} from {table} order by all").pl()
    return hashlib.sha256(frame.write_csv().encode()).hexdigest()


def _held(con: duckdb.DuckDBPyConnection, table: str) -> Held:
    columns = con.execute(f"select column_name from (describe {table})").fetchall()
    ((n_rows,),) = con.execute(f"select count(*) from {table}").fetchall()
    return Held(n_rows, tuple(name for (name,) in columns if name not in RUN_COLUMNS))


if __name__ == "__main__":
    main()
