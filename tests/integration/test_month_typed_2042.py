"""One month typed as 2042 among figures to 2024-06, through the whole job and back."""

from datetime import date
from pathlib import Path

import pytest

from tests.case_town import Town


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Town:
    """The municipality after one run with the row in its inbox."""
    made = Town.build(Path(tmp_path_factory.mktemp("town2042")))
    made.deliver("05_month_typed_2042", "tall2.csv")
    made.pukk("run")
    return made


def test_the_row_is_set_aside_and_named(town: Town) -> None:
    found = town.warehouse("select file_name, rule_id, reason_nb from ops.quarantine")
    (reason,) = [text for name, rule, text in found if (name, rule) == ("tall2.csv", "month|time")]
    assert "01.01.2042 er etter leveransen" in reason


def test_the_last_month_is_the_last_that_was_delivered(town: Town) -> None:
    assert town.published("select max(month) from fct_metric_months") == [(date(2024, 6, 1),)]
    assert town.published(
        "select count(*) from mart_headlines where as_of > date '2024-06-30'"
    ) == [(0,)]


def test_no_permanent_employee_leaves_because_of_it(town: Town) -> None:
    leavers = town.warehouse("select count(*) from intermediate.int_hr__departures")
    assert leavers == [(0,)]


def test_the_corrected_file_puts_the_figure_where_it_belongs(town: Town) -> None:
    """What was typed wrongly is nowhere when the month is delivered as it should be."""
    text = (town.inbox / "tall2.csv").read_text(encoding="utf-8").replace("2042-01", "2024-01")
    town.write("tall2.csv", text)
    town.pukk("run")
    months = town.warehouse(
        "select distinct month from unit_metrics.values where month > '2024-06-30'"
    )
    assert months == []
    assert town.published("select max(month) from fct_metric_months") == [(date(2024, 6, 1),)]
