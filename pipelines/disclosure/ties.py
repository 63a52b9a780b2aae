"""Rows that hold whatever is published: parts add up to their total, graded is within certified."""

from collections.abc import Iterator

import polars as pl

# a part that must lie within another part, by their measures
WITHIN = {"sick_days_graded": "sick_days_certified"}
_ADDS_UP = 1e-6
_KEY = ["unit_id", "sector", "family", "month"]


def next_row(rows: pl.DataFrame) -> int:
    """Return the number after the last ``row``."""
    return int(rows["row"].to_numpy().max()) + 1 if len(rows) else 0


def tied(atoms: pl.DataFrame, metrics: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the atoms, with one more for what each row leaves over, and the rows.

    Args:
        atoms: ``atom, unit_id, sector, component, family, month, truth, lower, upper``.
        metrics: ``metric_id, split_of, split_group, measures``.

    Returns:
        Atoms, and ``row, atom, coef``.
    """
    ties = [pl.DataFrame(schema={"row": pl.UInt32, "atom": pl.UInt32, "coef": pl.Float64})]
    n_rows = 0
    for whole, parts in _wholes(metrics):
        rows = _sums(atoms, whole, parts).with_row_index("row", offset=n_rows)
        n_rows += len(rows)
        terms = [
            rows.select("row", atom="whole", coef=pl.lit(1.0)),
            rows.select("row", atom="parts", coef=pl.lit(-1.0)).explode("atom"),
        ]
        if len(rows) and rows.select(pl.col("left").abs().max()).item() > _ADDS_UP:
            rest = rows.select(
                "row", *_KEY,
                atom=pl.int_range(len(atoms), len(atoms) + len(rows), dtype=pl.UInt32),
                component=pl.lit("(rest)"),
                truth="left",
                lower=pl.min_horizontal(pl.lit(0.0), "left"),
                upper=pl.lit(float("inf")),
            )  # fmt: skip
            atoms = pl.concat([atoms, rest.select(atoms.columns)])
            terms.append(rest.select("row", "atom", coef=pl.lit(-1.0)))
        ties += terms
    return atoms, pl.concat(ties, how="vertical_relaxed")


def _wholes(metrics: pl.DataFrame) -> Iterator[tuple[str, list[str]]]:
    """Yield every whole with parts that cannot be more than it."""
    groups = (
        metrics.filter(pl.col("split_of").is_not_null() & (pl.col("split_group") != "complement"))
        .group_by("split_of", "split_group", maintain_order=True)
        .agg("metric_id")
    )
    yield from groups.select("split_of", "metric_id").iter_rows()
    by_measure = within(metrics)
    yield from ((outer, [inner]) for inner, outer in by_measure.items())


def within(metrics: pl.DataFrame) -> dict[str, str]:
    """Return the metrics that lie within another part, and which."""
    by_measure = {
        part["measure"]: metric_id
        for metric_id, measures in metrics.select("metric_id", "measures").iter_rows()
        for part in measures
        if part["role"] == "numerator" and len(measures) <= 2  # noqa: PLR2004 - one on each side
    }
    return {
        by_measure[inner]: by_measure[outer]
        for inner, outer in WITHIN.items()
        if inner in by_measure and outer in by_measure
    }


def _sums(atoms: pl.DataFrame, whole: str, parts: list[str]) -> pl.DataFrame:
    """Whole and parts of every unit and month where all are delivered, and what is left over."""
    found = (
        atoms.filter(pl.col("component").is_in(parts))
        .group_by(_KEY)
        .agg(parts="atom", sum=pl.col("truth").sum())
        .filter(pl.col("parts").list.len() == len(parts))
    )
    wholes = atoms.filter(pl.col("component") == whole).select(*_KEY, "truth", whole="atom")
    return (
        found.join(wholes, on=_KEY).with_columns(left=pl.col("truth") - pl.col("sum")).sort("whole")
    )
