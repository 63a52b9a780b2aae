"""The atoms of the attack: every figure about persons of a unit and month, as it truly is.

Read from before anything is hidden. An atom is one component (days of sick leave, days of a part of
it, kroner of substitutes) of one unit and month; what else figures are made of (staff, agreed days)
is taken as known to everybody, which makes the attacker stronger than most. Figures of larger
groups and longer periods are sums of atoms. How a year's accounts hang together is in ``lines``.
"""

from dataclasses import dataclass

import duckdb
import polars as pl

from pipelines.disclosure.lines import LINES, MONEY, with_lines
from pipelines.disclosure.ties import tied, within

# components that are kroner of pay, and the sign accounts give them
PAY = {
    "overtime_nok": 1,
    "substitute_nok": 1,
    "sick_pay_refund_nok": -1,
    "fixed_pay_nok": 1,
    "pay_gross_nok": 1,
}
INCOME = tuple(name for name, sign in PAY.items() if sign < 0)
_ROUNDED = 1e-6
# measures that are sums of such components
_SUMS_OF_PAY = {"pay_net_nok": ("pay_gross_nok", "sick_pay_refund_nok")}

_METRICS = """
select
    metrics.metric_id,
    metrics.scale,
    metrics.is_about_persons,
    metrics.split_of,
    coalesce(metrics.split_group, '') as split_group,
    metrics.lower_bound,
    metrics.upper_bound,
    list({'role': parts.role, 'measure': parts.measure_id, 'sign': parts.sign}
        order by parts.role, parts.measure_id) as measures
from municipality.metrics as metrics
inner join municipality.metric_measures as parts on metrics.metric_id = parts.metric_id
group by all
order by metrics.metric_id
"""

# units with what they count as in their groups' sums
LEVELS = """
select 'unit' as level, unit_id as group_id, sector, metric_id, month, numerator, denominator
from intermediate.int_counted_unit_months
where is_counted and numerator is not null
union all
select level, group_id, sector, metric_id, month, numerator, denominator
from intermediate.int_metric_levels
where level <> 'unit' and has_data and numerator is not null
"""

_PAY = f"""
select unit_id, month, {", ".join(PAY)}
from intermediate.int_ledger__unit_months
where accounts_nok is not null
"""

# what a krone of overtime and of substitutes counts as in the paid FTE of its year
_PER_FTE = """
select
    levels.year,
    12 / (profile.fte_pay_nok * levels.price_level) as substitute_fte,
    12 / (profile.fte_pay_nok * levels.price_level * profile.overtime_pay_factor) as overtime_fte
from intermediate.int_price_levels as levels
cross join municipality.profile as profile
"""


@dataclass(frozen=True)
class Truth:
    """What is known on the restricted side.

    Attributes:
        metrics: ``metric_id, scale, is_about_persons, split_of, split_group, is_nok``, those that
            are made of atoms.
        parts: What a metric's numerator and denominator are made of: ``metric_id, side, year,
            component, coef``.
        cells: True figures on every level: ``level, group_id, sector, metric_id, month, side,
            true``.
        atoms: ``atom, unit_id, sector, component, family, month, truth, lower, upper``.
        ties: Rows that hold whatever is published: ``row, atom, coef``.
        within: Metrics that lie within another part, and which.
    """

    metrics: pl.DataFrame
    parts: pl.DataFrame
    cells: pl.DataFrame
    atoms: pl.DataFrame
    ties: pl.DataFrame
    within: dict[str, str]


@dataclass(frozen=True)
class Sources:
    """What the truth is made of, as the warehouse has it.

    Attributes:
        metrics: ``metric_id, scale, is_about_persons, split_of, split_group, lower_bound,
            upper_bound, measures`` (a list of ``role, measure, sign``).
        levels: ``level, group_id, sector, metric_id, month, numerator, denominator``.
        per_fte: ``year, substitute_fte, overtime_fte``: what a krone counts as.
        pay: ``unit_id, month`` and the columns of ``PAY``.
        lines: A year's accounts by unit, see ``lines``.
    """

    metrics: pl.DataFrame
    levels: pl.DataFrame
    per_fte: pl.DataFrame
    pay: pl.DataFrame
    lines: pl.DataFrame


def read_truth(con: duckdb.DuckDBPyConnection) -> Truth:
    """Read every true figure that metrics about persons and pay are made of.

    Args:
        con: The open warehouse.
    """
    return truth_of(
        Sources(
            metrics=con.sql(_METRICS).pl(),
            levels=con.sql(LEVELS).pl(),
            per_fte=con.sql(_PER_FTE).pl(),
            pay=con.sql(_PAY).pl(),
            lines=con.sql(LINES).pl(),
        )
    )


def truth_of(sources: Sources) -> Truth:
    """Make atoms, and what ties them, of true figures."""
    years = sources.levels["month"].dt.year().unique().sort().to_list()
    parts = _parts(sources.metrics, sources.per_fte, years)
    metrics = sources.metrics.filter(
        pl.col("metric_id").is_in(parts["metric_id"].unique().to_list())
    ).with_columns(
        is_nok=pl.col("metric_id").is_in(
            parts.filter(pl.col("component").is_in(list(PAY)))["metric_id"].unique().to_list()
        ),
    )
    levels = sources.levels.join(metrics, on="metric_id", how="semi")
    cells = pl.concat(
        [
            levels.select(
                "level", "group_id", "sector", "metric_id", "month",
                side=pl.lit(side), true=side,
            )
            for side in ("numerator", "denominator")
        ]
    ).filter(pl.col("true").is_not_null())  # fmt: skip
    atoms = pl.concat([_measured(metrics, levels), _pay(sources.pay, levels)])
    atoms = atoms.sort("family", "month", "unit_id", "component").with_row_index("atom")
    atoms, ties = with_lines(sources.lines, *tied(atoms, metrics))
    return Truth(
        metrics.drop("measures", "lower_bound", "upper_bound"),
        parts,
        cells,
        atoms,
        ties,
        within(metrics),
    )


def _parts(metrics: pl.DataFrame, per_fte: pl.DataFrame, years: list[int]) -> pl.DataFrame:
    """Say of every metric which atoms its two sides are made of; what is known is left out."""
    rows: list[tuple[str, str, int, str, float]] = []
    totals = {
        metric["measures"][-1]["measure"]: metric["metric_id"]
        for metric in metrics.iter_rows(named=True)
        if metric["is_about_persons"] and not metric["split_of"] and not _is_pay(metric)
    }
    coef = {row["year"]: row for row in per_fte.iter_rows(named=True)}
    for metric in metrics.iter_rows(named=True):
        own = _own_component(metric)
        if own is not None:
            rows += [(metric["metric_id"], "numerator", year, *own) for year in years]
        for part in metric["measures"]:
            if own is not None and part["role"] == "numerator":
                continue
            key = (metric["metric_id"], part["role"])
            for year in years:
                made = _components(part["measure"], totals, coef.get(year, {}))
                rows += [(*key, year, name, part["sign"] * share) for name, share in made]
    return pl.DataFrame(
        rows,
        schema={
            "metric_id": pl.String, "side": pl.String, "year": pl.Int32, "component": pl.String,
            "coef": pl.Float64,
        },
        orient="row",
    )  # fmt: skip


def _own_component(metric: dict[str, object]) -> tuple[str, float] | None:
    """A metric about persons that is no pay is a component itself; a complement is its total."""
    if not metric["is_about_persons"] or _is_pay(metric):
        return None
    if metric["split_group"] == "complement":
        return str(metric["split_of"]), -1.0
    return str(metric["metric_id"]), 1.0


def _is_pay(metric: dict[str, object]) -> bool:
    measures = metric["measures"]
    assert isinstance(measures, list)  # noqa: S101 - a list column
    return any(part["measure"] in PAY or part["measure"] in _SUMS_OF_PAY for part in measures)


def _components(
    measure: str, totals: dict[str, str], per_fte: dict[str, float]
) -> list[tuple[str, float]]:
    if measure in totals:
        return [(totals[measure], 1.0)]
    if measure in PAY:
        return [(measure, 1.0)]
    if measure in _SUMS_OF_PAY:
        return [(name, 1.0) for name in _SUMS_OF_PAY[measure]]
    if measure in per_fte:
        return [(measure.replace("_fte", "_nok"), per_fte[measure])]
    return []


def _measured(metrics: pl.DataFrame, levels: pl.DataFrame) -> pl.DataFrame:
    """Atoms of the metrics about persons that are no pay."""
    own = metrics.filter(
        pl.col("is_about_persons") & ~pl.col("is_nok") & (pl.col("split_group") != "complement")
    ).with_columns(family=pl.coalesce("split_of", "metric_id"))
    own = own.with_columns(known=pl.col("measures").list.eval(
        pl.element().filter(pl.element().struct.field("role") == "denominator")
        .struct.field("measure")
    ))  # fmt: skip
    totals = own.filter(pl.col("metric_id") == pl.col("family"))
    own = own.join(totals.select("family", total_known="known"), on="family", how="left")
    found = levels.filter(pl.col("level") == "unit").join(own, on="metric_id")
    # the denominator may itself be hidden (days of sick leave): then it limits nothing by itself
    is_known = pl.col("known") == pl.col("total_known")
    limit = pl.when(is_known).then(pl.col("denominator") / pl.col("scale"))
    # of those that are no share of anything, no more than all persons can be counted
    upper = pl.when(pl.col("upper_bound").is_null() & is_known).then(
        pl.col("denominator")
    ).otherwise(pl.col("upper_bound") * limit)  # fmt: skip
    lower = pl.coalesce(pl.col("lower_bound") * limit, pl.lit(0.0))
    return found.select(
        "sector", "family", "month",
        unit_id="group_id",
        component="metric_id",
        truth="numerator",
        lower=_below(lower, "numerator"),
        upper=_above(upper.fill_null(float("inf")), "numerator"),
    ).select(_ATOM)  # fmt: skip


# where the truth is beyond what anybody takes for given, that tells nobody where it is
def _below(lower: pl.Expr, truth: str) -> pl.Expr:
    is_held = pl.col(truth) >= lower - _ROUNDED
    return pl.when(is_held).then(pl.min_horizontal(lower, truth)).otherwise(-float("inf"))


def _above(upper: pl.Expr, truth: str) -> pl.Expr:
    is_held = pl.col(truth) <= upper + _ROUNDED
    return pl.when(is_held).then(pl.max_horizontal(upper, truth)).otherwise(float("inf"))


_ATOM = ["unit_id", "sector", "component", "family", "month", "truth", "lower", "upper"]


def _pay(months: pl.DataFrame, levels: pl.DataFrame) -> pl.DataFrame:
    """Atoms of pay, of units and months that metrics show something of."""
    places = levels.filter(pl.col("level") == "unit").select(
        "sector", "month", unit_id="group_id"
    ).unique()  # fmt: skip
    found = (
        months.unpivot(index=["unit_id", "month"], variable_name="component", value_name="truth")
        .with_columns(pl.col("truth").cast(pl.Float64))
        .filter(pl.col("truth").is_not_null())
        .join(places, on=["unit_id", "month"], how="left")
    )
    is_income = pl.col("component").replace_strict(PAY, return_dtype=pl.Int32) < 0
    ends = {"lower": (-float("inf"), 0.0), "upper": (0.0, float("inf"))}
    return found.with_columns(
        pl.col("sector").fill_null(""),
        family=pl.lit(MONEY),
        lower=_below(
            pl.when(is_income).then(ends["lower"][0]).otherwise(ends["lower"][1]), "truth"
        ),
        upper=_above(
            pl.when(is_income).then(ends["upper"][0]).otherwise(ends["upper"][1]), "truth"
        ),
    ).select(_ATOM)
