"""A metric of what a unit shows per year is written so that it is shown per year, or refused."""

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from pipelines.contracts.measures import declared_measures
from pipelines.contracts.model import load_contracts
from pipelines.contracts.shapes import Measure
from pipelines.errors import ConfigError, ContractError
from pipelines.municipality.load import load_municipality, load_standard_metrics
from pipelines.municipality.metrics import Metric
from pipelines.municipality.per_year import check_shown_per_year
from pipelines.settings import DBT_DIR, MUNICIPALITIES_DIR

MADE = declared_measures(load_contracts())
STANDARD = load_standard_metrics()
PARTS = sorted(name for name, measure in MADE.items() if measure.part_of)
OF_TOTAL = {"split_of": "sick_leave_pct", "split_group": "duration"}
MINUS_CASES = {"measure": "sick_cases", "sign": -1}
NET = {"unit_grain": "year", "shown_with": "sick_leave_short_pct"}


def own(numerator: object, **told: object) -> Metric:
    return Metric.model_validate(
        {
            "id": "own", "label": {"nb": "Eget", "en": "Own"},
            "description": {"nb": "Eget.", "en": "Own."}, "numerator": numerator,
            "denominator": "agreed_days", "unit": "pct", "direction": "lower",
            "is_about_persons": True, **told,
        }
    )  # fmt: skip


def check(metric: Metric, others: Sequence[Metric] = STANDARD) -> None:
    check_shown_per_year([*others, metric], STANDARD, MADE, "metrics.yml")


@pytest.mark.parametrize("part", PARTS)
def test_a_part_of_a_total_is_never_a_units_month(part: str) -> None:
    group = MADE[part].split_group
    with pytest.raises(ConfigError) as refused:
        check(own(part))
    for word in (f"numerator: {part} alene", "split_of: sick_leave_pct", f"split_group: {group}"):
        assert word in refused.value.text
    within = {"shown_with": "certified_pct"} if group == "graded" else {}
    check(own(part, split_of="sick_leave_pct", split_group=group, **within))


@pytest.mark.parametrize(
    ("numerator", "told"),
    [
        ("sick_days_long", {"unit_grain": "year"}),
        ("sick_days_long", OF_TOTAL | {"split_group": "complement"}),
        ("sick_days_long", OF_TOTAL | {"split_group": "another"}),
        ("sick_days_long", {"split_of": "turnover_pct", "split_group": "duration"}),
        ("sick_days_long", OF_TOTAL | {"denominator": ["agreed_days", "sick_days_short"]}),
        (["sick_days_short", "sick_days_medium"], OF_TOTAL),
        (["sick_days", {"measure": "sick_days_long", "sign": -1}], {}),
        ([{"measure": "sick_days_long", "sign": -1}], OF_TOTAL),
        ("sick_days", {"denominator": "sick_days_graded"}),
        ("overtime_nok", {"denominator": "sick_days_short"}),
    ],
)
def test_however_a_part_is_hidden_in_a_metric(numerator: object, told: dict[str, object]) -> None:
    with pytest.raises(ConfigError, match="som er en del av sick_days"):
        check(own(numerator, **told))


@pytest.mark.parametrize(
    ("numerator", "told", "way_out"),
    [
        ("sick_cases", {}, "unit_grain: year, uten split_of"),
        ("sick_cases", OF_TOTAL | {"unit_grain": "year"}, "uten split_of"),
        ("sick_days", {"denominator": "sick_cases"}, "unit_grain: year"),
        ("sick_pay_refund_nok", {}, "shown_with: sick_leave_short_pct"),
        ("pay_net_nok", {"unit_grain": "year"}, "shown_with: sick_leave_short_pct"),
        ("pay_net_nok", NET | {"shown_with": "sick_leave_long_pct"}, "sick_leave_short_pct"),
        (["pay_gross_nok", {"measure": "pay_net_nok", "sign": -1}], {}, "unit_grain: year"),
        ("overtime_nok", {"denominator": "pay_net_nok"}, "unit_grain: year"),
        ("decisions", {"denominator": ["decisions", MINUS_CASES]}, "unit_grain: year"),
        ("agreed_days", {"denominator": ["agreed_days", "sick_cases"]}, "unit_grain: year"),
    ],
)
def test_what_is_counted_per_year_is_no_month(
    numerator: object, told: dict[str, object], way_out: str
) -> None:
    with pytest.raises(ConfigError, match="bare vises per år") as refused:
        check(own(numerator, **told))
    assert way_out in refused.value.text


@pytest.mark.parametrize(
    ("numerator", "told"),
    [
        ("sick_cases", {"unit_grain": "year"}),
        ("decisions", {"denominator": ["decisions", MINUS_CASES], "unit_grain": "year"}),
        (["substitute_nok", "sick_pay_refund_nok"], NET),
        ("sick_days", {"denominator": "employed_persons"}),
        ("overtime_nok", {"denominator": "agreed_fte"}),
    ],
)
def test_what_is_shown_as_finely_as_it_may_be_passes(
    numerator: object, told: dict[str, object]
) -> None:
    check(own(numerator, **told))


@pytest.mark.parametrize(
    ("part", "told", "says"),
    [
        ("sick_days_graded", {"split_group": "graded"}, "shown_with: certified_pct"),
        ("sick_days_long", {"shown_with": "certified_pct"}, "shown_with kan ikke"),
    ],
)
def test_a_part_is_shown_with_what_it_lies_within_and_with_nothing_else(
    part: str, told: dict[str, object], says: str
) -> None:
    with pytest.raises(ConfigError, match=says):
        check(own(part, **(OF_TOTAL | told)))


def test_a_metric_is_hidden_with_one_that_is_not_hidden_with_another() -> None:
    linked = own("sick_days", unit_grain="year", shown_with="graded_share_pct")
    with pytest.raises(ConfigError, match="shown_with: certified_pct"):
        check(linked)


def test_a_municipality_without_sick_leave_still_follows_net_substitutes() -> None:
    net = [each for each in STANDARD if each.id == "substitute_net_pct"]
    check_shown_per_year(net, STANDARD, MADE, "metrics.yml")


@pytest.mark.parametrize("folder", sorted(each.name for each in MUNICIPALITIES_DIR.iterdir()))
def test_the_municipalities_there_are_raise_nothing(folder: str) -> None:
    assert load_municipality(folder).metrics


def test_a_municipalitys_own_file_is_checked(tmp_path: Path) -> None:
    folder = tmp_path / "town"
    folder.mkdir()
    (folder / "municipality.yml").write_text(
        (MUNICIPALITIES_DIR / "_template" / "municipality.yml").read_text(encoding="utf-8"),
        encoding="utf-8",
    )
    content = {"standard": ["sick_leave_pct"]}
    metric = own("sick_days_long").model_dump(mode="json", exclude_none=True)
    for standing in (metric, metric | OF_TOTAL):
        text = yaml.safe_dump(content | {"metrics": [standing]}, allow_unicode=True)
        (folder / "metrics.yml").write_text(text, encoding="utf-8")
        if standing is metric:
            with pytest.raises(ConfigError, match="sick_days_long"):
                load_municipality(folder)
    assert [each.id for each in load_municipality(folder).metrics] == ["sick_leave_pct", "own"]


def test_every_group_of_sick_days_the_warehouse_makes_is_a_part_in_the_contract() -> None:
    macro = (DBT_DIR / "macros" / "sick_leave_groups.sql").read_text(encoding="utf-8")
    made = set(re.findall(r"'(sick_days\w*)':", macro))
    assert made == {*PARTS, "sick_days"}


@pytest.mark.parametrize(
    "limits",
    [
        {"part_of": "elsewhere", "split_group": "duration"},
        {"unit_grain": "year", "shown_with": "elsewhere"},
    ],
)
def test_what_a_measure_refers_to_is_given_by_a_source(limits: dict[str, str]) -> None:
    contracts = load_contracts()
    one = replace(contracts["hr"], measures=(Measure("late", about_persons=True, **limits),))
    with pytest.raises(ContractError, match="elsewhere"):
        declared_measures({"hr": one, "sick_leave": contracts["sick_leave"]})
