"""Control charts against other tools' published answers and against our own specification.

`spec_*` cases run as the product does; the others run with the settings of the tool they come from.
Further cases of the same form are read from the folder in PUKK_SPC_CASES.
"""

import json
import math
import os
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.statistics.spc_answers import answers
from tests.statistics.spc_cases import Case, load_cases
from tests.statistics.spc_runner import Charts, Results

FOLDER = Path(os.environ.get("PUKK_SPC_CASES", Path(__file__).parents[1] / "reference" / "spc"))
CASES = load_cases(FOLDER)
Computed = tuple[Charts, dict[str, Results]]


@pytest.fixture(scope="module")
def computed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Computed]:
    """Every case's rows; cases with the same settings go through the macros together."""
    groups: dict[str, list[Case]] = defaultdict(list)
    for case in CASES:
        if case.points:
            groups[json.dumps(case.settings, sort_keys=True)].append(case)
    plan = [
        (cases[0].settings, [point for case in cases for point in case.points])
        for cases in groups.values()
    ]
    charts = Charts(tmp_path_factory.mktemp("spc"), plan)
    found = [charts.run(points, settings) for settings, points in plan]
    by_case = {
        case.case_id: results
        for cases, results in zip(groups.values(), found, strict=True)
        for case in cases
    }
    yield charts, by_case
    charts.close()


def test_there_are_cases_of_every_kind() -> None:
    ours = load_cases(Path(__file__).parents[1] / "reference" / "spc")
    assert {case.family.split("_")[0] for case in ours} == {"nhs", "qic", "pbc", "spec"}
    assert CASES, f"no case in {FOLDER}"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.case_id)
def test_a_reference_case_is_reproduced(case: Case, computed: Computed) -> None:
    charts, results = computed
    wrong = [
        f"{name}: expected {wanted!r}, got {got!r}"
        for name, wanted, got in answers(case, charts, results.get(case.case_id))
        if not same(wanted, got)
    ]
    assert wrong == []


def same(wanted: Any, got: Any) -> bool:
    """Equal flags and texts; numbers within a relative 1e-8 (cases carry twelve digits)."""
    if isinstance(wanted, bool | str) or wanted is None or got is None:
        return bool(wanted == got)
    is_number = isinstance(got, int | float) and not isinstance(got, bool)
    return is_number and math.isclose(wanted, got, rel_tol=1e-8, abs_tol=1e-12)
