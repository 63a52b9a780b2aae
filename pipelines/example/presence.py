"""FTE in post and FTE away sick, by unit and month: what pay and refunds follow.

Average over calendar days; the warehouse's own figures are made from the deliveries instead.
"""

import numpy as np

from pipelines.example.absences import Absence
from pipelines.example.people import FULL_TIME, Position
from pipelines.example.series import FloatArray, month_edges
from pipelines.example.spec import ExampleSpec

PER_CENT = 100


def fte_by_month(spec: ExampleSpec, positions: list[Position]) -> FloatArray:
    """Return average FTE, one row per unit in the spec's order and one column per month."""
    rows = {unit.id: i for i, unit in enumerate(spec.units)}
    edges = month_edges(spec)
    counted = [position for position in positions if position.kind != "hourly"]
    start = np.array([p.start for p in counted])[:, None]
    end = np.array([int(edges[-1]) if p.end is None else p.end + 1 for p in counted])[:, None]
    days = np.minimum(end, edges[1:]) - np.maximum(start, edges[:-1])
    pct = np.array([p.pct / FULL_TIME for p in counted])[:, None]
    out = np.zeros((len(rows), spec.n_months))
    at = np.array([rows[p.unit_id] for p in counted])
    np.add.at(out, at, np.clip(days, 0, None) / np.diff(edges) * pct)
    return out


def sick_fte_by_month(
    spec: ExampleSpec, positions: list[Position], absences: list[Absence]
) -> FloatArray:
    """Return FTE away sick, by unit and month: all kinds of sickness that count."""
    rows = {unit.id: i for i, unit in enumerate(spec.units)}
    pct = {p.position_id: p.pct / FULL_TIME for p in positions}
    edges = month_edges(spec)
    out = np.zeros((len(rows), spec.n_months))
    sick = [a for a in absences if a.kind in {"self_certified", "certified"}]
    at = np.array([rows[a.unit_id] for a in sick])
    start = np.array([a.start for a in sick])
    stop = np.array([int(edges[-1]) if a.end is None else a.end + 1 for a in sick])
    weight = np.array([pct[a.position_id] * a.grade / PER_CENT for a in sick])
    first = np.searchsorted(edges, start, side="right") - 1
    for later in range(3):  # a certificate is at most 42 days: three months at most
        month = np.minimum(first + later, spec.n_months - 1)
        days = np.minimum(stop, edges[month + 1]) - np.maximum(start, edges[month])
        days = np.where(first + later < spec.n_months, np.clip(days, 0, None), 0)
        np.add.at(out, (at, month), days / np.diff(edges)[month] * weight)
    return out
