"""What was planted, kept apart from the deliveries: tests read it, the pipeline never does.

Names of people are invented here and exist nowhere else, so that a test can look for them in
everything that is published.
"""

import json
from pathlib import Path

import numpy as np

from pipelines.example.people import Position
from pipelines.example.series import effect_shape, month_start
from pipelines.example.spec import Effect, ExampleSpec
from pipelines.example.writing import Delivery, write_lines


def write_people(
    spec: ExampleSpec, positions: list[Position], truth: Path, rng: np.random.Generator
) -> Path:
    """Write employee number and invented name of everyone to people.csv."""
    employees = sorted({position.employee for position in positions})
    names = spec.names
    parts = [rng.integers(0, len(part), len(employees)) for part in _parts(spec)]
    lines = [["employee_number", "name"]]
    for at, employee in enumerate(employees):
        first, start, end = (int(part[at]) for part in parts)
        name = f"{names.first[first]} {names.last_start[start]}{names.last_end[end]}"
        lines.append([str(employee), name])
    return write_lines(truth / "people.csv", lines, encoding="utf-8", separator=",")


def _parts(spec: ExampleSpec) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    return spec.names.first, spec.names.last_start, spec.names.last_end


def write_truth(spec: ExampleSpec, deliveries: list[Delivery], truth: Path, size: int = 1) -> Path:
    """Write truth.json: effects with windows, locks, gains, signals, levels, counts per file."""
    content = {
        "municipality": spec.municipality_name,
        "first_month": month_start(spec, 0).isoformat(),
        "last_month": month_start(spec, spec.n_months - 1).isoformat(),
        "people": {
            "as_of": spec.reference_date.isoformat(),
            "employees": spec.people.employees * size,
            "fte": spec.people.fte * size,
        },
        "effects": [_effect(spec, effect) for effect in spec.effects],
        "locks": [lock.model_dump(mode="json") for lock in spec.lean.locks],
        "gains": [point.model_dump(mode="json") for point in spec.lean.gains.checkpoints],
        "pitfall_signals": [signal.model_dump() for signal in spec.activity.truth],
        "maturity": spec.activity.maturity_truth,
        "deliveries": [delivery.expectation() for delivery in deliveries],
    }
    path = truth / "truth.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(content, ensure_ascii=False, indent=1)
    path.write_text(text + "\n", encoding="utf-8", newline="\n")
    return path


def _effect(spec: ExampleSpec, effect: Effect) -> dict[str, object]:
    """Return an effect with the share of it that is there in the windows before and after."""
    course = next((c for c in spec.lean.courses if c.unit == effect.unit and c.start), None)
    shape = effect_shape(spec, effect.start, effect.end, effect.ramp_months)
    present = [month_start(spec, int(m)).isoformat() for m in np.flatnonzero(shape)]
    return {
        **effect.model_dump(mode="json"),
        "first_month": present[0],
        "last_month": present[-1],
        "course_start": course.start.isoformat() if course and course.start else None,
        "introduction_end": (
            course.introduction_end.isoformat() if course and course.introduction_end else None
        ),
    }
