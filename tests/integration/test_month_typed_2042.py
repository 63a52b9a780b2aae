"""One month typed as 2042 among figures to 2024-06, through the whole job and back."""

from datetime import date

import pytest

from tests.case_town import Town

LAST = [(date(2024, 6, 1),)]


@pytest.fixture(scope="module")
def town(built_town: Town, tmp_path_factory: pytest.TempPathFactory) -> Town:
    """The municipality after a night with the row in its inbox."""
    made = built_town.copied_to(tmp_path_factory.mktemp("town2042") / "town")
    made.deliver("05_month_typed_2042", "tall2.csv")
    made.pukk("run")
    return made


def test_the_row_is_set_aside_and_named_and_the_run_goes_on(town: Town) -> None:
    found = town.warehouse(
        "select reason_nb from ops.quarantine where file_name = 'tall2.csv'"
        " and rule_id = 'month|time'"
    )
    assert len(found) == 1
    assert "01.01.2042 er etter leveransen" in found[0][0]
    held = town.warehouse(
        "select status, reason_code from ops.deliveries where file_name = 'tall2.csv'"
    )
    assert held == [("held", "implausible_time")]


def test_the_last_month_is_the_last_that_was_delivered(town: Town) -> None:
    assert town.published("select max(month) from fct_metric_months") == LAST
    assert town.warehouse("select last_month from intermediate.int_data_range") == LAST


def test_no_permanent_employee_leaves_because_of_it(town: Town) -> None:
    """Every departure is one that HR gave an end date."""
    invented = town.warehouse(
        "select d.unit_id, d.end_date from intermediate.int_hr__departures as d"
        " where not exists (select 1 from hr.positions as p"
        " where p.person_id = d.person_id and p.end_date = d.end_date)"
    )
    assert invented == []
