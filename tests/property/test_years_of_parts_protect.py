"""What units show per year gives no month away, and no hidden year.

Random municipalities of a whole year go through the models' own SQL. An attacker knows every
published total and part of every month and year, and that no figure is below nothing, and finds by
linear programming the least and the most each hidden figure can be.
"""

from datetime import date

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog
from scipy.sparse import csr_matrix

from pipelines.municipality.protection import PROTECTION
from tests.parts_town import LIMITS, PARTS, YEAR, Models, PartsTown, Person, compile_models, fill

MONTHS = range(12)
_EPSILON = 1e-6


@pytest.fixture(scope="module")
def years(tmp_path_factory: pytest.TempPathFactory) -> Models:
    return compile_models(tmp_path_factory.mktemp("years"))


@st.composite
def towns(draw: st.DrawFn) -> PartsTown:
    """One or two sectors of units of 3 to 20, where most or few are away, evenly or not."""
    n_first = draw(st.integers(5, 7))
    sectors = ("s0",) * n_first + ("s1",) * draw(st.sampled_from([0, 1, 3]))
    rng = np.random.default_rng(draw(st.integers(0, 10_000)))
    rate = draw(st.sampled_from([0.03, 0.1, 0.3]))
    weights = np.array(draw(st.sampled_from([(8, 1, 1), (6, 3, 3), (1, 0, 0)])), dtype=float)
    people = []
    for unit in range(len(sectors)):
        n_persons = int(rng.integers(3, 21))
        for _ in range(n_persons):
            away = {
                (month, PARTS[rng.choice(3, p=weights / weights.sum())]): float(rng.integers(1, 9))
                for month in MONTHS
                if rng.random() < rate * rng.choice([0.3, 1.7])
            }
            people.append(Person((unit,), away))
    return PartsTown(sectors, tuple(people), n_months=12)


class Attacker:
    """The published figures as equations over unit x month x part."""

    def __init__(self, models: Models, town: PartsTown) -> None:
        """Read what is published of one municipality."""
        self.town = town
        self.shape = (len(town.sectors), len(MONTHS), len(PARTS))
        self.truth = np.array(
            [[[town.days(u, m, p) for p in PARTS] for m in MONTHS] for u in range(self.shape[0])]
        )
        months = models.rows(
            "select level, group_id, metric_id, month(month) - 1 from"
            " intermediate.int_metric_months_visible"
            " where numerator is not null and metric_id <> 'complement'"
        )
        self.shown_years = models.rows(
            "select level, group_id, metric_id from intermediate.int_metric_years_visible"
            " where numerator is not null"
        )
        rows = [self.row(level, group, metric, [month]) for level, group, metric, month in months]
        rows += [self.row(*key, MONTHS) for key in self.shown_years]
        self.equations = csr_matrix(np.array(rows))
        self.sums = self.equations @ self.truth.ravel()

    def row(self, level: str, group: str, metric: str, months: range | list[int]) -> np.ndarray:
        """One figure as a sum over the unknowns."""
        cells = np.zeros(self.shape)
        parts = [PARTS.index(metric)] if metric in PARTS else range(len(PARTS))
        cells[np.ix_(self.town.units_of(level, group), list(months), list(parts))] = 1.0
        return cells.ravel()

    def interval(self, row: np.ndarray) -> tuple[float, float]:
        """The least and the most that a sum can be."""
        found = []
        for sign in (1, -1):
            answer = linprog(sign * row, A_eq=self.equations, b_eq=self.sums, bounds=(0, 5_000))
            assert answer.status == 0, answer.message
            found.append(sign * answer.fun)
        return found[0], found[1]


@settings(max_examples=12, suppress_health_check=[HealthCheck.too_slow])
@given(town=towns())
def test_no_hidden_part_is_known_closer_than_half_a_day(years: Models, town: PartsTown) -> None:
    fill(years, town)
    attacker = Attacker(years, town)
    rng = np.random.default_rng(len(town.people))
    months = [(int(u), [int(m)], p) for u, m, p in zip(
        rng.integers(attacker.shape[0], size=25), rng.integers(12, size=25),
        rng.choice(PARTS, size=25), strict=True,
    )]  # fmt: skip
    shown = set(attacker.shown_years)
    hidden = [
        (u, list(MONTHS), part)
        for u in range(attacker.shape[0])
        for part in PARTS
        if ("unit", f"u{u:02}", part) not in shown
    ]
    for unit, span, part in months + hidden:
        row = attacker.row("unit", f"u{unit:02}", part, span)
        low, high = attacker.interval(row)
        total = attacker.row("unit", f"u{unit:02}", "total", span) @ attacker.truth.ravel()
        level = min(PROTECTION.least, float(total))
        assert high - low >= level - _EPSILON, (unit, span, part, low, high, total)


@settings(max_examples=12, suppress_health_check=[HealthCheck.too_slow])
@given(town=towns())
def test_a_year_that_is_shown_has_three_persons_behind_the_part_and_behind_the_rest(
    years: Models, town: PartsTown
) -> None:
    fill(years, town)
    shown = Attacker(years, town).shown_years
    for level, group, part in shown:
        units = town.units_of(level, group)
        others = [other for other in PARTS if other != part]
        assert len(town.members(units)) >= LIMITS["part"]
        assert town.behind(units, MONTHS, [part]) >= 3
        assert town.behind(units, MONTHS, others) >= 3
    for level, group in {(level, group) for level, group, _ in shown}:
        parts = {part for *key, part in shown if key == [level, group]}
        assert parts in ({"short"}, set(PARTS)), "never one hidden part alone"


def test_a_split_that_cannot_be_shown_whole_shows_its_first_part(
    years: Models,
) -> None:
    people = tuple(
        Person((unit,), {(month, "short"): 2.0 for month in (0, 5, 9)} | (
            {(3, "medium"): 9.0, (7, "medium"): 5.0} if person < 4 else {}
        ))
        for unit in range(5)
        for person in range(12)
    )  # fmt: skip
    fill(years, PartsTown(("s0",) * 5, people, n_months=12))
    found = years.rows(
        "select metric_id, suppression_reason from intermediate.int_metric_years_visible"
        " where group_id = 'u00' order by 1"
    )
    assert found == [
        ("long", "few_contributors"), ("medium", "split_sibling"), ("short", None),
    ]  # fmt: skip


def test_persons_of_tiny_positions_do_not_fill_the_limit(years: Models) -> None:
    people = tuple(Person((unit,), {(0, "short"): 2.0}) for unit in range(4) for _ in range(12))
    january = date(YEAR, 1, 1)
    worth = [("u00", january, 12, 2.9), ("u01", january, 12, 3.1), ("u02", january, 11, 2.9)]
    years.con.executemany("insert into intermediate.int_hr__unit_months values (?, ?, ?, ?)", worth)
    fill(years, PartsTown(("s0",) * 4, people, n_months=12))
    found = years.rows(
        "select group_id, suppression_reason from intermediate.int_metric_months_visible"
        f" where metric_id = 'total' and level = 'unit' and month = date '{january}' order by 1"
    )
    years.con.execute("delete from intermediate.int_hr__unit_months")
    assert found[0] == ("u00", "few_persons")
    # the smallest other keeps it company, and the rest are shown
    assert sorted(reason or "" for _, reason in found[1:]) == ["", "", "secondary"]


def _staff(unit: int, away: list[dict[tuple[int, str], float]], n_persons: int) -> list[Person]:
    """Everybody of a unit; those who were away first."""
    return [Person((unit,), away[n] if n < len(away) else {}) for n in range(n_persons)]


def _evenly(unit: int, n_persons: int) -> list[Person]:
    """A unit in which everybody is away now and then, of every part."""
    return _staff(
        unit, [{(month, part): 2.0 for month in MONTHS for part in PARTS}] * n_persons, n_persons
    )


def _reach(attacker: Attacker, row: np.ndarray) -> tuple[float, float, float]:
    """How far below and above the truth a figure may lie, and the truth."""
    low, high = attacker.interval(row)
    truth = float(row @ attacker.truth.ravel())
    return truth - low, high - truth, truth


def test_what_one_hidden_part_could_fall_by_is_what_the_others_rest_holds(years: Models) -> None:
    # two units under the limit, away for short: they have 12 and 16 days of the rest in all
    short = [{(month, "short"): 5.0 for month in MONTHS}] * 4
    people = [
        *_staff(0, [*short, {(2, "medium"): 6.0, (8, "long"): 6.0}], 8),
        *_staff(1, [*short[:3], {(4, "medium"): 8.0, (9, "long"): 8.0}], 8),
        *(person for unit in range(2, 7) for person in _evenly(unit, 10 + unit)),
    ]
    fill(years, PartsTown(("s0",) * 7, tuple(people), n_months=12))
    attacker = Attacker(years, PartsTown(("s0",) * 7, tuple(people), n_months=12))
    assert ("unit", "u06", "short") in attacker.shown_years
    for part in ("short", "long"):
        down, up, truth = _reach(attacker, attacker.row("unit", "u00", part, MONTHS))
        total = attacker.row("unit", "u00", "total", MONTHS) @ attacker.truth.ravel()
        level = max(PROTECTION.least, PROTECTION.pct / 100 * truth)
        # never more than its own visible total says
        assert down >= min(level, truth) - _EPSILON, part
        assert up >= min(level, total - truth) - _EPSILON, part


def test_a_part_whose_sibling_is_shown_is_moved_by_the_last_part_alone(years: Models) -> None:
    # the first sector shows its short part; the other hides all, and has hardly a medium day
    thin = [{(3, "short"): 4.0}] * 5
    people = [
        *_staff(0, [*thin, {(3, "long"): 10.0}], 12),
        *_staff(1, [*thin, {(3, "medium"): 8.0}, {(3, "long"): 4.0}], 12),
        *(person for unit in (2, 3, 4) for person in _staff(unit, thin, 12)),
        *_staff(5, [{(3, "short"): 9.0}, {(3, "long"): 15.0}, {(3, "medium"): 0.9}], 12),
        *_staff(6, [{(3, "short"): 9.0}, {(3, "long"): 15.0}], 12),
        *(person for unit in range(7, 13) for person in _evenly(unit, 12)),
        *_staff(13, [{(3, "short"): 6.0}, {(3, "long"): 9.0}], 12),
    ]
    sectors = ("s0",) * 5 + ("s1",) * 2 + ("s2",) * 6 + ("s3",)
    town = PartsTown(sectors, tuple(people), n_months=12)
    fill(years, town)
    shown = dict(years.rows(
        "select metric_id, numerator from intermediate.int_metric_months_visible"
        f" where group_id = 's0' and month = date '{YEAR}-04-01'"
    ))  # fmt: skip
    assert shown["short"] is not None
    assert shown["long"] is None
    attacker = Attacker(years, town)
    down, up, truth = _reach(attacker, attacker.row("sector", "s0", "long", [3]))
    assert min(down, up) >= PROTECTION.pct / 100 * truth - _EPSILON
