"""What the tables of accounts show and hide: lines of units and of the municipality, year by year.

The lines themselves, and what ties the months' pay to them, are in ``lines``.
"""

import duckdb
import polars as pl

from pipelines.disclosure.figures import FOR_OTHERS, tables_there
from pipelines.disclosure.lines import NOT_OPERATIONS

# lines that say what persons are paid, or that somebody was away
PAY_LINES = ("base_pay", "other_pay", "overtime", "substitute", "social", "sick_pay_refund")
ECONOMY = "mart_economy"
_TOTALS = "mart_economy_totals"
ECONOMY_TABLES = (ECONOMY, _TOTALS)
# what other columns of the tables say of a line
_COLUMNS = {
    "substitute_nok": "substitute",
    "sick_pay_refund_nok": "sick_pay_refund",
    "overtime_nok": "overtime",
    "base_pay_nok": "base_pay",
}


def shown_lines(
    con: duckdb.DuckDBPyConnection, place: str, atoms: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return what the tables of accounts show as rows of atoms, and which lines they show.

    Returns:
        Terms ``row, atom, coef`` and the shown lines ``unit_id, month, component`` of units.
    """
    shown = _shown(con, place)
    lines = atoms.filter(pl.col("component").str.starts_with("line:")).select(
        "atom", "unit_id", "month", line=pl.col("component").str.strip_prefix("line:")
    )
    sums = shown.filter(pl.col("line").is_in(["all", "operations"]))
    single = shown.join(sums, on=["scope", "unit_id", "month", "line"], how="anti")
    of_units = single.filter(pl.col("scope") == "unit")
    of_all = single.filter(pl.col("scope") == "municipality").with_row_index("row")
    of_sums = sums.filter(pl.col("scope") == "unit").with_row_index("row", offset=len(of_all))
    own = of_units.with_row_index("row", offset=len(of_all) + len(of_sums))
    in_all = lines.join(of_all.drop("unit_id"), on=["month", "line"])
    in_sums = lines.join(
        of_sums.rename({"line": "sum"}), on=["unit_id", "month"]
    ).filter((pl.col("sum") == "all") | ~pl.col("line").is_in(NOT_OPERATIONS))  # fmt: skip
    in_own = lines.join(own, on=["unit_id", "month", "line"])
    terms = pl.concat([frame.select("row", "atom") for frame in (in_all, in_sums, in_own)])
    return terms.with_columns(coef=pl.lit(1.0)), of_units.select("unit_id", "month", "line")


def _shown(con: duckdb.DuckDBPyConnection, place: str) -> pl.DataFrame:
    """List every line some column of the two tables shows: ``scope, unit_id, month, line``."""
    empty = pl.DataFrame(
        schema={"scope": pl.String, "unit_id": pl.String, "month": pl.Date, "line": pl.String}
    )
    there = tables_there(con, place)
    found = [empty]
    if ECONOMY in there:
        table = con.sql(f"select *, 'unit' as scope from {place}.{ECONOMY}").pl()
        found += _told(table)
    if _TOTALS in there:
        table = con.sql(
            f"select *, scope_type as scope from {place}.{_TOTALS}"
        ).pl().with_columns(unit_id="scope_id")  # fmt: skip
        found += _told(table)
    return pl.concat(found).unique(maintain_order=True)


def _told(table: pl.DataFrame) -> list[pl.DataFrame]:
    month = pl.date(pl.col("year"), 1, 1)
    is_told = pl.col("accounts_nok").is_not_null() | (
        pl.col("deviation_nok").is_not_null() & pl.col("revised_budget_nok").is_not_null()
    )
    keys = ["scope", "unit_id"]
    frames = [
        table.filter(is_told).select(*keys, month=month, line="art_group"),
    ]
    columns = {name: line for name, line in _COLUMNS.items() if name in table.columns}
    for name, line in columns.items():
        frames.append(
            table.filter(pl.col(name).is_not_null()).select(
                *keys, month=month, line=pl.lit(line)
            )
        )  # fmt: skip
    if {"overtime_pct", "overtime_nok"} <= set(table.columns):
        both = pl.col("overtime_pct").is_not_null() & pl.col("overtime_nok").is_not_null()
        frames.append(table.filter(both).select(*keys, month=month, line=pl.lit("base_pay")))
    # one of two and their sum say the other
    if {"substitute_net_nok", "substitute_nok", "sick_pay_refund_nok"} <= set(table.columns):
        parts = ("substitute_nok", "sick_pay_refund_nok")
        for told, other in (parts, parts[::-1]):
            rows = table.filter(
                pl.col("substitute_net_nok").is_not_null() & pl.col(told).is_not_null()
            )
            frames.append(rows.select(*keys, month=month, line=pl.lit(_COLUMNS[other])))
    return frames


def lines_for_others(con: duckdb.DuckDBPyConnection, place: str) -> pl.DataFrame:
    """List the lines of units hidden for others' sake: ``unit_id, month, line``.

    Such a line may follow from its unit's own months, which are shown.
    """
    key = {"unit_id": pl.String, "month": pl.Date, "line": pl.String}
    if ECONOMY not in tables_there(con, place):
        return pl.DataFrame(schema=key)
    table: pl.DataFrame = con.sql(f"select * from {place}.{ECONOMY}").pl()
    if "suppression_reason" not in table.columns:
        return pl.DataFrame(schema=key)
    found = table.filter(pl.col("suppression_reason").is_in(FOR_OTHERS))
    return found.select("unit_id", month=pl.date(pl.col("year"), 1, 1), line="art_group")


def hidden_lines(
    atoms: pl.DataFrame, shown: pl.DataFrame, for_others: pl.DataFrame
) -> pl.DataFrame:
    """List the lines of pay that are not shown: ``atom, unit_id, month, line, is_secret``.

    A line in which nothing is booked for any unit (other pay in January) is no secret of one: it
    says of the accounts that it is not there yet.
    """
    key = ["unit_id", "month", "line"]
    is_booked = (pl.col("truth").abs().max() > 0).over("month", "component")
    return (
        atoms.filter(pl.col("component").str.starts_with("line:"))
        .filter(is_booked)
        .select("atom", "unit_id", "month", line=pl.col("component").str.strip_prefix("line:"))
        .filter(pl.col("line").is_in(PAY_LINES))
        .join(shown, on=key, how="anti")
        .join(for_others.unique().with_columns(is_secret=pl.lit(value=False)), on=key, how="left")
        .with_columns(pl.col("is_secret").fill_null(value=True))
        .sort("month", "unit_id", "line")
    )
