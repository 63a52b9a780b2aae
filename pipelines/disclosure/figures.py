"""What is published, read as sums of atoms: which figures are shown, and which are hidden.

A figure is one side of a metric of a group over a span of months: months, calendar years, and the
windows before and after an introduction are read alike. Accounts are read in ``accounts``.
"""

from collections.abc import Iterator

import duckdb
import polars as pl

from pipelines.disclosure.atoms import Truth

KEY = ["level", "group_id", "metric_id", "side", "first_month", "last_month"]
MONTH_TABLE = "fct_metric_months"
YEAR_TABLE = "mart_metric_years"
# a published value has six decimals, which its denominator multiplies
_SAME = 1e-3
_SAME_VALUE = 1e-6
_SIDES = ("numerator", "denominator")

_SOURCES = {
    MONTH_TABLE: """
select 'fct_metric_months' as table_name, level, group_id, metric_id,
    month as first_month, month as last_month, t.numerator, t.denominator, t.value,
    case when t.suppression_reason = 'few_behind' then v.suppression_reason
        else t.suppression_reason end as reason,
    t.missing_reason is not distinct from 'negative_denominator' as is_without_meaning
from {place}.fct_metric_months as t
left join intermediate.int_metric_months_visible as v using (level, group_id, metric_id, month)
""",
    YEAR_TABLE: """
select 'mart_metric_years' as table_name, level, group_id, metric_id,
    make_date(year, 1, 1) as first_month, make_date(year, 12, 1) as last_month,
    t.numerator, t.denominator, t.value,
    case when t.suppression_reason = 'few_behind' then v.suppression_reason
        else t.suppression_reason end as reason,
    t.missing_reason is not distinct from 'negative_denominator' as is_without_meaning
from {place}.mart_metric_years as t
left join intermediate.int_metric_years_visible as v using (level, group_id, metric_id, year)
""",
    "mart_before_after": """
select 'mart_before_after' as table_name, 'unit' as level, unit_id as group_id, metric_id,
    baseline_first_month as first_month, baseline_last_month as last_month,
    numerator_before as numerator, denominator_before as denominator, value_before as value,
    null::varchar as reason, false as is_without_meaning
from {place}.mart_before_after
where n_before > 0
union all
select 'mart_before_after' as table_name, 'unit' as level, unit_id as group_id, metric_id,
    after_first_month as first_month, after_last_month as last_month,
    numerator_after as numerator, denominator_after as denominator, value_after as value,
    null::varchar as reason, false as is_without_meaning
from {place}.mart_before_after
where n_after > 0
""",
    "mart_baselines": """
select 'mart_baselines' as table_name, 'unit' as level, unit_id as group_id, metric_id,
    first_month, last_month, numerator, denominator, value,
    null::varchar as reason, false as is_without_meaning
from {place}.mart_baselines
where n_restated_months = 0
""",
}


FIGURE_TABLES = tuple(_SOURCES)
"""The tables figures are read from."""

FOR_OTHERS = ("secondary", "split_sibling")
"""Reasons of a unit's figure that is hidden for others' sake, or because a part of it is."""


def read_published(con: duckdb.DuckDBPyConnection, place: str, truth: Truth) -> pl.DataFrame:
    """Read every published figure that atoms are in.

    Args:
        con: The open warehouse, with the published file attached if it is read from there.
        place: Where the tables are: ``marts``, or the attached file's ``catalog.main``.
        truth: For the metrics.

    Returns:
        ``table_name, level, group_id, metric_id, side, first_month, last_month, figure, slack,
        reason, is_without_meaning, has_value``; the figure is NULL where it is hidden, for that
        reason, and where the ratio has no meaning.
    """
    found = pl.concat(list(_tables(con, place)), how="vertical_relaxed")
    found = found.join(truth.metrics.select("metric_id", "scale"), on="metric_id")
    exact = pl.coalesce(
        pl.col("value") * pl.col("denominator") / pl.col("scale"), pl.col("numerator")
    )
    slack = _SAME + _SAME_VALUE * (pl.col("denominator") / pl.col("scale")).abs().fill_null(0.0)
    sides = [
        found.select(
            "table_name", *(name for name in KEY if name != "side"),
            side=pl.lit(side),
            figure=exact if side == "numerator" else pl.col("denominator"),
            slack=slack,
            reason="reason",
            is_without_meaning="is_without_meaning",
            has_value=pl.col("value").is_not_null(),
        )
        for side in _SIDES
    ]  # fmt: skip
    made_of_atoms = truth.parts.select("metric_id", "side").unique()
    return pl.concat(sides).join(made_of_atoms, on=["metric_id", "side"], how="semi")


def tables_there(con: duckdb.DuckDBPyConnection, place: str) -> frozenset[str]:
    """Return the names of the tables and views in a schema, or in an attached file's."""
    catalog, _, schema = place.rpartition(".")
    rows = con.execute(
        "select table_name from information_schema.tables where table_schema = ?"
        " and table_catalog = coalesce(nullif(?, ''), current_database())",
        [schema, catalog],
    ).fetchall()
    return frozenset(name for (name,) in rows)


def _tables(con: duckdb.DuckDBPyConnection, place: str) -> Iterator[pl.DataFrame]:
    there = tables_there(con, place)
    for name, sql in _SOURCES.items():
        if name in there:
            yield con.sql(sql.format(place=place)).pl()


def shown_sums(published: pl.DataFrame, truth: Truth) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return what is shown as rows of atoms, and what could not be understood.

    A span is the sum of all its months, of those that are shown themselves, or of those of these
    whose ratio has a meaning; which one, its figure tells. The last two say nothing new.

    Returns:
        Terms ``row, atom, coef``, and the figures that are neither: ``table_name`` and key.
    """
    shown = published.filter(pl.col("figure").is_not_null())
    is_month = pl.col("first_month") == pl.col("last_month")
    months = shown.filter(is_month).with_columns(month="first_month")
    place = ["level", "group_id", "metric_id", "side", "month"]
    seen = (
        months.group_by(place, maintain_order=True)
        .agg(is_valued=pl.col("has_value").any())
        .with_columns(is_seen=pl.lit(value=True))
    )
    true = truth.cells.select(*place, "true")
    odd_months = months.join(true, on=place, how="left").filter(
        (pl.col("true") - pl.col("figure")).abs().fill_null(float("inf")) > pl.col("slack")
    )
    spans = shown.filter(~is_month).unique([*KEY, "figure"]).with_row_index("span")
    summed = (
        # a line per month: nothing goes with it that is not asked
        spread(spans.select("span", *KEY))
        .join(true, on=place)
        .join(seen, on=place, how="left")
        .group_by("span")
        .agg(
            all=pl.col("true").sum(),
            seen=pl.col("true").filter(pl.col("is_seen")).sum(),
            valued=pl.col("true").filter(pl.col("is_valued")).sum(),
        )
    )
    judged = spans.join(summed, on="span", how="left").with_columns(
        is_seen=pl.min_horizontal(
            (pl.col(name) - pl.col("figure")).abs() for name in ("seen", "valued")
        )
        <= pl.col("slack"),
        is_all=(pl.col("all") - pl.col("figure")).abs() <= pl.col("slack"),
    )
    odd_spans = judged.filter(~(pl.col("is_seen") | pl.col("is_all")).fill_null(value=False))
    whole = judged.filter(pl.col("is_all") & ~pl.col("is_seen"))
    rows = pl.concat([months.select(KEY), whole.select(KEY)]).unique(maintain_order=True)
    odd = pl.concat([frame.select("table_name", *KEY) for frame in (odd_months, odd_spans)])
    return _terms(rows, seen.drop("is_valued"), truth), odd


def spread(figures: pl.DataFrame) -> pl.DataFrame:
    """Return one line per month of each figure's span, with ``month``."""
    return figures.with_columns(
        month=pl.date_ranges("first_month", "last_month", interval="1mo")
    ).explode("month")


def _terms(rows: pl.DataFrame, seen: pl.DataFrame, truth: Truth) -> pl.DataFrame:
    """Terms of every row, less what smaller groups and shorter spans show of it."""
    lines = spread(rows.with_row_index("row"))
    is_span = pl.col("first_month") != pl.col("last_month")
    # months that are shown for the same group are taken out of its years
    lines = lines.join(seen, on=["level", "group_id", "metric_id", "side", "month"], how="left")
    lines = lines.filter(~(is_span & pl.col("is_seen").fill_null(value=False))).select(
        "row", "level", "group_id", "metric_id", "side", "month"
    )
    # and sectors that are shown out of the municipality
    sectors = seen.filter(pl.col("level") == "sector").select(
        "metric_id", "side", "month", pl.col("group_id").alias("sector"), "is_seen"
    )
    units = units_of(lines, truth).join(
        sectors, on=["metric_id", "side", "month", "sector"], how="left"
    )
    is_out = (pl.col("level") == "municipality") & pl.col("is_seen").fill_null(value=False)
    of_atoms = ("row", "unit_id", "metric_id", "side", "month")
    return distinct(atoms_of(units.filter(~is_out).select(of_atoms), truth, "row"))


def distinct(terms: pl.DataFrame) -> pl.DataFrame:
    """Leave out rows that say what another says, or so many times it.

    Args:
        terms: ``row, atom, coef``.
    """
    # a sum of its atoms' random shares tells a row from every other
    shares = pl.col("atom").hash(seed=0).cast(pl.Float64) / 2.0**64
    ordered = terms.sort("row", "atom").with_columns(share=shares)
    told = ordered.group_by("row", maintain_order=True).agg(
        first=pl.col("atom").first(),
        n=pl.len(),
        sum=(pl.col("share") * pl.col("coef") / pl.col("coef").first()).sum().round(9),
        last=pl.col("atom").last(),
    )
    kept = told.unique(["first", "last", "n", "sum"], keep="first", maintain_order=True)
    return terms.join(kept, on="row", how="semi")


def units_of(lines: pl.DataFrame, truth: Truth) -> pl.DataFrame:
    """Return every unit that is in each line's group and has figures in its month."""
    units = truth.cells.filter(pl.col("level") == "unit").select(
        "sector", "metric_id", "side", "month", unit_id="group_id"
    )
    on = ["metric_id", "side", "month"]
    by_level = [
        lines.filter(pl.col("level") == "unit").join(
            units.with_columns(group_id="unit_id"), on=[*on, "group_id"]
        ),
        lines.filter(pl.col("level") == "sector").join(
            units.with_columns(group_id="sector"), on=[*on, "group_id"]
        ),
        lines.filter(pl.col("level") == "municipality").join(units, on=on),
    ]
    return pl.concat([frame.select(sorted(frame.columns)) for frame in by_level])


def atoms_of(units: pl.DataFrame, truth: Truth, line: str) -> pl.DataFrame:
    """Return the atoms in each line's units and months: ``line, atom, coef``."""
    atoms = truth.atoms.select("atom", "unit_id", "component", "month")
    return (
        units.with_columns(year=pl.col("month").dt.year())
        .join(truth.parts, on=["metric_id", "side", "year"])
        .join(atoms, on=["unit_id", "component", "month"])
        .select(line, "atom", "coef")
    )
