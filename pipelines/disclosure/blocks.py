"""Which blocks of figures, family by year, changed since the last edition.

A window over years is no block of its own: it hides nothing, since what is hidden is a month or a
year, and one that is the sum of what the same edition shows tells nothing that this does not.
"""

from collections.abc import Iterator

import duckdb
import polars as pl

from pipelines.disclosure.accounts import ECONOMY_TABLES
from pipelines.disclosure.atoms import Truth
from pipelines.disclosure.figures import (
    FIGURE_TABLES,
    KEY,
    MONTH_TABLE,
    YEAR_TABLE,
    spread,
    tables_there,
)
from pipelines.disclosure.measures import MONEY
from pipelines.warehouse.table_hash import table_hash

_DECIMALS = 4
_OF = ["level", "group_id", "metric_id", "side"]
_MONTHS = 12


def changed_blocks(
    con: duckdb.DuckDBPyConnection,
    truth: Truth,
    new: tuple[str, pl.DataFrame],
    old: tuple[str, pl.DataFrame],
) -> pl.DataFrame:
    """Return the families and years of which another figure is shown, or hidden, than before.

    A window counts with all its years when it tells more than the edition's months and years.

    Args:
        con: The open warehouse with the last edition attached.
        truth: For the metrics' families.
        new: Where the new tables are, and what ``read_published`` read there.
        old: The same of the last edition.

    Returns:
        ``family, year``.
    """
    (new_place, new_figures), (old_place, old_figures) = new, old
    told = ["table_name", *KEY, "figure"]
    one, other = (
        frame.with_columns(pl.col("figure").round(_DECIMALS))
        for frame in (new_figures, old_figures)
    )
    shown = one.join(other, on=told, how="anti", nulls_equal=True)
    gone = other.join(one, on=told, how="anti", nulls_equal=True)
    is_window = ~pl.col("table_name").is_in([MONTH_TABLE, YEAR_TABLE])
    windows = shown.filter(is_window & pl.col("figure").is_not_null())
    # what the last edition's windows told is known already
    parts = [*(frame.filter(~is_window) for frame in (shown, gone)), _telling(windows, one)]
    changed = pl.concat([part.select(told) for part in parts])
    years = changed.with_columns(
        year=pl.int_ranges(
            pl.col("first_month").dt.year(), pl.col("last_month").dt.year() + 1, dtype=pl.Int32
        )
    ).explode("year")
    blocks = years.join(families(truth), on="metric_id").select("family", "year")
    money = [
        (MONEY, year)
        for table in ECONOMY_TABLES
        for year in _changed_years(con, f"{new_place}.{table}", f"{old_place}.{table}")
    ]
    return pl.concat(
        [blocks, pl.DataFrame(money, schema=blocks.schema, orient="row")]
    ).unique().sort("family", "year")  # fmt: skip


def _telling(windows: pl.DataFrame, figures: pl.DataFrame) -> pl.DataFrame:
    """Return the windows that are not the sum of the years and months shown of the same."""
    shown = figures.filter(pl.col("figure").is_not_null())
    year = pl.col("first_month").dt.year().alias("year")
    years = shown.filter(pl.col("table_name") == YEAR_TABLE).select(
        *_OF, year, of_year="figure"
    ).unique([*_OF, "year"])  # fmt: skip
    months = shown.filter(pl.col("table_name") == MONTH_TABLE).select(
        *_OF, month="first_month", of_month="figure"
    ).unique([*_OF, "month"])  # fmt: skip
    windows = windows.with_row_index("window")
    is_whole = (pl.col("n") == _MONTHS) & pl.col("of_year").is_not_null()
    summed = (
        spread(windows)
        .with_columns(year=pl.col("month").dt.year())
        .join(months, on=[*_OF, "month"], how="left")
        .join(years, on=[*_OF, "year"], how="left")
        .group_by("window", "year")
        .agg(
            n=pl.len(),
            of_months=pl.when(pl.col("of_month").is_not_null().all()).then(pl.sum("of_month")),
            of_year=pl.col("of_year").first(),
        )
        .with_columns(part=pl.when(is_whole).then("of_year").otherwise("of_months"))
        .group_by("window")
        .agg(total=pl.when(pl.col("part").is_not_null().all()).then(pl.sum("part")))
    )
    is_sum = (pl.col("total") - pl.col("figure")).abs() <= pl.col("slack")
    return windows.join(summed, on="window").filter(~is_sum.fill_null(value=False))


def is_told_again(con: duckdb.DuckDBPyConnection, new: str, old: str) -> bool:
    """Tell whether two places tell the attacker the same, row for row: then no block has changed.

    Args:
        con: The open warehouse with the last edition attached.
        new: Where the new tables are.
        old: Where the last edition's are.
    """
    there, before = tables_there(con, new), tables_there(con, old)
    read = [name for name in (*FIGURE_TABLES, *ECONOMY_TABLES) if name in there | before]
    return all(
        name in there
        and name in before
        and table_hash(con, f"{new}.{name}") == table_hash(con, f"{old}.{name}")
        for name in read
    )


def families(truth: Truth) -> pl.DataFrame:
    """Return the family every metric is attacked in: ``metric_id, family``."""
    return truth.metrics.select("metric_id", "family")


def _changed_years(con: duckdb.DuckDBPyConnection, new: str, old: str) -> Iterator[int]:
    for table in (new, old):
        place, _, name = table.rpartition(".")
        if name not in tables_there(con, place):
            other = old if table == new else new
            yield from _years(con, f"select distinct year from {other}")
            return
    columns = ", ".join(
        name
        for (name,) in con.execute(f"select column_name from (describe {new})").fetchall()
        if name.endswith("_nok") or name in {"scope_type", "scope_id", "unit_id", "year"}
    )
    try:
        yield from _years(
            con,
            f"select distinct year from ((select {columns} from {new} except all"
            f" select {columns} from {old}) union all (select {columns} from {old} except all"
            f" select {columns} from {new}))",
        )
    except duckdb.BinderException:
        # the last edition has other columns
        yield from _years(con, f"select distinct year from {new}")


def _years(con: duckdb.DuckDBPyConnection, sql: str) -> list[int]:
    return sorted(int(year) for (year,) in con.execute(sql).fetchall())
