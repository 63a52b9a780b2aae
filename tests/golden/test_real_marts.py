"""NHS England from files to the published generation: readers see the known figures."""

from pathlib import Path
from typing import Any

import pytest

from pipelines.publishing.generation import current, read_rows
from pipelines.settings import Settings, paths_for

pytestmark = pytest.mark.integration

MONTHS = ["2024-04", "2024-05", "2024-06", "2024-07", "2024-08", "2024-09"]


@pytest.fixture(scope="module")
def published(nhs_home: Path) -> list[dict[str, Any]]:
    paths = paths_for(Settings(municipality="nhs_england", home=nhs_home), "nhs_england")
    generation = current(paths, verify=True)
    assert generation is not None
    return [
        dict(row)
        for row in read_rows(
            paths,
            generation,
            "select level, group_id, metric_id, strftime(month, '%Y-%m') as month, value,"
            " suppression_reason from fct_metric_months",
        )
    ]


@pytest.mark.parametrize(
    ("metric_id", "values"),
    [
        ("sick_leave_pct", [4.764, 4.712, 4.874, 5.198, 4.793, 4.962]),
        # attendances of the organisations with staff only: 560 635 of 2 069 975 in April
        ("ae_over_4h_pct", [27.084, 27.608, 26.947, 26.260, 25.231, 27.348]),
    ],
)
def test_the_whole_country_has_the_known_value_each_month(
    published: list[dict[str, Any]], metric_id: str, values: list[float]
) -> None:
    found = {
        row["month"]: round(row["value"], 3)
        for row in published
        if row["level"] == "municipality" and row["metric_id"] == metric_id
    }
    assert found == dict(zip(MONTHS, values, strict=True))


@pytest.mark.parametrize("month", MONTHS)
def test_every_organisation_has_a_rate_of_its_own(
    published: list[dict[str, Any]], month: str
) -> None:
    rates = [
        row["value"]
        for row in published
        if (row["level"], row["metric_id"], row["month"]) == ("unit", "sick_leave_pct", month)
    ]
    assert len(rates) == 285
    assert all(rate is not None and 0 < rate < 10 for rate in rates)


def test_emergency_metrics_are_asked_of_emergency_services_only(
    published: list[dict[str, Any]],
) -> None:
    with_metric = {
        row["group_id"]
        for row in published
        if row["level"] == "unit" and row["metric_id"] == "ae_over_4h_type1_pct"
    }
    assert len(with_metric) == 135  # acute trusts
