"""What must hold for the chart macros whatever the figures: units, signs, order, and frozen limits."""

import random
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.statistics.spc_cases import Point
from tests.statistics.spc_runner import Charts, Results, Row

pytestmark = pytest.mark.xdist_group("charts")

LINES = ("centre", "lower_3s", "lower_2s", "upper_2s", "upper_3s")
SAID = ("rule", "colour", "is_outside", "is_trend", "is_two_in_three", "is_shift")
COUNTED = ("n_before", "n_after", "required_run", "longest_run_better", "longest_run_worse")
BASELINE = 24

# one decimal, so that points meet each other and the centre line
figures = st.lists(
    st.one_of(st.none(), st.integers(20, 120).map(lambda tenths: tenths / 10)),
    min_size=34,
    max_size=48,
).filter(lambda found: sum(value is not None for value in found[:BASELINE]) >= 14)
few = settings(
    max_examples=20,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def series(
    name: str,
    values: list[float | None],
    *,
    chart: str = "xmr",
    better: int = -1,
    weights: list[float] | None = None,
    **flags: Any,
) -> list[Point]:
    """Points with 24 months before; with weights, a rate of numerators over denominators."""
    denominators = weights or [1.0] * len(values)
    return [
        {
            "series_id": name,
            "phase_no": 1,
            "seq": seq,
            "chart": chart,
            "scale": 1.0,
            "numerator": None if value is None else value * weight,
            "denominator": weight,
            "value": value,
            "is_baseline": seq <= BASELINE,
            "is_after": seq > BASELINE,
            "is_counted": True,
            "is_laney": False,
            "only_outside": False,
            "better_side": better,
            "target": None,
            **flags,
        }
        for seq, (value, weight) in enumerate(zip(values, denominators, strict=True), 1)
    ]


@pytest.fixture(scope="module")
def charts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Charts]:
    rendered = Charts(tmp_path_factory.mktemp("spc"), [({}, series("a", [1.0] * 30))])
    yield rendered
    rendered.close()


def said(results: Results, name: str) -> list[tuple[Any, ...]]:
    return [tuple(row[column] for column in SAID) for row in results.points[name]]


def verdict(results: Results, name: str) -> Row:
    (found,) = results.verdicts[name]
    return found


def judged(results: Results, name: str) -> tuple[Any, ...]:
    found = verdict(results, name)
    return (found["verdict"], *(found[column] for column in COUNTED))


def lines(results: Results, name: str) -> list[float]:
    return [row[line] for row in results.points[name] for line in LINES]


@few
@given(figures, st.floats(0.01, 100), st.integers(-1000, 1000), st.randoms(use_true_random=False))
def test_units_signs_and_order_of_rows_do_not_change_what_is_said(
    charts: Charts,
    values: list[float | None],
    factor: float,
    distance: int,
    shuffler: random.Random,
) -> None:
    points = series("plain", values)
    points += series("scaled", [None if v is None else v * factor for v in values])
    points += series("moved", [None if v is None else v + distance for v in values])
    points += series("mirrored", [None if v is None else -v for v in values], better=1)
    in_order = charts.run(points, {})
    shuffler.shuffle(points)
    shuffled = charts.run(points, {})

    for name in ("plain", "scaled", "moved", "mirrored"):
        assert said(in_order, name) == said(in_order, "plain")
        assert judged(in_order, name) == judged(in_order, "plain")
        assert said(shuffled, name) == said(in_order, name)
        assert judged(shuffled, name) == judged(in_order, name)
        assert lines(shuffled, name) == pytest.approx(lines(in_order, name), rel=1e-12)
    plain = lines(in_order, "plain")
    assert lines(in_order, "scaled") == pytest.approx([v * factor for v in plain], rel=1e-9)
    assert lines(in_order, "moved") == pytest.approx([v + distance for v in plain], abs=1e-9)
    sides = [row["signal_side"] for row in in_order.points["plain"]]
    mirrored = [row["signal_side"] for row in in_order.points["mirrored"]]
    assert mirrored == [None if side is None else -side for side in sides]
    change = verdict(in_order, "plain")["change"]
    assert verdict(in_order, "scaled")["change"] == pytest.approx(change * factor, abs=1e-7)


@few
@given(figures, st.lists(st.integers(5, 400), min_size=48, max_size=48), st.integers(2, 50))
def test_iprime_counts_the_same_in_hours_as_in_days_and_is_xmr_at_equal_sizes(
    charts: Charts, values: list[float | None], sizes: list[int], times: int
) -> None:
    weights = [float(size) for size in sizes[: len(values)]]
    points = series("days", values, chart="iprime", weights=weights)
    points += series("hours", values, chart="iprime", weights=[w * times for w in weights])
    points += series("equal", values, chart="iprime", weights=[7.0] * len(values))
    points += series("xmr", values)
    results = charts.run(points, {})
    assert said(results, "hours") == said(results, "days")
    assert judged(results, "hours") == judged(results, "days")
    assert lines(results, "hours") == pytest.approx(lines(results, "days"), rel=1e-9)
    # Taylor's constant against the rounded 2.66
    ratio = 3 * (3.141592653589793 / 2) ** 0.5 / 2**0.5 / 2.66
    for equal, xmr in zip(results.points["equal"], results.points["xmr"], strict=True):
        width = (xmr["upper_3s"] - xmr["centre"]) * ratio
        assert equal["upper_3s"] - equal["centre"] == pytest.approx(width, abs=1e-9)


@few
@given(figures, st.lists(st.integers(0, 500).map(float), min_size=1, max_size=20))
def test_what_comes_later_never_moves_a_frozen_limit(
    charts: Charts, values: list[float | None], later: list[float]
) -> None:
    results = charts.run(series("short", values) + series("long", values + later), {})
    kept = lines(results, "long")[: len(values) * len(LINES)]
    assert kept == pytest.approx(lines(results, "short"), rel=1e-12)


@few
@given(figures, st.integers(1, 9))
def test_hollow_months_carry_no_signal_and_lend_none(
    charts: Charts, values: list[float | None], hollow: int
) -> None:
    flat = [8.0, 8.2] * (BASELINE // 2)
    wild = [99.0 if v is None else v + 90 for v in values[:hollow]]
    points = series("a", [*flat, *wild, *flat])
    for point in points:
        if BASELINE < point["seq"] <= BASELINE + hollow:
            point |= {"is_after": False, "is_counted": False}
    results = charts.run(points, {})
    assert {row["rule"] for row in results.points["a"]} == {None}
    assert verdict(results, "a")["n_after"] == BASELINE
    assert verdict(results, "a")["verdict"] == "no_change_detected"


def test_with_the_season_left_in_only_points_outside_the_limits_are_signs(charts: Charts) -> None:
    before = [8.0, 8.4] * 12
    lower = [7.9] * 14
    results = charts.run(
        series("known", before + lower) + series("left_in", before + lower, only_outside=True), {}
    )
    assert verdict(results, "known")["verdict"] == "sustained_improvement"
    assert verdict(results, "left_in")["verdict"] == "no_change_detected"
    assert {row["rule"] for row in results.points["left_in"]} == {None}


def test_where_neither_side_is_better_a_lasting_shift_is_a_change(charts: Charts) -> None:
    values = [8.0, 8.4] * 12 + [7.0, 7.2] * 7
    results = charts.run(
        series("neutral", values, better=0)
        + series("up", values, better=1)
        + series("lost", [*values, *[9.0, 9.4] * 4], better=0),
        {},
    )
    assert verdict(results, "neutral")["verdict"] == "sustained_change"
    assert verdict(results, "up")["verdict"] == "sustained_deterioration"
    assert verdict(results, "lost")["verdict"] == "mixed"
    assert {row["colour"] for row in results.points["neutral"][BASELINE:]} == {"neutral"}


def test_a_constant_share_has_limits_on_the_line_and_no_signal(charts: Charts) -> None:
    results = charts.run(series("a", [0.1] * 40, chart="iprime", weights=[3.0] * 40), {})
    assert {row["limit_note"] for row in results.points["a"]} == {"no_variation"}
    assert {row["rule"] for row in results.points["a"]} == {None}
    assert verdict(results, "a")["verdict"] == "no_change_detected"


def test_rare_events_have_no_limit_below_zero(charts: Charts) -> None:
    days: list[float | None] = [12, 30, 5, 44, 8, 19, 61, 3, 27, 15, 90, 41, 7, 22, 35] * 2
    results = charts.run(series("g", days, chart="g") + series("t", days, chart="t"), {})
    for name in ("g", "t"):
        assert min(row["lower_3s"] for row in results.points[name]) == 0
        assert min(row["upper_3s"] for row in results.points[name]) > 90
