"""The units behind each group's rows, and how surely each holds the limit of persons."""

import re
from pathlib import Path

import pytest

from pipelines.contracts.model import load_contracts
from pipelines.settings import DBT_DIR
from tests.dbt_fixture import fetch
from tests.golden.definitions_town import definitions_warehouse


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    return definitions_warehouse(tmp_path_factory, worker_id)


def halves(warehouse: Path, unit: str, metric_id: str, month: str) -> list[tuple[int | None]]:
    return fetch(
        warehouse,
        "select members.limit_halves from marts.dim_group_members as members"
        " inner join marts.fct_metric_months as months using (members_key, level, group_id)"
        f" where level = 'municipality' and members.unit_id = '{unit}'"
        f" and months.metric_id = '{metric_id}' and months.month = date '{month}'",
    )


def test_few_persons_are_no_half_of_the_limit(warehouse: Path) -> None:
    assert halves(warehouse, "graded", "sick_leave_pct", "2012-01-01") == [(0,)]


def test_what_is_not_about_persons_has_no_limit(warehouse: Path) -> None:
    (metric_id,) = fetch(
        warehouse,
        "select min(metric_id) from marts.fct_metric_months inner join marts.dim_metrics"
        " using (metric_id) where not is_about_persons and level = 'unit' and value is not null",
    )[0]
    found = fetch(
        warehouse,
        "select distinct members.limit_halves from marts.dim_group_members as members"
        " inner join marts.fct_metric_months as months using (members_key)"
        f" where months.metric_id = '{metric_id}' and limit_halves is not null",
    )
    assert found == [(2,)]


def test_a_unit_with_nothing_to_measure_against_has_no_figure_that_hides_another(
    warehouse: Path,
) -> None:
    assert halves(warehouse, "graded", "falls_per_1000", "2012-01-01") == [(None,)]


def test_of_a_hidden_unit_nobody_is_told_whether_there_was_anything_to_measure_against(
    warehouse: Path,
) -> None:
    """Graded days are a share of sick days: no value means that nobody in the unit was away."""
    found = fetch(
        warehouse,
        "select levels.value is null, members.limit_halves, count(*)"
        " from intermediate.int_metric_levels as levels"
        " inner join intermediate.int_group_members__months as members"
        " on members.unit_id = levels.group_id"
        " and members.cell = 'months/' || levels.metric_id || '/' || levels.month"
        " inner join marts.fct_metric_months as total on total.level = 'unit'"
        " and total.group_id = levels.group_id and total.month = levels.month"
        " and total.metric_id = 'sick_leave_pct' and total.suppression_reason is not null"
        " where levels.level = 'unit' and levels.metric_id = 'graded_share_pct'"
        " group by all order by 1",
    )
    assert [(is_nothing, halves) for is_nothing, halves, _ in found] == [
        (False, None),
        (True, None),
    ]


def test_every_shown_figure_of_a_group_leads_to_its_units_and_no_units_row_does(
    warehouse: Path,
) -> None:
    shown = fetch(
        warehouse,
        "select level = 'unit', count(*), count(members_key), count(*) filter (members_key in"
        " (select members_key from marts.dim_group_members as members"
        " where members.level = months.level and members.group_id = months.group_id))"
        " from marts.fct_metric_months as months where value is not null group by 1 order by 1",
    )
    (_, n_groups, with_key, told), (_, _, unit_keys, _) = shown
    assert n_groups == with_key == told > 0
    assert unit_keys == 0


def test_units_come_and_go_with_their_figures(warehouse: Path) -> None:
    # the mover's unit before has figures to New Year, the unit after from then on
    before, after = (
        {
            unit
            for (unit,) in fetch(
                warehouse,
                "select distinct members.unit_id from marts.dim_group_members as members"
                " inner join marts.fct_metric_months as months using (members_key, level, group_id)"
                " where level = 'sector' and months.metric_id = 'agreed_fte'"
                f" and months.month = date '{month}'",
            )
        }
        & {"before", "after"}
        for month in ("2012-06-01", "2013-06-01")
    )
    assert (before, after) == ({"before"}, {"after"})


def test_measures_of_staff_are_those_of_the_register_that_tell_of_nobody() -> None:
    text = (DBT_DIR / "macros/suppression/staff_measures.sql").read_text(encoding="utf-8")
    told = {each.id for each in load_contracts()["hr"].measures if not each.about_persons}
    assert set(re.findall(r"'(\w+)'", text)) == told
