"""The atoms of the attack: every figure about persons of a unit and month, as it truly is.

Read from before anything is hidden. An atom is one measure (days of sick leave, days of a part of
it, kroner of substitutes) of one unit and month, whichever metrics count it; what else figures are
made of (staff, agreed days) is taken as known to everybody, which makes the attacker stronger than
most. Figures of larger groups and longer periods are sums of atoms. Which measures metrics are made
of is in ``measures``, how a year's accounts hang together in ``lines``.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import duckdb
import polars as pl

from pipelines.contracts.measures import declared_measures
from pipelines.contracts.model import load_contracts
from pipelines.contracts.shapes import Measure
from pipelines.disclosure.lines import LINES, with_lines
from pipelines.disclosure.measures import (
    MONEY,
    PAY,
    capped,
    families_of,
    named_alike,
    parts_of,
    personal_measures,
    sides_of,
    wholes_of,
    within_metrics,
)
from pipelines.disclosure.ties import tied

_ROUNDED = 1e-6

_METRICS = """
select
    metrics.metric_id,
    metrics.scale,
    metrics.is_about_persons,
    metrics.split_of,
    coalesce(metrics.split_group, '') as split_group,
    metrics.lower_bound,
    metrics.upper_bound,
    metrics.is_count,
    list({'role': parts.role, 'measure': parts.measure_id, 'sign': parts.sign}
        order by parts.role, parts.measure_id) as measures,
    coalesce(
        (
            select list(services.service_type) from municipality.metric_services as services
            where services.metric_id = metrics.metric_id
        ), []
    ) as services
from municipality.metrics as metrics
inner join municipality.metric_measures as parts on metrics.metric_id = parts.metric_id
group by all
order by min(metrics.metric_order)
"""

# what is measured of metrics about persons, kroner left out
_MEASURES = """
select unit_id, month, measure_id as measure, value
from intermediate.int_measures_unioned
where measure_id in (
    select parts.measure_id
    from municipality.metric_measures as parts
    inner join municipality.metrics as metrics on parts.metric_id = metrics.metric_id
    where metrics.is_about_persons
)
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
        metrics: ``metric_id, scale, is_about_persons, split_of, split_group, is_nok, family``,
            those that are made of atoms.
        parts: What a metric's numerator and denominator are made of: ``metric_id, side, year,
            component, coef``.
        named: Figures that are the same sum of measures: ``metric_id, side, as_metric, as_side,
            is_pure``.
        cells: True figures on every level: ``level, group_id, sector, metric_id, month, side,
            true``.
        caps: The most that numerators of units can be: ``metric_id, unit_id, month, upper``.
        atoms: ``atom, unit_id, sector, component, family, month, truth, lower, upper``.
        ties: Rows that hold whatever is published: ``row, atom, coef``.
        within: Metrics that lie within another part, and which.
    """

    metrics: pl.DataFrame
    parts: pl.DataFrame
    named: pl.DataFrame
    cells: pl.DataFrame
    caps: pl.DataFrame
    atoms: pl.DataFrame
    ties: pl.DataFrame
    within: dict[str, str]


@dataclass(frozen=True)
class Sources:
    """What the truth is made of, as the warehouse has it.

    Attributes:
        metrics: ``metric_id, scale, is_about_persons, split_of, split_group, lower_bound,
            upper_bound, is_count, measures`` (a list of ``role, measure, sign``) and ``services``
            (a list, empty for all), in the municipality's order.
        made: The measures the warehouse makes, as contracts state them.
        levels: ``level, group_id, sector, metric_id, month, numerator, denominator``.
        measures: ``unit_id, month, measure, value``, for what no metric counts alone.
        per_fte: ``year, substitute_fte, overtime_fte``: what a krone counts as.
        pay: ``unit_id, month`` and the columns of ``PAY``.
        lines: A year's accounts by unit, see ``lines``.
    """

    metrics: pl.DataFrame
    made: Mapping[str, Measure]
    levels: pl.DataFrame
    measures: pl.DataFrame
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
            made=declared_measures(load_contracts(kind="sources")),
            levels=con.sql(LEVELS).pl(),
            measures=con.sql(_MEASURES).pl(),
            per_fte=con.sql(_PER_FTE).pl(),
            pay=con.sql(_PAY).pl(),
            lines=con.sql(LINES).pl(),
        )
    )


def truth_of(sources: Sources) -> Truth:
    """Make atoms, and what ties them, of true figures."""
    years = sources.levels["month"].dt.year().unique().sort().to_list()
    personal = personal_measures(sources.metrics, sources.made)
    parts = parts_of(sources.metrics, personal, sources.per_fte, years)
    wholes = wholes_of(sources.metrics, sources.made)
    families = families_of(parts, wholes)
    of_metrics = parts.join(families, on="component").unique("metric_id", maintain_order=True)
    metrics = sources.metrics.join(
        of_metrics.select("metric_id", "family", is_nok=pl.col("family") == MONEY),
        on="metric_id",
        maintain_order="left",
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
    caps = _caps(levels, capped(metrics, personal))
    sides = sides_of(metrics, personal)
    measured = _measured(cells, sides, sources.measures, caps).join(families, on="component")
    atoms = pl.concat([measured.select(_ATOM), _pay(sources.pay, levels)])
    atoms = atoms.sort("family", "month", "unit_id", "component").with_row_index("atom")
    joint = caps.join(sides.filter(pl.col("n_terms") > 1), on="metric_id").select(
        "metric_id", "unit_id", "month", "upper", component="measure"
    )
    atoms, ties = with_lines(sources.lines, *tied(atoms, wholes, joint))
    return Truth(
        metrics.drop("measures", "services", "lower_bound", "upper_bound", "is_count"),
        parts,
        named_alike(metrics, parts, personal),
        cells,
        caps.select("metric_id", "unit_id", "month", "upper"),
        atoms,
        ties,
        within_metrics(metrics),
    )


def _caps(levels: pl.DataFrame, metrics: pl.DataFrame) -> pl.DataFrame:
    """The ends of units' numerators that follow from what everybody knows is below the line."""
    limit = pl.col("denominator") / pl.col("scale")
    found = levels.filter(pl.col("level") == "unit").join(metrics, on="metric_id")
    return found.select(
        "metric_id", "month",
        unit_id="group_id",
        lower=pl.col("lower_bound") * limit,
        upper=pl.when("is_of_heads").then("denominator").otherwise(pl.col("upper_bound") * limit),
    )  # fmt: skip


def _measured(
    cells: pl.DataFrame, sides: pl.DataFrame, measures: pl.DataFrame, caps: pl.DataFrame
) -> pl.DataFrame:
    """Atoms of what is about persons and no pay, as the metric that counts them alone has them."""
    here = ["unit_id", "month", "component"]
    units = cells.filter(pl.col("level") == "unit").rename({"group_id": "unit_id"})
    counted = sides.rename({"measure": "component"}).join(
        units, on=["metric_id", "side"], maintain_order="left"
    )
    is_alone = (pl.col("n_terms") == 1) & pl.col("is_pure")
    alone = counted.filter(is_alone).with_columns(truth=pl.col("true") * pl.col("sign"))
    # what is gone from the source, though it counts, is shared out
    others = counted.filter(~is_alone).join(alone, on=here, how="anti").join(
        measures, left_on=here, right_on=["unit_id", "month", "measure"], how="left"
    ).with_columns(
        truth=pl.coalesce("value", pl.when("is_pure").then(pl.col("true") / pl.col("n_terms")))
    ).filter(pl.col("truth").is_not_null())  # fmt: skip
    place = [*here, "sector", "truth"]
    atoms = pl.concat([alone.select(place), others.select(place)]).unique(
        here, keep="first", maintain_order=True
    )
    ends = (
        sides.filter(pl.col("n_terms") == 1, pl.col("side") == "numerator")
        .join(caps, on="metric_id")
        .group_by("unit_id", "month", component="measure")
        .agg(pl.col("lower").max(), pl.col("upper").min())
    )
    return atoms.join(ends, on=here, how="left").with_columns(
        lower=_below(pl.col("lower").fill_null(0.0), "truth"),
        upper=_above(pl.col("upper").fill_null(float("inf")), "truth"),
    )


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
    sign = pl.col("component").replace_strict(PAY, return_dtype=pl.Int32)
    endless = pl.lit(float("inf"))
    return found.with_columns(
        pl.col("sector").fill_null(""),
        family=pl.lit(MONEY),
        lower=_below(pl.when(sign > 0).then(0.0).otherwise(-endless), "truth"),
        upper=_above(pl.when(sign < 0).then(0.0).otherwise(endless), "truth"),
    ).select(_ATOM)
