"""Editions one after the other, read by someone who may see some units: none is told by two.

A unit's figure comes a night after the others': the group with it, less the group without it, is
that unit's. Three runs, one after the other in the file's order.
"""

import pytest

from dashboards.access import EVERYTHING, Scope
from dashboards.marts import Question, read
from tests.case_town import MUNICIPALITY, Town
from tests.published import generation_file

pytestmark = pytest.mark.integration

BEFORE, MONTH = "2024-05", "2024-06"
FIRST = {"M1": 3, "M2": 5, "M3": 7, "M4": 11}
READER = Scope(units=("M1",))
GROUPS = {"municipality", "sector"}


@pytest.fixture(scope="module")
def town(built_town: Town, tmp_path_factory: pytest.TempPathFactory) -> Town:
    return built_town.copied_to(tmp_path_factory.mktemp("to") / "town")


def night(town: Town, **late: int) -> str:
    """Deliver the metric for four units, and for late ones of the last month alone; then run."""
    file = town.inbox / "tall.csv"
    kept = [row for row in file.read_text(encoding="utf-8").splitlines() if "const_n" not in row]
    figures = {BEFORE: FIRST, MONTH: FIRST | late}
    kept += [f"{u};{m};const_n;{n}" for m, units in figures.items() for u, n in units.items()]
    town.write(file.name, "\n".join(kept) + "\n")
    town.pukk("run")
    return str(generation_file(town.home, MUNICIPALITY))


def sums(generation: str, scope: Scope, month: str) -> dict[str, float]:
    """The groups' figures of the metric and month that a reader is given."""
    columns = ("level", "month", "numerator")
    rows = read(
        generation, scope, Question("fct_metric_months", columns, (("metric_id", "const"),))
    )
    return {
        row["level"]: row["numerator"]
        for row in rows
        if row["level"] in GROUPS and f"{row['month']:%Y-%m}" == month
    }


def test_what_four_units_have_in_all_is_shown_to_one_of_them(town: Town) -> None:
    assert sums(night(town), READER, MONTH) == dict.fromkeys(GROUPS, 26)


def test_a_unit_that_comes_a_night_later_is_told_by_no_difference(town: Town) -> None:
    now = night(town, M5=13)
    assert sums(now, EVERYTHING, MONTH) == dict.fromkeys(GROUPS, 39)
    assert sums(now, READER, MONTH) == {}
    # the month it is not in is shown as before, and its own figure to whoever may see it
    assert sums(now, READER, BEFORE) == dict.fromkeys(GROUPS, 26)
    assert sums(now, Scope(units=("M1", "M5")), MONTH) == dict.fromkeys(GROUPS, 39)


def test_with_one_more_the_two_that_have_come_are_a_group(town: Town) -> None:
    # of the night between nothing was shown, so what is left of the first is both
    assert sums(night(town, M5=13, M6=17), READER, MONTH) == dict.fromkeys(GROUPS, 56)
