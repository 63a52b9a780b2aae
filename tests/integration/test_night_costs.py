"""What a night costs, counted in imports: a ratio of processor times holds on any machine.

The figures by stage and size are in docs/performance.md.
"""

import json
from pathlib import Path

import pytest

from benchmarks.imports import IN_THE_RUN
from benchmarks.measured import Measured, python

pytestmark = pytest.mark.integration

# measured 5.8 to 6.5 times, and 543 to 612 MB in the largest process; what is aimed at is 4 times
# and 600 MB (docs/night_costs.md says what is left). With other tests on the second core a night
# took 7.5 times its imports: a fault of ours is more than that
TIMES_THE_IMPORTS = 8.5
PEAK_MB = 680.0


@pytest.fixture(scope="module")
def imports() -> Measured:
    return min((python("-m", "benchmarks.imports") for _ in range(2)), key=lambda used: used.cpu_s)


def test_a_night_costs_a_few_times_its_imports_and_little_memory(
    example_copy: Path, imports: Measured
) -> None:
    answer = example_copy / "stages.json"
    home = {"PUKK_HOME": str(example_copy), "PUKK_MUNICIPALITY": "vestre_toten"}
    night = python("-m", "benchmarks.staged", answer, "--force", env=home)
    told = json.loads(answer.read_text(encoding="utf-8"))
    # what it is counted in is what a night loads, and no more
    assert set(IN_THE_RUN) == set(told["libraries"])
    stages = "\n".join(f"{s['cpu_s']:6.1f} {s['stage']}" for s in told["stages"])
    assert night.cpu_s < TIMES_THE_IMPORTS * imports.cpu_s, stages
    assert night.peak_mb < PEAK_MB
    assert not told["is_new"]
