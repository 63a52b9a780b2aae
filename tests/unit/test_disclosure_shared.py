"""Metrics on one measure: the attacker sees what they say together, worked out by hand."""

from dataclasses import replace

import polars as pl
import pytest

from pipelines.disclosure.attack import Attack
from pipelines.disclosure.table import summary
from tests.shared_town import Cell, Ratio, SharedTown

UNITS = ("u1", "u2", "u3")
SECTORS = dict.fromkeys(UNITS, "s")
YEAR = tuple(range(1, 13))
AGREED = (("agreed_days", 1.0),)
FTE = (("agreed_fte", 1.0),)
HEADS = (("n_employees", 1.0),)
STAFF = (("permanent_staff", 1.0),)
DAYS = (("sick_days", 1.0),)
SICK = Ratio(DAYS, AGREED, more={"lower_bound": 0.0, "upper_bound": 100.0})
COUNTS = {"lower_bound": 0.0, "is_count": True}


def of_days(**own: Ratio) -> SharedTown:
    """Three units of some days each, of whom the metrics are sick leave and more."""
    values = {("u1", "sick_days"): 5.0, ("u2", "sick_days"): 6.0, ("u3", "sick_days"): 7.0}
    for unit in UNITS:
        values |= {(unit, "agreed_days"): 100.0, (unit, "agreed_fte"): 4.0}
        values |= {(unit, "n_employees"): 6.0, (unit, "sick_days_short"): 2.0}
    return SharedTown(SECTORS, {"sick_leave_pct": SICK, **own}, values)


def units(metric: str, *names: str, months: tuple[int, ...] = (1,)) -> list[Cell]:
    return [("unit", name, metric, month) for name in names for month in months]


def exact(found: Attack) -> list[tuple[str, str]]:
    keys = found.given_away.select("group_id", "metric_id").unique().sort("group_id", "metric_id")
    return [(group, metric) for group, metric in keys.iter_rows()]


@pytest.mark.parametrize("below", [AGREED, FTE, HEADS])
def test_two_metrics_of_the_same_days_judged_each_for_itself_give_a_unit_away(
    below: tuple[tuple[str, float], ...],
) -> None:
    town = of_days(own=Ratio(DAYS, below))
    together = town.attacked(units("sick_leave_pct", "u1", "u2") + units("own", "u1", "u2"))
    apart = town.attacked(units("sick_leave_pct", "u1", "u2") + units("own", "u1", "u3"))
    assert exact(together) == []
    # what one shows of the neighbour that the other hides
    assert exact(apart) == [("u1", "sick_leave_pct")]


def test_an_own_metric_for_some_services_beside_one_for_all() -> None:
    town = of_days(own=Ratio(DAYS, FTE, only=("u1", "u3")))
    hidden = units("sick_leave_pct", "u1", "u2") + units("own", "u1", "u3")
    assert ("u1", "sick_leave_pct") in exact(town.attacked(hidden))
    # the same, where nothing is said of the services apart
    assert exact(town.attacked([*hidden, ("sector", "s", "own", 1)])) == [("u3", "own")]


def test_a_year_of_what_another_metric_shows_by_the_month() -> None:
    town = replace(of_days(own=Ratio(DAYS, FTE)), months=YEAR)
    months = units("own", *UNITS, months=YEAR)
    hidden = [*months, *(("sector", "s", "own", month) for month in YEAR)]
    hidden += units("sick_leave_pct", "u1", "u2", months=(3,))
    assert exact(town.attacked(hidden)) == []
    found = town.attacked(hidden, years={("unit", "u1", "own", 1): True})
    assert {("u1", "sick_leave_pct"), ("u2", "sick_leave_pct")} == set(exact(found))


@pytest.mark.parametrize(
    "own",
    [
        Ratio((("agreed_days", 1.0), ("sick_days", -1.0)), AGREED),
        Ratio((("sick_days", 1.0), ("agreed_days", 1.0)), AGREED),
        Ratio(DAYS, (("agreed_days", 1.0), ("sick_days", -1.0))),
        Ratio(DAYS, FTE, scale=1.0),
    ],
    ids=["present", "sum", "of present", "per fte"],
)
def test_what_says_the_same_is_one_secret_and_no_alarm(own: Ratio) -> None:
    alone = of_days()
    town = of_days(own=own)
    found = town.attacked(units("sick_leave_pct", "u1", "u2") + units("own", "u1", "u2"))
    only = alone.attacked(units("sick_leave_pct", "u1", "u2"))
    ends = ["group_id", "metric_id", "low", "high", "is_exact", "is_inside"]
    assert found.exposed.is_empty()
    assert found.cells.select(ends).equals(only.cells.select(ends))
    assert found.odd.is_empty()


def of_staff(moved: tuple[float, ...], left: tuple[float, ...]) -> SharedTown:
    """Who left and who moved, told of together and apart."""
    leavers, movers = (("leavers", 1.0),), (("movers", 1.0),)
    values = {(unit, "permanent_staff"): 8.0 for unit in UNITS}
    values |= {(unit, "movers"): n for unit, n in zip(UNITS, moved, strict=True)}
    values |= {(unit, "leavers"): n for unit, n in zip(UNITS, left, strict=True)}
    values |= {(unit, "agreed_fte"): 0.5 for unit in UNITS}
    metrics = {
        "turnover_pct": Ratio(leavers + movers, STAFF, 1200.0, more=COUNTS),
        "leavers_pct": Ratio(leavers, STAFF, 1200.0, more=COUNTS),
        "movers_pct": Ratio(movers, STAFF, 1200.0, more=COUNTS),
    }
    return SharedTown(SECTORS, metrics, values, months=YEAR)


@pytest.mark.parametrize("is_each_for_itself", [True, False])
def test_those_who_moved_are_turnover_less_those_who_left(*, is_each_for_itself: bool) -> None:
    # two hidden units hide each other's leavers; of movers there are those of one alone
    town = of_staff(moved=(1.0, 0.0, 1.0), left=(1.0, 2.0, 0.0))
    hidden = [cell for name in town.metrics for cell in units(name, "u1", "u2", months=YEAR)]
    hidden += [("sector", "s", name, month) for name in town.metrics for month in YEAR]
    years = {("sector", "s", name, 1): is_each_for_itself for name in town.metrics}
    found = town.attacked(hidden, years | {("sector", "s", "movers_pct", 1): False})
    exposed = found.exposed.filter(pl.col("metric_id") == "movers_pct")
    assert exposed.is_empty() != is_each_for_itself


@pytest.mark.parametrize(("below", "highest"), [(HEADS, 6.0), (FTE, float("inf"))])
def test_heads_are_an_end_of_a_count_and_full_time_posts_are_none(
    below: tuple[tuple[str, float], ...], highest: float
) -> None:
    metric = Ratio((("sick_cases", 1.0),), below, more=COUNTS)
    values = {
        (unit, name): n
        for unit in UNITS
        for name, n in (("sick_cases", 2.0), ("n_employees", 6.0), ("agreed_fte", 1.0))
    }
    town = SharedTown(SECTORS, {"cases": metric}, values)  # fmt: skip
    found = town.attacked(town.cells())
    assert found.exposed.is_empty()
    cases = town.truth().atoms.filter(pl.col("component") == "sick_cases")
    assert cases["upper"].to_list() == [highest] * len(UNITS)


def test_where_everybody_left_no_more_can_have_left() -> None:
    town = of_staff(moved=(4.0, 4.0, 4.0), left=(4.0, 4.0, 4.0))
    town = replace(town, months=(1,))
    found = town.attacked(town.cells())
    assert found.exposed.filter(pl.col("metric_id") == "turnover_pct").is_empty()


def test_what_stands_below_a_line_is_hidden_too_and_follows_where_another_shows_it() -> None:
    pay = (("fixed_pay_nok", 1.0),)
    metrics = {
        "overtime_pct": Ratio((("overtime_nok", 1.0),), pay),
        "substitute_net_pct": Ratio((("substitute_nok", 1.0), ("sick_pay_refund_nok", 1.0)), pay),
    }
    values = {}
    for n, unit in enumerate(UNITS, 1):
        values |= {(unit, "fixed_pay_nok"): 90_000.0 * n, (unit, "overtime_nok"): 3_000.0 * n}
        values |= {(unit, "substitute_nok"): 9_000.0, (unit, "sick_pay_refund_nok"): -4_000.0}
    town = SharedTown(SECTORS, metrics, values)
    net = units("substitute_net_pct", *UNITS)
    hidden = [*units("overtime_pct", "u1"), ("sector", "s", "overtime_pct", 1), *net]
    found = town.attacked(hidden)
    # the sector's fixed pay stands below its net substitutes
    told = found.given_away.filter(pl.col("side") == "denominator")
    assert told.select("group_id", "metric_id").unique().rows() == [("u1", "overtime_pct")]
    names = summary(found).filter(pl.col("n_exact") > 0)["metric_id"].to_list()
    assert names == ["overtime_pct/denominator"]
    hidden.append(("sector", "s", "substitute_net_pct", 1))
    assert town.attacked(hidden).exposed.is_empty()
