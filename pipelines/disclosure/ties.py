"""Rows that hold whatever is published: parts add up to their total, counts to no more than heads.

Which measures are parts of which is in ``measures``.
"""

from collections.abc import Sequence

import polars as pl

_ADDS_UP = 1e-6
_KEY = ["unit_id", "sector", "family", "month"]
_PLACE = ["metric_id", "unit_id", "month"]


def next_row(rows: pl.DataFrame) -> int:
    """Return the number after the last ``row``."""
    return int(rows["row"].to_numpy().max()) + 1 if len(rows) else 0


def tied(
    atoms: pl.DataFrame, wholes: Sequence[tuple[str, list[str]]], joint: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the atoms, with one more for what each row leaves over, and the rows.

    Args:
        atoms: ``atom, unit_id, sector, component, family, month, truth, lower, upper``.
        wholes: Components and the parts of each.
        joint: Components that together have an end: ``metric_id, unit_id, month, component,
            upper``.

    Returns:
        Atoms, and ``row, atom, coef``.
    """
    ties = [pl.DataFrame(schema={"row": pl.UInt32, "atom": pl.UInt32, "coef": pl.Float64})]
    n_rows = 0
    for whole, parts in wholes:
        rows = _sums(atoms, whole, parts).with_row_index("row", offset=n_rows)
        n_rows += len(rows)
        terms = [
            rows.select("row", atom="whole", coef=pl.lit(1.0)),
            rows.select("row", atom="parts", coef=pl.lit(-1.0)).explode("atom"),
        ]
        if len(rows) and rows.select(pl.col("left").abs().max()).item() > _ADDS_UP:
            atoms, over = _left_over(atoms, rows, "(rest)")
            terms.append(over)
        ties += terms
    rows = _under_one_end(atoms, joint).with_row_index("row", offset=n_rows)
    if len(rows):
        ties.append(rows.select("row", atom="parts", coef=pl.lit(-1.0)).explode("atom"))
        atoms, over = _left_over(atoms, rows, "(room)")
        ties.append(over)
    return atoms, pl.concat(ties, how="vertical_relaxed")


def _left_over(
    atoms: pl.DataFrame, rows: pl.DataFrame, name: str
) -> tuple[pl.DataFrame, pl.DataFrame]:
    rest = rows.select(
        "row", *_KEY,
        atom=pl.int_range(len(atoms), len(atoms) + len(rows), dtype=pl.UInt32),
        component=pl.lit(name),
        truth="left",
        lower=pl.min_horizontal(pl.lit(0.0), "left"),
        upper=pl.lit(float("inf")),
    )  # fmt: skip
    terms = rest.select("row", "atom", coef=pl.lit(-1.0))
    return pl.concat([atoms, rest.select(atoms.columns)]), terms


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


def _under_one_end(atoms: pl.DataFrame, joint: pl.DataFrame) -> pl.DataFrame:
    """Atoms that together have an end, and how far below it they truly are."""
    return (
        joint.filter(pl.col("upper").is_not_null())
        .join(atoms, on=["unit_id", "month", "component"], suffix="_own")
        .group_by(*_PLACE, "sector", "family", maintain_order=True)
        .agg(parts="atom", left=pl.col("upper").first() - pl.col("truth").sum())
        .filter(pl.col("left") >= 0)
        .sort(_PLACE)
    )
