"""The read rows of one large file on disk, from the first part until they are landed.

They are pseudonymised as in landing, and gone when the delivery is recorded or the next run begins.
"""

import math
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from pipelines.settings import Paths

_FOLDER = ".spool"
_LEAST_MB, _ROWS_FOR_LEAST = 128, 4_000_000
"""What is sorted on disk is merged from runs as large as the memory, and a merge holds a block of
each: twice the memory is enough for four times the rows."""

_ROWS_AT_ONCE = 40_960


class Spool:
    """Rows in files, a part of the delivery in each; all of them have the same columns."""

    def __init__(self, folder: Path) -> None:
        """Begin with no row."""
        self._folder = folder
        self._n_parts = 0
        self.height = 0
        self.periods: frozenset[str] = frozenset()

    @property
    def files(self) -> str:
        """The files, as a pattern that DuckDB and Polars know."""
        return str(self._folder / "*.parquet")

    def add(self, rows: pl.DataFrame) -> None:
        """Keep the rows of the next part.

        Args:
            rows: With ``period_ym``; at least the first part has a row.
        """
        rows.write_parquet(self._folder / f"{self._n_parts:06d}.parquet", compression="lz4")
        self._n_parts += 1
        self.height += rows.height
        self.periods |= frozenset(rows["period_ym"].unique().to_list())

    def rows(self) -> pl.LazyFrame:
        """Return all rows, in the file's order."""
        return pl.scan_parquet(self.files, hive_partitioning=False)

    def has_equal(self, columns: Sequence[str]) -> bool:
        """Return whether two rows seem to say the same in these columns, empty cells included."""
        names = ", ".join(f'"{name}"' for name in columns)
        asked = (
            f"select 1 from (select hash({names}) as h from read_parquet(?))"
            " group by h having count(*) > 1 limit 1"
        )
        with self._con() as con:
            return bool(con.execute(asked, [self.files]).fetchall())

    def in_order(self, by: Sequence[str]) -> Iterator[pl.DataFrame]:
        """Yield the rows in order, some at a time; empty cells last.

        Args:
            by: The columns they are sorted by, which together tell one row from another.
        """
        schema = self.rows().collect_schema()
        order = ", ".join(f'"{name}" nulls last' for name in by)
        with self._con() as con:
            sorted_rows: Any = con.sql(
                f"select * from read_parquet(?) order by {order}", params=[self.files]
            )
            for batch in sorted_rows.to_arrow_reader(_ROWS_AT_ONCE):
                rows = pl.from_arrow(batch)
                if isinstance(rows, pl.DataFrame) and rows.height:
                    yield rows.cast(dict(schema))  # type: ignore[arg-type] # a schema is a mapping

    def _memory_mb(self) -> int:
        return round(_LEAST_MB * max(1.0, math.sqrt(self.height / _ROWS_FOR_LEAST)))

    @contextmanager
    def _con(self) -> Iterator[duckdb.DuckDBPyConnection]:
        # a database of its own: what does not fit is spilled beside the rows
        con = duckdb.connect(
            config={
                "memory_limit": f"{self._memory_mb()}MB",
                "threads": 1,
                "preserve_insertion_order": "false",
                "temp_directory": str(self._folder / "sorting"),
                "autoinstall_known_extensions": "false",
            }
        )
        con.execute("set enable_progress_bar = false")
        try:
            yield con
        finally:
            con.close()


@contextmanager
def new_spool(paths: Paths, delivery_id: str) -> Iterator[Spool]:
    """Give a place for a delivery's rows, and clear it away afterwards.

    Args:
        paths: The municipality's folders.
        delivery_id: The delivery.
    """
    folder = paths.landing / _FOLDER / delivery_id
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        yield Spool(folder)
    finally:
        clear_spools(paths)


def clear_spools(paths: Paths) -> None:
    """Delete what is left of rows that were never landed."""
    shutil.rmtree(paths.landing / _FOLDER, ignore_errors=True)
