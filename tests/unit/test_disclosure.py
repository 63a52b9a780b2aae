"""The attacker finds what follows from what is published, worked out by hand, and nothing else."""

from dataclasses import replace

import duckdb
import numpy as np
import polars as pl
import pytest

from pipelines.disclosure.atoms import truth_of
from pipelines.disclosure.attack import Attack, attack_published
from pipelines.disclosure.figures import read_published
from pipelines.disclosure.protection import Secrets
from tests.disclosure_town import Cell, Town, publish

Year = tuple[str, str, str, bool]
LINES = ("sick_pay_refund", "base_pay", "substitute", "goods_services")
SECTORS = {"u1": "s", "u2": "s", "u3": "s"}


def attack_town(
    town: Town, *editions: list[Cell], years: tuple[tuple[str, str, str, bool], ...] = ()
) -> Attack:
    con = duckdb.connect()
    truth = truth_of(town.sources())
    places = [
        publish(con, town, shown, years if n == 0 else (), schema=f"edition_{n}")
        for n, shown in enumerate(editions)
    ]
    return attack_published(
        con, truth, [(place, read_published(con, place, truth)) for place in places]
    )


def interval(found: Attack, group: str, metric: str, month: int | None = 1) -> dict[str, object]:
    is_year = pl.col("first_month") != pl.col("last_month")
    rows = found.cells.filter(
        (pl.col("group_id") == group)
        & (pl.col("metric_id") == metric)
        & (is_year if month is None else ~is_year & (pl.col("first_month").dt.month() == month))
    )
    assert len(rows) == 1
    return rows.row(0, named=True)


def totals(town: Town) -> list[Cell]:
    return [cell for cell in town.cells() if cell[2] == "total"]


def one_month(**days: tuple[float, float]) -> Town:
    """Short and long days of each unit, all of them self-certified."""
    return Town(
        SECTORS,
        {
            (unit, name, 1): amount
            for unit, (short, long) in days.items()
            for name, amount in (("short", short), ("long", long), ("self", short + long))
        },
    )


def test_a_sectors_part_of_zero_gives_every_units_other_part() -> None:
    town = one_month(u1=(4, 0), u2=(0, 0), u3=(7, 0))
    found = attack_town(town, [*totals(town), ("sector", "s", "long", 1)])
    row = interval(found, "u1", "short")
    assert (row["low"], row["high"]) == pytest.approx((4, 4))
    assert row["is_exact"]
    # nothing is what its total says: a part of a shown total of nothing is trivially nothing
    assert not interval(found, "u2", "short")["is_exact"]


def test_two_hidden_units_protect_each_other_by_their_sum() -> None:
    town = one_month(u1=(4, 5), u2=(3, 6), u3=(7, 1))
    found = attack_town(
        town, [*totals(town), ("sector", "s", "short", 1), ("unit", "u3", "short", 1)]
    )
    assert found.exposed.filter(pl.col("metric_id") == "short").is_empty()


def test_a_rest_of_one_unit_is_known_and_so_is_a_rest_of_nothing() -> None:
    town = one_month(u1=(4, 5), u2=(0, 6), u3=(7, 1))
    alone = attack_town(
        town, [("sector", "s", "total", 1), ("unit", "u2", "total", 1), ("unit", "u3", "total", 1)]
    )
    assert interval(alone, "u1", "total")["is_exact"]
    nobody = one_month(u1=(0, 0), u2=(0, 0), u3=(7, 1))
    nothing = attack_town(nobody, [("sector", "s", "total", 1), ("unit", "u3", "total", 1)])
    assert interval(nothing, "u1", "total")["is_exact"]
    assert interval(nothing, "u2", "total")["is_exact"]


def test_an_interval_inside_the_protection_level_is_told_though_it_is_wide() -> None:
    # what is left is 50.6: the one of 50 lies between 0 and 50.6, a tenth of a day off at most
    town = one_month(u1=(50, 0), u2=(0.6, 0), u3=(7, 1))
    found = attack_town(town, [("sector", "s", "total", 1), ("unit", "u3", "total", 1)])
    row = interval(found, "u1", "total")
    assert not row["is_exact"]
    assert row["is_inside"]


def test_graded_lies_within_certified() -> None:
    days = {("u1", "long", 1): 9.0, ("u1", "self", 1): 8.5, ("u1", "certified", 1): 0.5}
    days |= {("u1", "graded", 1): 0.5, ("u2", "long", 1): 20.0, ("u2", "certified", 1): 20.0}
    days |= {("u2", "graded", 1): 15.0, ("u3", "short", 1): 5.0, ("u3", "self", 1): 5.0}
    town = Town(SECTORS, days)
    parts = [("unit", unit, name, 1) for unit in SECTORS for name in ("self", "certified")]
    # all that is certified in u1 is graded: its own visible certified days say so much themselves
    found = attack_town(town, [*totals(town), *parts])
    assert not interval(found, "u1", "graded")["is_exact"]
    row = interval(attack_town(town, totals(town)), "u1", "graded")
    assert float(str(row["high"])) >= 1.0


def year_town() -> Town:
    days = {}
    for month in range(1, 13):
        for unit, short, long in (("u1", 2.0, 3.0), ("u2", 4.0, 1.0), ("u3", 1.0, 6.0)):
            days |= {(unit, "short", month): short, (unit, "long", month): long}
            days |= {(unit, "self", month): short + long}
    return Town(SECTORS, days, months=tuple(range(1, 13)))


def test_shown_years_of_parts_leave_room_in_their_months() -> None:
    town = year_town()
    years = tuple(("unit", unit, name, True) for unit in SECTORS for name in ("short", "long"))
    months = [("sector", "s", name, month) for name in ("short", "long") for month in town.months]
    found = attack_town(town, [*totals(town), *months], years=years)
    assert found.exposed.filter(pl.col("metric_id").is_in(["short", "long"])).is_empty()
    assert found.odd.is_empty()


def test_a_hidden_year_follows_from_its_sectors_year_and_the_others() -> None:
    town = year_town()
    years = (
        ("unit", "u1", "short", False), ("unit", "u2", "short", True),
        ("unit", "u3", "short", True), ("sector", "s", "short", True),
    )  # fmt: skip
    row = interval(attack_town(town, totals(town), years=years), "u1", "short", None)
    assert row["is_exact"]
    assert row["truth"] == pytest.approx(24)


def test_what_an_earlier_edition_showed_is_known() -> None:
    town = one_month(u1=(4, 5), u2=(3, 6), u3=(7, 1))
    now = [("sector", "s", "total", 1), ("unit", "u3", "total", 1)]
    before = [("sector", "s", "total", 1), ("unit", "u2", "total", 1)]
    assert attack_town(town, now).exposed.filter(pl.col("metric_id") == "total").is_empty()
    found = attack_town(town, now, before)
    assert interval(found, "u1", "total")["is_exact"]


def pay_town() -> Town:
    pay, lines = {}, {}
    for unit, n in (("u1", 1), ("u2", 2), ("u3", 3)):
        for component, nok in (("substitute_nok", 9000.0), ("sick_pay_refund_nok", -4000.0)):
            pay[unit, component, 1] = nok * n
        lines |= {(unit, "substitute"): 9000.0 * n, (unit, "sick_pay_refund"): -4000.0 * n}
        lines |= {(unit, "base_pay"): 80000.0 * n, (unit, "goods_services"): 20000.0 * n}
    return Town(SECTORS, {}, pay, lines)


def economy(con: duckdb.DuckDBPyConnection, town: Town, hidden: set[tuple[str, str]]) -> None:
    lines = {line for _, line in town.lines}
    rows = [
        ("unit", unit, line, None if (unit, line) in hidden else nok)
        for (unit, line), nok in town.lines.items()
    ]
    con.execute(
        "create table marts.mart_economy as select group_id as unit_id, 2012 as year, art_group,"
        " accounts_nok, null::double as deviation_nok, null::double as revised_budget_nok"
        " from (values " + ", ".join(["(?, ?, ?, ?)"] * len(rows)) + ")"
        " as rows(scope, group_id, art_group, accounts_nok)",
        [value for row in rows for value in row],
    )
    sums = [
        ("unit", unit, "all", sum(n for (u, _), n in town.lines.items() if u == unit))
        for unit in town.sectors
    ]
    sums += [
        (
            "municipality",
            "all",
            line,
            sum(n for (_, other), n in town.lines.items() if other == line),
        )
        for line in sorted(lines)
    ]
    con.execute(
        "create table marts.mart_economy_totals as select scope_type, scope_id, 2012 as year,"
        " art_group, accounts_nok, null::double as deviation_nok,"
        " null::double as revised_budget_nok from (values "
        + ", ".join(["(?, ?, ?, ?)"] * len(sums))
        + ")"
        " as rows(scope_type, scope_id, art_group, accounts_nok)",
        [value for row in sums for value in row],
    )


@pytest.mark.parametrize(
    ("hidden", "is_known"),
    [
        # the unit's total less its other lines
        ({("u1", "sick_pay_refund")}, True),
        # the municipality's line less the others'
        ({("u1", line) for line in LINES}, True),
        ({(unit, line) for unit in ("u1", "u2") for line in LINES}, False),
    ],
)
def test_a_hidden_line_of_the_accounts(hidden: set[tuple[str, str]], is_known: bool) -> None:
    town = pay_town()
    con = duckdb.connect()
    truth = truth_of(town.sources())
    place = publish(con, town, [])
    economy(con, town, hidden)
    found = attack_published(con, truth, [(place, read_published(con, place, truth))])
    row = interval(found, "u1", "sick_pay_refund", None)
    assert row["is_exact"] == is_known


@pytest.mark.parametrize(("of_u3", "known"), [(0.0, []), (5000.0, ["u1", "u2"])])
def test_a_line_with_nothing_booked_yet_is_nobodys_secret(of_u3: float, known: list[str]) -> None:
    town = pay_town()
    other = {("u1", "other_pay"): 0.0, ("u2", "other_pay"): 0.0, ("u3", "other_pay"): of_u3}
    town = replace(town, lines={**town.lines, **other})
    con = duckdb.connect()
    truth, place = truth_of(town.sources()), publish(con, town, [])
    economy(con, town, {(u, line) for u in ("u1", "u2") for line in (*LINES, "other_pay")})
    found = attack_published(con, truth, [(place, read_published(con, place, truth))])
    told = found.given_away.filter(pl.col("metric_id") == "other_pay")
    assert sorted(told["group_id"].to_list()) == known


def test_a_figure_that_is_no_sum_it_knows_is_told_and_not_used() -> None:
    town = one_month(u1=(4, 5), u2=(3, 6), u3=(7, 1))
    con = duckdb.connect()
    truth = truth_of(town.sources())
    place = publish(con, town, [("sector", "s", "total", 1)])
    con.execute("update marts.fct_metric_months set numerator = numerator + 1")
    found = attack_published(con, truth, [(place, read_published(con, place, truth))])
    assert found.odd["group_id"].to_list() == ["s"]


def test_a_window_of_the_months_whose_ratio_has_a_meaning_is_understood() -> None:
    town = Town(SECTORS, {("u1", "short", month): float(month) for month in range(1, 13)},
                months=tuple(range(1, 13)))  # fmt: skip
    con = duckdb.connect()
    truth = truth_of(town.sources())
    shown = [("unit", "u1", "total", month) for month in range(1, 13)]
    place = publish(con, town, shown, years=[("unit", "u1", "total", True)])
    con.execute("update marts.fct_metric_months set value = numerator where month(month) <> 2")
    # February is shown, but is in no sum of ratios
    con.execute("update marts.mart_metric_years set numerator = numerator - 2")
    assert attack_published(con, truth, [(place, read_published(con, place, truth))]).odd.is_empty()
    con.execute("update marts.mart_metric_years set numerator = numerator - 1")
    found = attack_published(con, truth, [(place, read_published(con, place, truth))])
    assert found.odd["table_name"].to_list() == ["mart_metric_years"]


@pytest.mark.parametrize(
    ("component", "kroner", "ends"),
    [
        ("sick_pay_refund_nok", -5.0, (-np.inf, 0.0)),
        ("sick_pay_refund_nok", 5.0, (-np.inf, np.inf)),
        ("overtime_nok", 5.0, (0.0, np.inf)),
        ("overtime_nok", -5.0, (-np.inf, np.inf)),
    ],
)
def test_an_amount_of_the_other_sign_is_not_taken_to_be_its_own_limit(
    component: str, kroner: float, ends: tuple[float, float]
) -> None:
    town = Town({"u1": "s"}, {("u1", "short", 1): 4.0}, pay={("u1", component, 1): kroner})
    (atom,) = truth_of(town.sources()).atoms.filter(pl.col("component") == component).to_dicts()
    assert (atom["lower"], atom["upper"]) == ends


def test_a_year_told_as_missing_is_no_secret() -> None:
    con = duckdb.connect()
    town = year_town()
    truth = truth_of(town.sources())
    place = publish(con, town, totals(town), years=(("unit", "u1", "short", False),))
    hidden = attack_published(con, truth, [(place, read_published(con, place, truth))]).cells
    con.execute("update marts.mart_metric_years set suppression_reason = null")
    told = attack_published(con, truth, [(place, read_published(con, place, truth))]).cells
    year = (pl.col("group_id") == "u1") & (pl.col("table_name") == "mart_metric_years")
    assert (len(hidden.filter(year)), len(told.filter(year))) == (1, 0)


def test_of_pay_after_the_refund_the_refund_is_the_secret() -> None:
    net = Secrets(
        x=np.array([990_000.0, 1_000_000.0]),
        size=np.array([10_000.0, 0.0]),
        is_nok=np.array([True, True]),
        lowest=np.full(2, -np.inf),
        highest=np.array([1_000_000.0, 1_000_000.0]),
        is_secret=np.array([True, True]),
    )
    down, up = net.needed()
    assert net.narrow().tolist() == [100.0, 10_000.0]
    # nothing taken off: it can only be more, and must be able to be a hundredth of gross pay
    assert (down.tolist(), up.tolist()) == ([1_000.0, 10_000.0], [1_000.0, 0.0])
