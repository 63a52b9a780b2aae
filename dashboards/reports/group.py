"""A group of units and one metric: who is in it, what each came to, and the group as a whole.

A group somebody chooses freely gets no sum and no pooled figure: two choices could be subtracted.
Those exist for the groups the pipeline made and suppressed, and are read from there.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from dashboards.charts.spark import Spark, Step, reach
from dashboards.context import Context
from dashboards.reports.told import HIDDEN_CLASS, headlines
from pipelines.words.catalogue import find
from pipelines.words.told_rows import inside

Row = dict[str, Any]
ALL, PILOTS, CHOSEN = "alle", "piloter", "valgt"
_SECTOR, _SERVICE, _WAVE = "sektor.", "tjeneste.", "bolge."
_COLUMNS = (
    "unit_name", "sector", "start_date", "cycle_no", "estimate", "estimate_lo", "estimate_hi",
    "effect_unit", "n_before", "n_after",
)  # fmt: skip
_WINDOWS = (
    "unit_id", "cycle_id", "baseline_first_month",
    "baseline_last_month", "after_first_month", "after_last_month",
)  # fmt: skip


@dataclass(frozen=True)
class Group:
    """Units seen together.

    Attributes:
        code: As the address has it.
        name: What it is called.
        units: The ids of its started units, within the reader's scope.
        pooled: Kind and id of the group as the pipeline made it; ``None`` where it made none.
        level: Level and id of its own months; ``None`` where somebody picked the units.
        said: What it is called within a sentence; empty where it is the name, or all units.
    """

    code: str
    name: str
    units: frozenset[str]
    pooled: tuple[str, str] | None = None
    level: tuple[str, str] | None = None
    said: str = ""


def groups(context: Context, chosen: Sequence[str]) -> dict[str, Group]:
    """Return the reader's groups by code, in the order they are listed.

    Args:
        context: The frame's message.
        chosen: Units somebody has picked themselves.
    """
    columns = ("unit_id", "sector", "service_type", "wave", "is_pilot", "lean_start_date")
    rows = [row for row in context.rows("dim_units", columns) if row["lean_start_date"]]

    def of(name: str, value: object) -> frozenset[str]:
        return frozenset(row["unit_id"] for row in rows if row[name] == value)

    everyone = frozenset(row["unit_id"] for row in rows)
    t = context.t
    found = [
        Group(ALL, t("all_units"), everyone, ("all", "all"), ("municipality", "all")),
        Group(
            PILOTS,
            t("page_pilots"),
            of("is_pilot", value=True),
            ("pilots", "pilots"),
            said=inside(t("page_pilots")),
        ),
    ]
    for sector in sorted({row["sector"] for row in rows if row["sector"]}):
        known = ("sector", sector)
        found.append(Group(_SECTOR + sector, sector, of("sector", sector), known, known))
    services = {row["service_type"] for row in rows if row["service_type"]}
    called = {code: find(f"service_type.{code}", context.language) or code for code in services}
    for code, name in sorted(called.items(), key=lambda pair: pair[1]):
        label = t("service_named", name=name)
        known = ("service_type", code)
        found.append(
            Group(_SERVICE + code, label, of("service_type", code), known, known, inside(name))
        )
    for wave in sorted({row["wave"] for row in rows if row["wave"] is not None}):
        name = t("wave_named", n=wave)
        known = ("wave", str(wave))
        found.append(Group(f"{_WAVE}{wave}", name, of("wave", wave), known, known, inside(name)))
    found.append(Group(CHOSEN, t("chosen_units"), everyone & frozenset(chosen)))
    return {group.code: group for group in found if group.units or group.code == CHOSEN}


def group_metrics(context: Context) -> dict[str, Row]:
    """Return the metrics any unit is judged on, by code, as a group is asked about them."""
    label = context.column("label")
    asked = {row["metric_id"] for row in context.rows("mart_headlines", ("metric_id",))}
    columns = (
        "metric_id", label, "unit", "decimals", "minimum_relevant_effect", "direction", "scale",
        "numerator_plus", "denominator",
    )  # fmt: skip
    return {
        row["metric_id"]: row | {"label": row[label]}
        for row in context.rows("dim_metrics", columns, order_by=("metric_order",))
        if row["metric_id"] in asked
    }


def is_near(code: str) -> bool:
    """Return whether a group is one of those most asked for: all, the pilots, a sector."""
    return code in (ALL, PILOTS) or code.startswith(_SECTOR)


def newest(context: Context, group: Group, metric_id: str) -> list[Row]:
    """Return each unit's newest headline of the metric, the lowest estimate first."""
    rows: dict[str, Row] = {}
    for row in headlines(
        context, _COLUMNS, ("sentence",), order_by=("cycle_no",), metric_id=metric_id
    ):
        if row["unit_id"] in group.units:
            rows[row["unit_id"]] = row
    return sorted(
        rows.values(),
        key=lambda row: (row["estimate"] is None, row["estimate"] or 0.0, row["unit_name"]),
    )


def courses(context: Context, rows: Sequence[Row], metric_id: str) -> dict[str, Spark]:
    """Return each unit's months as a picture's figures, all on one axis; without figures, none.

    A unit whose verdict is hidden has none, as it has no chart on its own page.
    """
    rows = [row for row in rows if row["verdict_class"] != HIDDEN_CLASS]
    cycles = {row["unit_id"]: row["cycle_id"] for row in rows}
    if not cycles:
        return {}
    points: dict[str, list[Row]] = {}
    for point in context.rows(
        "mart_control_chart_points", ("unit_id", "cycle_id", "month", "measured_value"),
        order_by=("unit_id", "month"), metric_id=metric_id, series="value",
        unit_id=tuple(sorted(cycles)),
    ):  # fmt: skip
        if cycles[point["unit_id"]] == point["cycle_id"]:
            points.setdefault(point["unit_id"], []).append(point)
    windows = {
        row["unit_id"]: row
        for row in context.rows(
            "mart_before_after", _WINDOWS, metric_id=metric_id,
            cycle_id=tuple(sorted(cycles.values())),
        )
    }  # fmt: skip
    found = {
        row["unit_id"]: _course(row, points[row["unit_id"]], windows.get(row["unit_id"]))
        for row in rows
        if any(p["measured_value"] is not None for p in points.get(row["unit_id"], ()))
    }
    ends = [reach(course) for course in found.values()]
    if not ends:
        return {}
    axis = (min(low for low, _ in ends), max(high for _, high in ends))
    return {unit: replace(course, axis=axis) for unit, course in found.items()}


def _course(row: Row, points: Sequence[Row], window: Row | None) -> Spark:
    places = {point["month"]: n for n, point in enumerate(points)}
    start = row["start_date"].replace(day=1) if row["start_date"] else None
    return Spark(
        [point["measured_value"] for point in points],
        places.get(start),
        _step(window, row, places, "before", "baseline"),
        _step(window, row, places, "after", "after"),
        row["verdict_class"],
    )


def _step(
    window: Row | None, said: Row, places: Mapping[date, int], which: str, name: str
) -> Step | None:
    # the figure is the headline's, which is printed, over the months it is from
    if window is None or said[f"value_{which}"] is None:
        return None
    first, last = (places.get(window[f"{name}_{end}_month"]) for end in ("first", "last"))
    if first is None or last is None:
        return None
    return Step(float(said[f"value_{which}"]), first, last)
