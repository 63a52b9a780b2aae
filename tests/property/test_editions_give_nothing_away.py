"""Hidden once is hidden for good: no two editions, and no correction, give a hidden figure away.

The same months are published at many cut-off dates and after corrections. What moved in a total
between two editions must be what moved in the units that are shown, or a sum of hidden ones.
"""

from datetime import date
from pathlib import Path

import duckdb
import numpy as np
import pytest

from tests.suppression_editions import Cell, Editions, Published, compile_editions, corrected

MONTHS = [date(2012 + n // 12, 1 + n % 12, 1) for n in range(18)]
M = MONTHS[3]
SIZES = {"a": 4, "b": 6, "c": 9, "d": 20, "e": 12, "f": 30, "g": 3}
SECTORS = {"a": "A", "b": "A", "c": "A", "d": "A", "e": "B", "f": "B", "g": "B"}


@pytest.fixture(scope="module")
def empty(
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[duckdb.DuckDBPyConnection, dict[str, str]]:
    return compile_editions(tmp_path_factory.mktemp("editions"))


@pytest.fixture
def editions(empty: tuple[duckdb.DuckDBPyConnection, dict[str, str]], tmp_path: Path) -> Editions:
    return Editions(*empty, tmp_path)


def _town(seed: int = 1, last: int = len(MONTHS)) -> list[Cell]:
    """Units whose sizes come and go around the limit, so that neighbours change as time passes."""
    rng = np.random.default_rng(seed)
    return [
        Cell(
            unit,
            SECTORS[unit],
            month,
            max(2, SIZES[unit] + int(rng.integers(-2, 3))),
            float(rng.choice([0, 0.5, 2, 7, 15])),
            int(rng.integers(0, 2)),
        )
        for month in MONTHS
        for unit in SIZES
    ][: last * len(SIZES)]


def _steady(**days: float) -> list[Cell]:
    usual = {"a": 3.0, "b": 2.0, "c": 5.0, "d": 9.0, "e": 4.0, "f": 20.0, "g": 1.0} | days
    return [Cell(unit, SECTORS[unit], M, SIZES[unit], usual[unit]) for unit in SIZES]


def _seen(published: Published, level: str = "unit") -> set[tuple[str, str, date]]:
    return {key[1:] for key, number in published.items() if key[0] == level and number is not None}


def _hidden(published: Published) -> set[str]:
    return {k[1] for k, n in published.items() if k[0] == "unit" and k[2] == "sick" and n is None}


def test_no_cut_off_date_shows_what_another_hid_and_no_old_month_moves(editions: Editions) -> None:
    before: Published = {}
    for last in range(3, len(MONTHS) + 1):
        after = editions.publish(_town(last=last))
        for key, number in before.items():
            if number is None:
                assert after[key] is None, (key, last)
            elif after[key] is not None:
                assert after[key] == pytest.approx(number, abs=1e-9), (key, last)
        before = after


def test_the_same_deliveries_give_the_same_edition_every_night(editions: Editions) -> None:
    first = editions.publish(_town())
    assert editions.publish(_town()) == first
    assert editions.con.execute("select count(*) from ops.records").fetchone() == (2,)


def test_a_correction_of_one_hidden_unit_changes_nothing_that_is_published(
    editions: Editions,
) -> None:
    first = editions.publish(_steady())
    hidden = sorted(_hidden(first))
    assert {"a", "b", "g"} <= set(hidden)
    for unit in hidden:
        for now in ({"days": 11.0}, {"days": None}, {"persons": 14}):
            assert editions.publish(corrected(_steady(), unit, M, **now)) == first, (unit, now)
    assert editions.publish(_steady()) == first


def test_corrections_of_several_hidden_units_count_together(editions: Editions) -> None:
    first = editions.publish(_steady())
    second = editions.publish(_steady(a=6.0, b=8.0))
    for level, group in (("sector", "A"), ("municipality", "all")):
        key = (level, group, "sick", M)
        assert second[key] == first[key] + 9.0
    # nearly all of this one is one unit's
    assert editions.publish(_steady(a=6.1, b=18.0)) == second


def test_a_unit_hidden_later_counts_as_it_was_last_published(editions: Editions) -> None:
    first = editions.publish(_steady())
    assert ("c", "sick", M) in _seen(first)
    second = editions.publish(corrected(_steady(), "c", M, days=1.5, persons=4))
    assert ("c", "sick", M) not in _seen(second)
    for level, group in (("sector", "A"), ("municipality", "all")):
        assert second[level, group, "sick", M] == first[level, group, "sick", M]
    third = editions.publish(corrected(_steady(), "c", M, days=1.5))
    assert third == second, "hidden once, hidden for good"


def test_a_unit_that_readers_have_seen_hides_no_other(editions: Editions) -> None:
    nothing = dict.fromkeys(SIZES, 0.0)
    first = editions.publish(_steady(**nothing))
    assert first["sector", "A", "sick", M] is None
    shown = {unit for unit, metric, _ in _seen(first) if metric == "sick"}
    assert {"c", "d"} <= shown
    # with these figures a first edition would have hidden them and shown the total
    second = editions.publish(_steady(**nothing | {"c": 4.0, "d": 9.0}))
    assert second["sector", "A", "sick", M] is None
    assert _hidden(second) == _hidden(first)


def test_a_run_that_was_killed_before_readers_saw_it_shows_nothing_later(
    editions: Editions,
) -> None:
    first = editions.publish(_steady())
    editions.publish(corrected(_steady(), "c", M, days=6.5), is_seen=False)
    second = editions.publish(corrected(_steady(), "c", M, days=6.5, persons=4))
    assert second["sector", "A", "sick", M] == first["sector", "A", "sick", M]


def test_a_total_is_missing_where_nothing_but_kept_figures_is_left(editions: Editions) -> None:
    editions.publish(_steady())
    gone = [cell if cell.sector == "B" else _without(cell) for cell in _steady()]
    after = editions.publish(gone)
    assert after["sector", "A", "sick", M] is None


def _without(cell: Cell) -> Cell:
    (found,) = corrected([cell], cell.unit, cell.month, days=None)
    return found


@pytest.mark.parametrize("seed", range(6))
def test_what_moves_in_a_total_is_shown_or_several_hidden_units(
    editions: Editions, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    cells = _town(seed, last=4)
    before, counted = editions.publish(cells), editions.counted()
    for _ in range(6):
        for _ in range(int(rng.integers(1, 4))):
            at = cells[rng.integers(len(cells))]
            now = {"days": float(rng.choice([0, 1, 4, 9])), "persons": int(rng.integers(3, 12))}
            cells = corrected(cells, at.unit, at.month, **now)
        after, counted_now = editions.publish(cells), editions.counted()
        for month in MONTHS[:4]:
            for level, group in (("sector", "A"), ("sector", "B"), ("municipality", "all")):
                key = (level, group, "sick", month)
                if before[key] is None or after[key] is None:
                    continue
                moved = [
                    unit
                    for unit in SIZES
                    if SECTORS[unit] == group or group == "all"
                    if after["unit", unit, "sick", month] is None
                    if counted[unit, "sick", month] != counted_now[unit, "sick", month]
                ]
                assert len(moved) != 1, (key, moved)
        before, counted = after, counted_now


def _late(*units: str, **days: float) -> list[Cell]:
    return [_without(cell) if cell.unit in units else cell for cell in _steady(**days)]


@pytest.mark.parametrize("days", [3.0, 0.0])
def test_a_hidden_unit_that_delivers_late_does_not_move_a_total_alone(
    editions: Editions, days: float
) -> None:
    first = editions.publish(_late("a", a=days))
    assert first["municipality", "all", "sick", M] is not None
    for _ in range(2):
        after = editions.publish(_steady(a=days))
        assert ("a", "sick", M) not in _seen(after)
        assert after["municipality", "all", "sick", M] == first["municipality", "all", "sick", M]
    # it may be seen when it is large enough, and is in the total then
    large = editions.publish(corrected(_steady(a=days), "a", M, persons=14))
    assert ("a", "sick", M) not in _seen(large)


def test_hidden_units_that_are_late_together_count_together(editions: Editions) -> None:
    first = editions.publish(corrected(_late("a", "b"), "b", M, persons=4))
    after = editions.publish(corrected(_steady(), "b", M, persons=4))
    whole = ("municipality", "all", "sick", M)
    assert {("a", "sick", M), ("b", "sick", M)}.isdisjoint(_seen(after))
    assert after[whole] == first[whole] + 5.0


def test_a_late_unit_that_is_shown_hides_no_other(editions: Editions) -> None:
    # in the first edition b and c keep a company; d comes late and is told by two editions
    first = editions.publish(_late("c", "d"))
    assert first["municipality", "all", "sick", M] is not None
    after = editions.publish(_steady())
    hidden = _hidden(after)
    assert {"c", "d"}.isdisjoint(hidden)
    behind = sum(SIZES[unit] for unit in hidden if SECTORS[unit] == "A")
    assert after["sector", "A", "sick", M] is None or behind >= 5


def test_a_part_of_any_unit_that_is_late_does_not_count_alone(editions: Editions) -> None:
    editions.publish(_late("f"))
    editions.publish(_steady())
    counted = editions.counted()
    assert counted["f", "sick", M] == 20.0
    assert ("f", "short", M) not in counted
    assert ("d", "short", M) in counted
