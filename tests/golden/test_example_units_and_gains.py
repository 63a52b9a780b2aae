"""Staff, units, course days and gains in the example's deliveries pass through the known points.

Read plainly, without the pipeline; the numbers stand here as the municipality gave them.
"""

from collections import Counter, defaultdict
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.golden.example_inbox import (
    DECISION,
    END_2017,
    END_2018,
    PILOTS,
    day,
    generated_example,
    number,
    positions_on,
    sheet,
    table_of,
    units_on,
)


@pytest.fixture(scope="module")
def home(tmp_path_factory, worker_id):
    return generated_example(tmp_path_factory, worker_id)


def test_1100_employees_hold_exactly_785_fte_at_the_end_of_2017(home):
    active = positions_on(home, END_2017)
    assert len({row["Ansattnr"].strip("'").lstrip("0") for row in active}) == 1100
    assert round(sum(number(row["St.pros"]) for row in active), 2) == 78_500.00


def test_some_employees_have_two_positions_in_two_units(home):
    units = defaultdict(set)
    for row in positions_on(home, END_2017):
        units[row["Ansattnr"].strip("'").lstrip("0")].add(row["Org.enhet"])
    assert 15 <= sum(len(places) > 1 for places in units.values()) <= 80
    assert max(len(places) for places in units.values()) == 2


def test_76_units_at_the_end_of_2017_and_70_in_spring_2016_and_after_2018(home):
    assert len(units_on(home, END_2017)) == 76
    assert len(units_on(home, date(2016, 4, 30))) == 70
    assert len(units_on(home, END_2018)) == 70


def test_every_unit_that_begins_or_ends_has_a_change_row(home):
    units = table_of(home / "inbox/organisasjon/enheter.csv", "Enhets-id")
    changes = table_of(home / "inbox/organisasjon/enhetsendringer.csv", "Dato")
    ended = {row["Enhets-id"] for row in units if row["Gyldig til"]}
    assert ended == {row["Fra enhet"] for row in changes if row["Endring"] == "merge"}
    for row in units:
        if row["Gyldig til"]:
            next_day = day(row["Gyldig til"]) + timedelta(days=1)
            dates = {day(c["Dato"]) for c in changes if c["Fra enhet"] == row["Enhets-id"]}
            assert dates == {next_day}


def test_pilots_start_in_the_known_order_and_finish_before_the_decision(home):
    cycles = sheet(home, "Sykluser")
    pilots = sorted(
        (row for row in cycles if row["Pulje"] in (1, 2)), key=lambda row: row["Første kursdag"]
    )
    assert [row["Enhet"] for row in pilots] == PILOTS
    assert [row["Pulje"] for row in pilots] == [1, 1, 1, 2, 2, 2, 2]
    assert all(row["Første kursdag"].year == 2011 for row in pilots[:3])
    assert all(row["Sjette kursdag"] < DECISION for row in pilots)


@pytest.mark.parametrize(
    ("when", "trained"),
    [
        (DECISION, 7),
        (date(2015, 12, 31), 27),
        (date(2016, 4, 30), 33),
        (END_2017, 43),
        (END_2018, 45),
    ],
)
def test_the_right_number_of_units_has_six_course_days(home, when, trained):
    done = Counter(row["Enhet"] for row in sheet(home, "Kursdager") if row["Dato"] <= when)
    complete = {name for name, n in done.items() if n == 6}
    cycles = sheet(home, "Sykluser")
    ended = {
        row["Enhet"] for row in cycles if row["Sjette kursdag"] and row["Sjette kursdag"] <= when
    }
    assert len(complete) == trained
    assert complete == ended
    assert complete <= set(units_on(home, when).values())


def test_units_that_have_not_started_stand_on_the_waiting_list(home):
    status = Counter(row["Status"] for row in sheet(home, "Sykluser") if row["Nr"] == 1)
    assert status["I drift"] == 45
    assert status["Venteliste"] + status["Planlagt"] + status["Pågår"] == 70 - 45
    assert status["Avsluttet"] == 6


def test_each_course_day_uses_its_own_tools(home):
    days = {(r["Enhet"], r["Dag"]): r["Dato"] for r in sheet(home, "Kursdager")}
    used = defaultdict(set)
    for row in sheet(home, "Verktøy"):
        used[(row["Enhet"], row["Dato"])].add(row["Verktøy"])
    expected = [
        {"5S", "interessentanalyse"},
        {"verdistrømsanalyse"},
        {"kulturanalyse"},
        {"verdistrømsanalyse"},
        {"kulturelt målbilde"},
        {"forbedringstavle", "fiskebein", "5 x hvorfor"},
    ]
    for name in PILOTS:
        for number_of_day, tools in enumerate(expected, start=1):
            assert tools <= used[(name, days[(name, number_of_day)])]


def gains_on(home: Path, when: date) -> tuple[list[dict[str, object]], float]:
    events = [row for row in sheet(home, "Gevinsthendelser") if row["Dato"] <= when]
    dropped = {row["Gevinst"] for row in events if row["Status"] == "Bortfalt"}
    gains = [
        row
        for row in sheet(home, "Gevinster")
        if row["Identifisert"] <= when and row["Gevinst"] not in dropped
    ]
    realised = sum(row["Endring realisert"] for row in events if row["Gevinst"] not in dropped)
    return gains, round(realised, 2)


@pytest.mark.parametrize(
    ("when", "identified", "realised"),
    [
        (DECISION, 8.5, 4.2),
        (date(2016, 4, 30), 33.0, 21.5),
        (date(2017, 2, 28), 39.0, 27.0),
        (END_2017, 46.3, 33.1),
        (END_2018, 49.4, 36.3),
    ],
)
def test_gains_pass_through_the_known_points(home, when, identified, realised):
    gains, so_far = gains_on(home, when)
    assert round(sum(row["Årsverk"] for row in gains), 2) == identified
    assert so_far == realised


def test_value_stream_mapping_found_80_per_cent_of_the_gains(home):
    gains, _ = gains_on(home, END_2017)
    found = sum(row["Årsverk"] for row in gains if row["Verktøy"] == "verdistrømsanalyse")
    assert round(found, 2) == 37.0
    assert round(100 * found / 46.3) == 80


def test_quality_is_the_largest_of_the_three_kinds_of_gain(home):
    gains, _ = gains_on(home, END_2017)
    by_kind = {
        kind: sum(row["Årsverk"] * row[f"{kind} %"] for row in gains) / 100
        for kind in ("Kvalitet", "Kvantitet", "Besparelse")
    }
    assert by_kind["Kvalitet"] > by_kind["Kvantitet"] > by_kind["Besparelse"] > 0
    assert round(sum(by_kind.values()), 6) == 46.3


def test_no_gain_realises_more_than_was_identified(home):
    identified = {row["Gevinst"]: row["Årsverk"] for row in sheet(home, "Gevinster")}
    realised = defaultdict(float)
    for row in sheet(home, "Gevinsthendelser"):
        realised[row["Gevinst"]] += row["Endring realisert"]
    assert all(round(realised[g], 6) <= fte for g, fte in identified.items())


def test_some_gains_are_dropped_and_a_few_lack_evidence(home):
    events = sheet(home, "Gevinsthendelser")
    assert sum(row["Status"] == "Bortfalt" for row in events) == 3
    bare = [row for row in events if row["Endring realisert"] and row["Dokumentasjon"] is None]
    assert len(bare) == 5


def test_one_budget_line_is_claimed_by_two_gains_and_no_other_is(home):
    claims = defaultdict(set)
    for row in sheet(home, "Gevinsthendelser"):
        if row["Belegg"] in ("Budsjettlinje", "Stilling"):
            claims[row["Henvisning"]].add(row["Gevinst"])
    assert sorted(len(gains) for gains in claims.values())[-2:] == [1, 2]


def test_every_gain_says_whether_it_is_cash_capacity_or_cost_avoided(home):
    kinds = Counter(row["Slag"] for row in sheet(home, "Gevinster"))
    assert set(kinds) == {"Penger", "Kapasitet", "Unngått kostnad"}
    assert all((row["Slag"] == "Penger") == bool(row["Besparelse %"])
               for row in sheet(home, "Gevinster"))  # fmt: skip
