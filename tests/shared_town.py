"""A made-up municipality of whatever metrics a test asks for, several of them on one measure.

No model is run: tests say themselves what is published.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import duckdb
import polars as pl

from pipelines.disclosure.atoms import Sources, Truth, truth_of
from pipelines.disclosure.attack import Attack, attack_published
from pipelines.disclosure.figures import read_published
from pipelines.disclosure.measures import PAY
from tests.disclosure_town import (
    LEVEL_SCHEMA,
    LINE_SCHEMA,
    MADE,
    MEASURE_SCHEMA,
    PAY_SCHEMA,
    PER_FTE_SCHEMA,
    publish_nothing,
)

YEAR = 2012
Cell = tuple[str, str, str, int]
"""Level, group, metric, month."""
Terms = tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Ratio:
    """A metric: measures with their signs above and below the line, and the units it is for."""

    numerator: Terms
    denominator: Terms
    scale: float = 100.0
    only: tuple[str, ...] = ()
    more: Mapping[str, Any] = field(default_factory=dict)

    def row(self, name: str) -> dict[str, Any]:
        """The metric as the warehouse has it."""
        sides = (("denominator", self.denominator), ("numerator", self.numerator))
        measures = [
            {"role": role, "measure": measure, "sign": sign}
            for role, terms in sides
            for measure, sign in terms
        ]
        return {
            "metric_id": name, "scale": self.scale, "is_about_persons": True, "split_of": None,
            "split_group": "", "lower_bound": None, "upper_bound": None, "is_count": False,
            "measures": measures, "services": list(self.only),
        } | self.more  # fmt: skip


@dataclass(frozen=True)
class SharedTown:
    """Measures of ``(unit, measure, month)``, the same every month where none is named.

    Attributes:
        sectors: The units' sectors.
        metrics: What is told of the measures.
        values: By unit and measure.
    """

    sectors: Mapping[str, str]
    metrics: Mapping[str, Ratio]
    values: Mapping[tuple[str, str], float]
    months: tuple[int, ...] = (1,)

    def figure(self, cell: Cell, side: str = "numerator") -> float:
        """The true figure of a group's month."""
        level, group, metric, _ = cell
        ratio = self.metrics[metric]
        return sum(
            sign * self.values.get((unit, measure), 0.0)
            for unit, sector in self.sectors.items()
            if (level == "municipality" or group in (unit, sector))
            and (not ratio.only or unit in ratio.only)
            for measure, sign in getattr(ratio, side)
        )

    def cells(self) -> list[Cell]:
        """Every figure there is of units and sectors."""
        groups = [("unit", unit) for unit in self.sectors]
        groups += [("sector", sector) for sector in sorted(set(self.sectors.values()))]
        return [
            (level, group, metric, month)
            for level, group in groups
            for metric, ratio in self.metrics.items()
            if level != "unit" or not ratio.only or group in ratio.only
            for month in self.months
        ]

    def sources(self) -> Sources:
        """The truth as the warehouse would have it."""
        sector = {**self.sectors, **{s: s for s in self.sectors.values()}}
        levels = [
            (level, group, sector[group], metric, date(YEAR, month, 1),
             self.figure(cell), self.figure(cell, "denominator"))
            for cell in self.cells()
            for level, group, metric, month in [cell]
        ]  # fmt: skip
        dates = [date(YEAR, month, 1) for month in self.months]
        pay = [
            {"unit_id": unit, "month": month,
             **{name: self.values.get((unit, name), 0.0) for name in PAY}}
            for unit in self.sectors
            for month in dates
        ]  # fmt: skip
        return Sources(
            metrics=pl.DataFrame(
                [ratio.row(name) for name, ratio in self.metrics.items()],
                schema_overrides={
                    "services": pl.List(pl.String), "split_of": pl.String,
                    "lower_bound": pl.Float64, "upper_bound": pl.Float64,
                },
            ),
            made=MADE,
            levels=pl.DataFrame(levels, schema=LEVEL_SCHEMA, orient="row"),
            measures=pl.DataFrame(
                [(unit, month, measure, value)
                 for (unit, measure), value in self.values.items() for month in dates],
                schema=MEASURE_SCHEMA,
                orient="row",
            ),
            per_fte=pl.DataFrame(schema=PER_FTE_SCHEMA),
            pay=pl.DataFrame(pay, schema=PAY_SCHEMA),
            lines=pl.DataFrame(schema=LINE_SCHEMA),
        )  # fmt: skip

    def truth(self) -> Truth:
        """What is hidden."""
        return truth_of(self.sources())

    def attacked(self, hidden: Iterable[Cell], years: Mapping[Cell, bool] | None = None) -> Attack:
        """What the attacker finds when all months but some are shown, and some years or none."""
        con = duckdb.connect()
        place = publish_nothing(con, "marts")
        dark = set(hidden)
        for cell in self.cells():
            level, group, metric, month = cell
            shown = (self.figure(cell), self.figure(cell, "denominator"), None)
            con.execute(
                f"insert into {place}.fct_metric_months values (?, ?, ?, ?, ?, ?, null, ?, null)",
                [level, group, metric, date(YEAR, month, 1),
                 *((None, None, "few_persons") if cell in dark else shown)],
            )  # fmt: skip
        for cell, is_shown in (years or {}).items():
            level, group, metric, _ = cell
            parts = [len(self.months) * self.figure(cell, s) for s in ("numerator", "denominator")]
            con.execute(
                f"insert into {place}.mart_metric_years values (?, ?, ?, ?, ?, ?, null, ?, null)",
                [level, group, metric, YEAR,
                 *((*parts, None) if is_shown else (None, None, "secondary"))],
            )  # fmt: skip
        truth = self.truth()
        return attack_published(con, truth, [(place, read_published(con, place, truth))])
