"""Sets that do not meet, through the whole job: absences, budget versions, a register of today."""

import duckdb
import pytest

from pipelines.disclosure.attack import attack
from tests.case_town import MUNICIPALITY, Town

GONE = ("00161;", "00162;")
"""One who had an end, and one who had none."""


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> tuple[Town, str]:
    """The town after two nights, and what the second said."""
    town = Town.build(tmp_path_factory.mktemp("meets") / "town")
    town.deliver("04_employee_numbers_do_not_meet", "fravar_2024-06.csv")
    register = (town.inbox / "stillinger.csv").read_text("utf-8")
    town.pukk("run")
    lines = register.splitlines(keepends=True)
    town.write("stillinger_ny.csv", "".join(n for n in lines if not n.startswith(GONE)))
    return town, " ".join(town.pukk("run").stdout.split())


@pytest.fixture
def town(night: tuple[Town, str]) -> Town:
    return night[0]


def _parts(town: Town, unit: str, month: str) -> tuple[float | None, float | None]:
    (found,) = town.warehouse(
        "select numerator, denominator from intermediate.int_metric_months where"
        f" metric_id = 'sick_leave_pct' and unit_id = '{unit}' and month = date '{month}-01'"
    )
    return found[0], found[1]


def test_absences_that_meet_nobody_are_held_and_the_month_is_missing(
    night: tuple[Town, str],
) -> None:
    town, said = night
    rows = town.published(
        "select value from fct_metric_months where group_id = 'U19'"
        " and metric_id = 'sick_leave_pct' and month = date '2024-06-01'"
    )
    assert rows in ([], [(None,)])
    assert "6 av 6 fravær (100 %) treffer ingen stilling" in said


def test_a_budget_version_of_changed_lines_leaves_the_others(town: Town) -> None:
    rows = town.published(
        "select revised_budget_nok from mart_economy_totals where unit_id = 'L1' and year = 2023"
        " and art_group = 'all'"
    )
    assert rows == [(12 * (245_000.0 + 18_000.0),)]


def test_one_who_is_gone_from_the_register_changes_no_history(town: Town) -> None:
    assert _parts(town, "U11", "2022-01")[1] == 126
    assert _parts(town, "U11", "2024-03")[0] == 8
    told = town.warehouse("select message_nb from ops.warnings where code = 'vanished_positions'")
    assert len(told) == 1
    assert told[0][0].startswith("1 stilling uten sluttdato finnes ikke i det nye registeret")


def test_everything_loaded_is_accounted_for(town: Town) -> None:
    ((n, n_left),) = town.warehouse(
        "select count(*), count(*) filter (where is_unexplained)"
        " from intermediate.int_reconciliation"
    )
    assert n > 0
    assert n_left == 0


def test_nothing_hidden_follows_where_units_have_hardly_anything_but_pay(town: Town) -> None:
    file = town.home / MUNICIPALITY / "warehouse.duckdb"
    with duckdb.connect(str(file), read_only=True) as con:
        found = attack(con, "marts")
    assert len(found.cells) > 500
    # two units with a budget have hardly anything but pay: what they have booked each month, less
    # the pay, would be the refund of the year (docs/methods/suppression.md)
    rest = found.given_away
    assert rest.is_empty(), rest.drop("truth", "low", "high").to_dicts()
