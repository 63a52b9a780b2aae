"""Metrics on one measure about persons are hidden together, or refused where no rule can."""

from collections.abc import Sequence

import pytest

from pipelines.contracts.measures import declared_measures
from pipelines.contracts.model import load_contracts
from pipelines.errors import ConfigError
from pipelines.municipality.families import check_families, first_of_family, personal_measures
from pipelines.municipality.load import load_standard_metrics
from pipelines.municipality.metrics import Metric
from tests.unit.test_shown_per_year import OF_TOTAL, own

CONTRACTS = load_contracts()
MADE = declared_measures(CONTRACTS)
ACCOUNTS = [each.id for each in CONTRACTS["ledger"].measures]
STANDARD = {each.id: each for each in load_standard_metrics()}
MINUS_SICK = {"measure": "sick_days", "sign": -1}


def named(name: str, numerator: object, **told: object) -> Metric:
    metric: Metric = own(numerator, **told).model_copy(update={"id": name})
    return metric


def check(*metrics: Metric) -> None:
    check_families(metrics, MADE, ACCOUNTS, "metrics.yml")


def first(metrics: Sequence[Metric]) -> dict[str, str]:
    return first_of_family(metrics, personal_measures(metrics, MADE))


@pytest.mark.parametrize(
    ("numerator", "told", "family"),
    [
        ("sick_days", {"denominator": "agreed_fte"}, "sick_leave_pct"),
        (["agreed_days", MINUS_SICK], {}, "sick_leave_pct"),
        ("sick_days", {"denominator": ["sick_days", "agreed_days"]}, "sick_leave_pct"),
        ("agreed_days", {"denominator": ["agreed_days", MINUS_SICK]}, "sick_leave_pct"),
        ("leavers", {"denominator": "permanent_staff"}, "turnover_pct"),
        (["movers", "own_count"], {}, "turnover_pct"),
        ("sick_cases", {"denominator": "agreed_fte", "unit_grain": "year"}, "sick_cases_per_100"),
        ("own_count", {}, "own"),
        # what each is divided by is known, and ties nothing
        ("own_count", {"denominator": "employed_persons"}, "own"),
    ],
)
def test_a_metric_is_hidden_with_those_that_say_something_of_the_same(
    numerator: object, told: dict[str, object], family: str
) -> None:
    assert first([*STANDARD.values(), own(numerator, **told)])["own"] == family


def test_standard_metrics_are_as_they_were() -> None:
    found = first([*STANDARD.values()])
    assert found["sick_leave_pct"] == "sick_leave_pct"
    assert found["turnover_pct"] == "turnover_pct"
    assert not found.keys() & {n for n, each in STANDARD.items() if each.split_of}


def test_a_sum_ties_what_it_is_the_sum_of_in_whatever_order_they_stand() -> None:
    one, other, both = named("a", "x"), named("b", "y"), named("c", ["x", "y"])
    for order in ([one, other, both], [both, one, other], [one, both, other]):
        assert set(first(order).values()) == {order[0].id}
    assert first([one, other]) == {"a": "a", "b": "b"}


def test_a_part_of_another_total_on_the_same_measure_is_refused() -> None:
    other = named("other", "sick_days", denominator="agreed_fte")
    part = own("sick_days_long", **(OF_TOTAL | {"split_of": "other"}))
    with pytest.raises(ConfigError, match="split_of: sick_leave_pct"):
        check(*STANDARD.values(), other, part)
    check(other, part)


def test_of_three_parts_two_are_not_published_alone() -> None:
    total, *parts = (
        STANDARD[name]
        for name in ("sick_leave_pct", "sick_leave_short_pct", "sick_leave_medium_pct",
                     "sick_leave_long_pct")
    )  # fmt: skip
    check(total, *parts)
    check(total, parts[2])
    for left_out in parts:
        with pytest.raises(ConfigError, match="alle delene") as refused:
            check(total, *(part for part in parts if part is not left_out))
        assert "sick_days_short, sick_days_medium, sick_days_long" in refused.value.text
    only = parts[2].model_copy(update={"services": ("school",)})
    with pytest.raises(ConfigError, match="for de samme tjenestene"):
        check(total, *parts[:2], only)


def test_a_measure_of_ones_own_is_about_persons_everywhere_or_nowhere() -> None:
    shown = named("shown", "other_count", denominator="own_count", is_about_persons=False)
    with pytest.raises(ConfigError, match="viser own_count for alle enheter"):
        check(own("own_count"), shown)
    check(shown)
    check(own("own_count", denominator="visits"), named("v", "visits", is_about_persons=False))


def test_a_year_of_what_is_shown_per_month_is_refused() -> None:
    for told in ({"numerator": "leavers"}, {"numerator": "sick_days", "denominator": "sick_cases"}):
        with pytest.raises(ConfigError, match=r"Året minus månedene"):
            check(*STANDARD.values(), own(**told, unit_grain="year"))
    check(*STANDARD.values(), own("sick_cases", unit_grain="year"))


def test_pay_is_not_held_against_what_else_is_about_persons() -> None:
    with pytest.raises(ConfigError, match=r"både lønn \(overtime_nok\) og sick_days"):
        check(own("overtime_nok", denominator="sick_days"))
    check(own("overtime_nok", denominator="agreed_fte"))


def test_what_some_services_show_of_what_all_show_is_refused() -> None:
    nursing = {"denominator": "agreed_fte", "services": ["nursing_home"]}
    for measure in ("sick_days", "leavers", "overtime_nok"):
        with pytest.raises(ConfigError, match="ikke for de samme tjenestene"):
            check(*STANDARD.values(), own(measure, **nursing))
    check(own("own_count", **nursing), named("other", ["own_count", "own_sum"], **nursing))
    check(*STANDARD.values(), own("own_count", **nursing))


@pytest.mark.parametrize("numerator", ["sick_days", "sick_days_short", "leavers"])
@pytest.mark.parametrize("below", ["children", "revised_budget_nok", ["agreed_days", "children"]])
def test_what_not_all_units_deliver_is_nothing_to_divide_a_shared_measure_by(
    numerator: str, below: object
) -> None:
    with pytest.raises(ConfigError, match="ikke alle enheter må levere"):
        check(*STANDARD.values(), named("per_child", numerator, denominator=below))


def test_what_one_metric_alone_counts_may_be_divided_by_anything() -> None:
    check(*STANDARD.values(), named("injuries", "own_count", denominator="children"))
    check(
        named("injuries", "own_count", denominator="children"),
        named("most", "own_count", denominator="children", scale=1),
    )
    with pytest.raises(ConfigError, match="ikke alle enheter må levere"):
        check(
            named("most", "own_count", denominator="agreed_fte"),
            named("injuries", "own_count", denominator="children"),
        )
