"""The hidden figures of persons, as sums of atoms, and what their own visible totals say of them.

A month is hidden when there is a true figure and none is shown; a year when the table of years says
so. Windows before and after are sums of hidden and shown years, and protected when those are.
"""

from collections.abc import Sequence

import polars as pl

from pipelines.disclosure.accounts import ECONOMY
from pipelines.disclosure.atoms import Truth
from pipelines.disclosure.figures import (
    FOR_OTHERS,
    KEY,
    MONTH_TABLE,
    YEAR_TABLE,
    atoms_of,
    spread,
    units_of,
)
from pipelines.disclosure.names import by_name, pure_names

# hidden for others' sake, or because a part of it is: not a secret of its own
_FOR_OTHERS = {
    "unit": FOR_OTHERS,
    "group": (
        *FOR_OTHERS, "part_year", "not_settled", "months_hidden", "total_hidden", "few_units",
    ),
}  # fmt: skip
_SPAN = ["level", "group_id", "metric_id", "first_month", "last_month"]


def hidden_cells(editions: Sequence[pl.DataFrame], truth: Truth) -> pl.DataFrame:
    """List the hidden figures of all metrics about persons, both sides of each.

    Args:
        editions: From ``read_published``, the newest first; what an older one shows is known.
        truth: The truth, from ``named_truth``.

    Returns:
        ``cell, table_name, level, group_id, metric_id, side, first_month, last_month, is_nok,
        is_secret, highest``: the names figures go by; whether it is hidden for its own sake, and
        the most that its own visible totals allow. What visible figures of its own add up to is
        not there.
    """
    own = by_name(editions[0], truth).filter("is_own")
    shown = by_name(pl.concat(editions), truth).filter(pl.col("figure").is_not_null())
    months = (
        truth.cells.with_columns(first_month="month", last_month="month")
        .join(shown, on=KEY, how="anti")
        .join(_missing(own), on=KEY, how="anti")
    )
    cells = pl.concat(
        [months.select(*KEY, table_name=pl.lit(MONTH_TABLE)), _years(months, own, shown)]
    ).join(truth.metrics.filter(pl.col("is_about_persons")), on="metric_id")
    cells = cells.join(_told_by_their_own(cells, shown, truth), on=KEY, how="anti")
    cells = cells.join(_for_others(own), on=KEY, how="left").with_columns(
        is_secret=pl.col("is_for_others").is_null()
    )
    # a group that is hidden for its units' sake is no secret: they are judged themselves
    cells = cells.filter(pl.col("is_secret") | (pl.col("level") == "unit"))
    cells = cells.sort(KEY).with_row_index("cell")
    return cells.join(_highest(cells, shown, truth), on="cell", how="left").with_columns(
        pl.col("highest").fill_null(float("inf"))
    ).sort("cell")  # fmt: skip


def _years(months: pl.DataFrame, own: pl.DataFrame, shown: pl.DataFrame) -> pl.DataFrame:
    """Years that their table hides, and years of units of which no month is shown either."""
    # of what only stands below a line the months are judged, and years without any
    told = own.filter((pl.col("table_name") == YEAR_TABLE) & (pl.col("side") == "numerator"))
    january = pl.col("first_month").dt.truncate("1y")
    is_shown = shown.with_columns(first_month=january)
    year = ["level", "group_id", "metric_id", "side", "first_month"]
    dark = (
        months.filter(pl.col("level") == "unit")
        .with_columns(first_month=january, last_month=january.dt.offset_by("11mo"))
        .unique(year)
        .join(is_shown, on=year, how="anti")
        .join(told, on=KEY, how="anti")
    )
    hidden = told.filter(pl.col("figure").is_null()).join(shown, on=KEY, how="anti")
    hidden = hidden.join(_missing(own), on=KEY, how="anti")
    hidden = hidden.select(KEY).unique()
    return pl.concat(
        [
            hidden.select(*KEY, table_name=pl.lit(YEAR_TABLE)),
            dark.select(*KEY, table_name=pl.lit(MONTH_TABLE)),
        ]
    )


def _missing(own: pl.DataFrame) -> pl.DataFrame:
    """What is told as missing: a ratio without meaning, whose two sides are in the sums."""
    dark = own.filter(pl.col("figure").is_null())
    hidden = dark.filter(pl.col("reason").is_not_null())
    # one metric that would show it, had it a meaning, is enough: it tells of itself in the sums
    told = dark.filter("is_without_meaning")
    return pl.concat([dark.join(hidden, on=KEY, how="anti"), told]).select(KEY).unique()


def _for_others(own: pl.DataFrame) -> pl.DataFrame:
    """What every metric that counts it hides for others' sake; below the line, what any does."""
    is_for_others = (
        pl.when(pl.col("level") == "unit")
        .then(pl.col("reason").is_in(_FOR_OTHERS["unit"]))
        .otherwise(pl.col("reason").is_in(_FOR_OTHERS["group"]))
    )
    return (
        own.filter(pl.col("reason").is_not_null())
        .group_by(KEY)
        .agg(
            is_for_others=pl.when(pl.col("side").first() == "numerator")
            .then(is_for_others.all())
            .otherwise(is_for_others.any())
        )
        .filter("is_for_others")
    )


def _told_by_their_own(cells: pl.DataFrame, shown: pl.DataFrame, truth: Truth) -> pl.DataFrame:
    """Years of which all months are shown, and groups of which all smaller groups are."""
    lines = spread(cells.select(KEY))
    here = ["metric_id", "side", "month"]
    true = truth.cells.select("level", "group_id", "sector", *here)
    seen = shown.select(KEY).unique()
    months = seen.filter(pl.col("first_month") == pl.col("last_month")).select(
        "level", "group_id", "metric_id", "side", month="first_month"
    )
    dark = true.join(months, on=["level", "group_id", *here], how="anti")
    by_months = lines.join(dark.drop("sector"), on=["level", "group_id", *here])
    sectors = dark.filter(pl.col("level") == "sector").select(here).unique()
    is_all = pl.col("level") == "municipality"
    by_sectors = lines.filter(is_all).join(sectors, on=here)
    # a group's year by its units' years
    units = (
        units_of(lines.filter(pl.col("level") != "unit"), truth).select(*KEY, "unit_id").unique()
    )
    span = ["unit_id", "metric_id", "side", "first_month", "last_month"]
    of_units = seen.filter(pl.col("level") == "unit").rename({"group_id": "unit_id"})
    by_units = units.join(of_units.select(span), on=span, how="anti")
    is_group = cells.filter(pl.col("level") != "unit")
    told = [
        cells.select(KEY).join(by_months, on=KEY, how="anti"),
        cells.filter(is_all).select(KEY).join(by_sectors, on=KEY, how="anti"),
        is_group.select(KEY).join(by_units, on=KEY, how="anti"),
    ]
    return pl.concat(told).unique()


def _highest(cells: pl.DataFrame, shown: pl.DataFrame, truth: Truth) -> pl.DataFrame:
    """The least of a part's visible wholes: its total, the part it lies in, and its own year.

    A total less the parts that are shown is what the hidden parts of the same split add up to: the
    visible whole of each of them, as if the split were the coarser one that is shown.
    """
    place = ["cell", "level", "group_id", "split_group", "first_month", "last_month"]
    totals = _shown_totals(shown.join(pure_names(truth), on="metric_id", how="semi"), truth)
    counted = cells.filter(pl.col("side") == "numerator")
    parts = truth.metrics.filter(pl.col("split_of").is_not_null() & (pl.col("split_of") != ""))
    seen = (
        totals.join(parts.select("metric_id", "split_of", "split_group"), on="metric_id")
        .group_by("level", "group_id", "first_month", "last_month", "split_group", whole="split_of")
        .agg(seen=pl.col("true").sum())
    )
    is_month = pl.col("first_month") == pl.col("last_month")
    january = pl.col("first_month").dt.truncate("1y")
    wholes = [
        counted.filter(pl.col("split_of").is_not_null()).select(*place, whole="split_of"),
        counted.filter(pl.col("metric_id").is_in(list(truth.within))).select(
            *place, whole=pl.col("metric_id").replace(truth.within)
        ),
        counted.filter(is_month & ~pl.col("is_nok")).with_columns(
            first_month=january, last_month=january.dt.offset_by("11mo")
        ).select(*place, whole="metric_id"),
    ]  # fmt: skip
    own = (
        pl.concat(wholes)
        .join(
            totals,
            left_on=["level", "group_id", "whole", "first_month", "last_month"],
            right_on=_SPAN,
        )
        .join(seen, on=[*(name for name in place if name != "cell"), "whole"], how="left")
        .group_by("cell")
        .agg(highest=(pl.col("true") - pl.col("seen").fill_null(0.0)).min())
    )
    limits = [own, _by_units(cells, own, truth), _by_caps(cells, truth)]
    return pl.concat(limits).group_by("cell").agg(pl.col("highest").min())


def _by_units(cells: pl.DataFrame, own: pl.DataFrame, truth: Truth) -> pl.DataFrame:
    """The most a group's part can be by what each of its units' visible totals allow."""
    span = ["metric_id", "side", "first_month", "last_month"]
    lines = spread(cells.filter(pl.col("level") != "unit").select("cell", *KEY))
    units = units_of(lines, truth).select("cell", *span, "unit_id").unique()
    limits = cells.filter(pl.col("level") == "unit").join(own, on="cell").select(
        *span, "highest", unit_id="group_id"
    )  # fmt: skip
    return (
        units.join(limits, on=[*span, "unit_id"], how="left")
        .group_by("cell")
        .agg(pl.col("highest").fill_null(float("inf")).sum())
    )


def _by_caps(cells: pl.DataFrame, truth: Truth) -> pl.DataFrame:
    """The most that counts together can be: no more than everybody there is."""
    lines = cells.filter(pl.col("side") == "numerator").join(truth.caps, on="metric_id", how="semi")
    units = units_of(spread(lines.select("cell", *KEY)), truth)
    caps = units.join(truth.caps, on=["metric_id", "unit_id", "month"], how="left")
    return caps.group_by("cell").agg(highest=pl.col("upper").fill_null(float("inf")).sum())


def _shown_totals(shown: pl.DataFrame, truth: Truth) -> pl.DataFrame:
    """True figures of what is shown: months, years in the table, and years whose months all are."""
    true = truth.cells.filter(pl.col("side") == "numerator").select(
        "level", "group_id", "metric_id", "true", first_month="month", last_month="month"
    )
    is_month = pl.col("first_month") == pl.col("last_month")
    months = true.join(shown.filter(is_month), on=_SPAN, how="semi")
    year = [*_SPAN[:3], pl.col("first_month").dt.truncate("1y")]
    all_years = true.group_by(year).agg(pl.col("true").sum(), n=pl.len())
    seen_years = months.group_by(year).agg(n=pl.len())
    whole = all_years.join(seen_years, on=[*_SPAN[:4], "n"], how="semi")
    told = all_years.join(shown.filter(~is_month), on=_SPAN[:4], how="semi")
    years = pl.concat([whole, told]).with_columns(
        last_month=pl.col("first_month").dt.offset_by("11mo")
    )
    return pl.concat([months.select(*_SPAN, "true"), years.select(*_SPAN, "true").unique()])


def cell_terms(cells: pl.DataFrame, truth: Truth) -> pl.DataFrame:
    """Return the atoms every hidden figure is the sum of: ``cell, atom, coef``.

    The largest counts once, so that full-time posts of overtime are kroner and what is taken off
    what everybody knows is itself.
    """
    terms = atoms_of(units_of(spread(cells.select("cell", *KEY)), truth), truth, "cell")
    largest = terms.group_by("cell").agg(
        least=pl.col("coef").min(), most=pl.col("coef").max()
    ).select("cell", unit=pl.when(pl.col("most") > 0).then("most").otherwise("least"))  # fmt: skip
    return terms.join(largest, on="cell").select("cell", "atom", pl.col("coef") / pl.col("unit"))


def with_hidden_lines(
    cells: pl.DataFrame, terms: pl.DataFrame, lines: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Add the hidden lines of accounts to the hidden figures and to what these are the sums of."""
    rows = lines.select(
        cell=pl.int_range(len(cells), len(cells) + len(lines), dtype=pl.UInt32),
        atom="atom",
        table_name=pl.lit(ECONOMY),
        level=pl.lit("unit"),
        group_id="unit_id",
        metric_id="line",
        side=pl.lit("numerator"),
        first_month="month",
        last_month=pl.col("month").dt.offset_by("11mo"),
        is_nok=pl.lit(value=True),
        is_secret=pl.col("is_secret"),
        highest=pl.lit(float("inf")),
    )
    common = [name for name in rows.columns if name in cells.columns]
    return (
        pl.concat([cells.select(common), rows.select(common)]),
        pl.concat([terms, rows.select("cell", "atom", coef=pl.lit(1.0))], how="vertical_relaxed"),
    )
