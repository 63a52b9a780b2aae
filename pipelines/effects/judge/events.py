"""What else happened near a unit's start, as flags of one unit and metric.

An event of the whole municipality lies in the month effects, which all units share: only a
definition change of the whole municipality is flagged, since it changes what is measured.
"""

from dataclasses import dataclass

import polars as pl

from pipelines.effects.model.panel import Panel, month_index

_HEADCOUNT_YEAR = 12
_HEADCOUNT_CHANGE = 0.25


@dataclass(frozen=True)
class Flags:
    """Events that stand beside, or stop, an interpretation.

    Attributes:
        small_cut: A cut that was found and is small: stands beside, and stops nothing.
    """

    budget_cut: bool = False
    reorganisation: bool = False
    leader_change: bool = False
    definition_change: bool = False
    small_cut: bool = False

    @property
    def told(self) -> dict[str, bool]:
        """As the table has them: a small cut is a cut."""
        return {
            "flag_budget_cut": self.budget_cut or self.small_cut,
            "flag_reorganisation": self.reorganisation,
            "flag_leader_change": self.leader_change,
            "flag_definition_change": self.definition_change,
        }


@dataclass(frozen=True)
class Period:
    """Where to look: months since the panel's first month.

    Attributes:
        start: Start of the unit.
        before: Months before start that are compared.
        after: Months from start on that are compared.
        reach: Months around start in which other events count, both ends included.
    """

    start: int
    before: int
    after: int
    reach: int


class EventLog:
    """The events of one metric by unit, read once."""

    def __init__(self, events: pl.DataFrame, panel: Panel, metric_id: str) -> None:
        """Sort out what may flag a unit of the metric.

        Args:
            events: ``unit_id``, ``month``, ``event_type``, ``metric_id``.
            panel: Gives the first month.
            metric_id: The metric.
        """
        self._near: dict[str, list[tuple[int, str]]] = {}
        self._redefined: dict[str | None, list[int]] = {}
        columns = ("unit_id", "month", "event_type", "metric_id")
        for unit_id, month, event_type, about in events.select(columns).iter_rows():
            at = month_index(month, panel.first_month)
            if event_type != "definition_change":
                self._near.setdefault(unit_id, []).append((at, event_type))
            elif about in (None, metric_id):
                self._redefined.setdefault(unit_id, []).append(at)

    def flags_of(self, unit_id: str, period: Period) -> Flags:
        """Find the events of one unit.

        Args:
            unit_id: The unit.
            period: Where to look.
        """
        near = {
            event_type
            for at, event_type in self._near.get(unit_id, ())
            if abs(at - period.start) <= period.reach
        }
        changes = [*self._redefined.get(unit_id, ()), *self._redefined.get(None, ())]
        return Flags(
            budget_cut="budget_cut" in near,
            reorganisation="reorganisation" in near,
            leader_change="leader_change" in near,
            definition_change=any(
                -period.before <= at - period.start < period.after for at in changes
            ),
            small_cut="small_cut" in near,
        )


def headcount_reorganisations(headcount: pl.DataFrame, starts: pl.DataFrame) -> pl.DataFrame:
    """Reorganisations nobody registered: headcount changed by more than a quarter over the start.

    Args:
        headcount: ``unit_id``, ``month`` (date), ``employees``.
        starts: ``unit_id``, ``lean_start`` (date or null).

    Returns:
        Events (``unit_id``, ``month``, ``event_type``, ``metric_id``), dated at start, for units
        whose mean of the 12 months from start on is more than 25 % from that of the 12 before.
    """
    year = f"{_HEADCOUNT_YEAR}mo"
    start, month = pl.col("lean_start"), pl.col("month")
    before = (month >= start.dt.offset_by(f"-{year}")) & (month < start)
    after = (month >= start) & (month < start.dt.offset_by(year))
    return (
        headcount.join(starts.select("unit_id", "lean_start").drop_nulls(), on="unit_id")
        .group_by("unit_id", "lean_start")
        .agg(
            pl.col("employees").filter(before).mean().alias("before"),
            pl.col("employees").filter(after).mean().alias("after"),
        )
        .filter((pl.col("after") / pl.col("before") - 1).abs() > _HEADCOUNT_CHANGE)
        .select(
            "unit_id",
            start.alias("month"),
            pl.lit("reorganisation").alias("event_type"),
            pl.lit(None, dtype=pl.String).alias("metric_id"),
        )
        .sort("unit_id")
    )
