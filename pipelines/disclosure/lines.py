"""Lines of a year's accounts as atoms, and what ties the months' pay to them.

A line is a unit's accounts in one group of arts in one year. The months that metrics show add up to
lines, closing entries aside; the lines add up to the unit's total and to the municipality's lines.
"""

import polars as pl

from pipelines.disclosure.measures import MONEY
from pipelines.disclosure.ties import next_row

_ADDS_UP = 1.0
# the lines that a month's component is a part of; all of operations
_LINES_OF: dict[str, tuple[str, ...] | None] = {
    "overtime_nok": ("overtime",),
    "substitute_nok": ("substitute",),
    "sick_pay_refund_nok": ("sick_pay_refund",),
    "fixed_pay_nok": ("base_pay",),
    "pay_gross_nok": ("base_pay", "other_pay", "overtime", "substitute", "social"),
    "accounts_nok": None,
}
NOT_OPERATIONS = ("transfers_in", "finance_in", "finance_out")
LINES = """
select
    totals.scope_id as unit_id,
    '' as sector,
    totals.art_group as component,
    make_date(totals.year, 1, 1) as month,
    totals.accounts_nok as truth
from intermediate.int_ledger__year_totals as totals
where totals.scope_type = 'unit' and totals.art_group not in ('all', 'operations')
    and totals.accounts_nok is not null
"""


def with_lines(
    lines: pl.DataFrame, atoms: pl.DataFrame, ties: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Add the lines of the accounts to the atoms, and what ties months to them.

    Args:
        lines: What ``LINES`` reads.
        atoms: See ``atoms.Truth``.
        ties: See ``atoms.Truth``.

    Returns:
        Atoms and ties with the new ones last; a line's month is its year's January.
    """
    infinity = float("inf")
    lines = lines.with_columns(
        component=pl.format("line:{}", "component"),
        family=pl.lit(MONEY),
        # readers know which lines are income
        lower=pl.when(pl.col("truth") < 0).then(-infinity).otherwise(0.0),
        upper=pl.when(pl.col("truth") < 0).then(0.0).otherwise(infinity),
    ).sort("month", "unit_id", "component")
    atoms = pl.concat([atoms, _numbered(lines, atoms)])
    for component, parts in _LINES_OF.items():
        atoms, ties = _tie(atoms, ties, component, parts)
    return atoms, ties


def _numbered(rows: pl.DataFrame, atoms: pl.DataFrame) -> pl.DataFrame:
    return rows.with_columns(
        atom=pl.int_range(len(atoms), len(atoms) + len(rows), dtype=pl.UInt32)
    ).select(atoms.columns)


def _tie(
    atoms: pl.DataFrame, ties: pl.DataFrame, component: str, parts: tuple[str, ...] | None
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Lines less the months of a component: what is left over is closing entries, other arts."""
    year = ["unit_id", pl.col("month").dt.year().alias("year")]
    months = atoms.filter(pl.col("component") == component).group_by(year).agg(
        months="atom", paid=pl.col("truth").sum()
    )  # fmt: skip
    is_line = pl.col("component").str.starts_with("line:")
    is_part = (
        is_line & ~pl.col("component").is_in([f"line:{name}" for name in NOT_OPERATIONS])
        if parts is None
        else pl.col("component").is_in([f"line:{part}" for part in parts])
    )
    lines = (
        atoms.filter(is_part)
        .group_by(year)
        .agg(
            lines="atom", booked=pl.col("truth").sum(), month=pl.col("month").first(),
            sector=pl.col("sector").first(),
        )
    )  # fmt: skip
    rows = (
        lines.join(months, on=["unit_id", "year"])
        .with_columns(left=pl.col("booked") - pl.col("paid"))
        .sort("year", "unit_id")
        .with_row_index("row", offset=next_row(ties))
    )
    terms = [
        rows.select("row", atom="lines", coef=pl.lit(1.0)).explode("atom"),
        rows.select("row", atom="months", coef=pl.lit(-1.0)).explode("atom"),
    ]
    over = rows.filter(pl.col("left").abs() > _ADDS_UP)
    rest = _numbered(
        over.with_columns(
            component=pl.lit("(rest)"),
            family=pl.lit(MONEY),
            truth="left",
            lower=pl.lit(-float("inf")),
            upper=pl.lit(float("inf")),
        ),
        atoms,
    )
    terms.append(over.select("row", atom=rest["atom"], coef=pl.lit(-1.0)))
    return pl.concat([atoms, rest]), pl.concat([ties, *terms], how="vertical_relaxed")
