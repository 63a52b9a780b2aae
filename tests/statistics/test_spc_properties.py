"""What must hold for the chart macros whatever the figures: units, signs, order, frozen limits."""

import math
import random
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.statistics.spc_cases import Point
from tests.statistics.spc_runner import Charts, Results, Row

LINES = ("centre", "lower_3s", "lower_2s", "upper_2s", "upper_3s")
SAID = ("rule", "colour", "is_outside", "is_trend", "is_two_in_three", "is_shift")
COUNTED = ("n_before", "n_after", "required_run", "longest_run_better", "longest_run_worse")
BASELINE = 24

# one decimal, so that points meet each other and the centre line; one in twenty is missing
figures = st.lists(
    st.integers(20, 124).map(lambda tenths: None if tenths > 119 else tenths / 10),
    min_size=34,
    max_size=48,
).filter(lambda found: any(value is not None for value in found[:BASELINE]))
# every example is one run of the SQL, whose cost is in planning it: so many series at a time
batches = st.lists(figures, min_size=4, max_size=8)
few = settings(
    max_examples=5,
    suppress_health_check=[HealthCheck.too_slow],
)


def series(
    name: str,
    values: Sequence[float | None],
    *,
    chart: str = "xmr",
    better: int = -1,
    weights: Sequence[float] | None = None,
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
@given(batches, st.floats(0.01, 100), st.integers(-1000, 1000), st.randoms(use_true_random=False))
def test_units_signs_and_order_of_rows_do_not_change_what_is_said(
    charts: Charts,
    batch: list[list[float | None]],
    factor: float,
    distance: int,
    shuffler: random.Random,
) -> None:
    points = []
    for number, values in enumerate(batch):
        points += series(f"plain{number}", values)
        points += series(f"scaled{number}", [None if v is None else v * factor for v in values])
        points += series(f"moved{number}", [None if v is None else v + distance for v in values])
        points += series(f"mirrored{number}", [None if v is None else -v for v in values], better=1)
    in_order = charts.run(points, {})
    shuffler.shuffle(points)
    shuffled = charts.run(points, {})

    for number in range(len(batch)):
        for kind in ("plain", "scaled", "moved", "mirrored"):
            name = f"{kind}{number}"
            assert said(in_order, name) == said(in_order, f"plain{number}")
            assert judged(in_order, name) == judged(in_order, f"plain{number}")
            assert said(shuffled, name) == said(in_order, name)
            assert judged(shuffled, name) == judged(in_order, name)
            assert lines(shuffled, name) == pytest.approx(lines(in_order, name), rel=1e-12)
        plain = lines(in_order, f"plain{number}")
        scaled = [line * factor for line in plain]
        assert lines(in_order, f"scaled{number}") == pytest.approx(scaled, rel=1e-9)
        moved = [line + distance for line in plain]
        assert lines(in_order, f"moved{number}") == pytest.approx(moved, abs=1e-9)
        change = verdict(in_order, f"plain{number}")["change"]
        scaled_change = verdict(in_order, f"scaled{number}")["change"]
        assert scaled_change == pytest.approx(change * factor, abs=1e-7)
        sides = [row["signal_side"] for row in in_order.points[f"plain{number}"]]
        mirrored = [row["signal_side"] for row in in_order.points[f"mirrored{number}"]]
        assert mirrored == [None if side is None else -side for side in sides]


@few
@given(batches, st.lists(st.integers(5, 400), min_size=48, max_size=48), st.integers(2, 50))
def test_iprime_counts_the_same_in_hours_as_in_days_and_is_xmr_at_equal_sizes(
    charts: Charts, batch: list[list[float | None]], sizes: list[int], times: int
) -> None:
    # Taylor's constant against the rounded 2.66
    ratio = 3 * math.sqrt(math.pi / 2) / math.sqrt(2) / 2.66
    points = []
    for number, values in enumerate(batch):
        days = [float(size) for size in sizes[: len(values)]]
        hours = [size * times for size in days]
        points += series(f"days{number}", values, chart="iprime", weights=days)
        points += series(f"hours{number}", values, chart="iprime", weights=hours)
        points += series(f"equal{number}", values, chart="iprime", weights=[7.0] * len(values))
        points += series(f"xmr{number}", values)
    results = charts.run(points, {})
    for number in range(len(batch)):
        days_said, hours_said = f"days{number}", f"hours{number}"
        assert said(results, hours_said) == said(results, days_said)
        assert judged(results, hours_said) == judged(results, days_said)
        assert lines(results, hours_said) == pytest.approx(lines(results, days_said), rel=1e-9)
        pairs = zip(results.points[f"equal{number}"], results.points[f"xmr{number}"], strict=True)
        for equal, xmr in pairs:
            width = (xmr["upper_3s"] - xmr["centre"]) * ratio
            assert equal["upper_3s"] - equal["centre"] == pytest.approx(width, abs=1e-9)


@few
@given(batches, st.lists(st.integers(0, 500).map(float), min_size=1, max_size=20))
def test_what_comes_later_never_moves_a_frozen_limit(
    charts: Charts, batch: list[list[float | None]], later: list[float]
) -> None:
    points = []
    for number, values in enumerate(batch):
        points += series(f"short{number}", values) + series(f"long{number}", [*values, *later])
    results = charts.run(points, {})
    for number, values in enumerate(batch):
        kept = lines(results, f"long{number}")[: len(values) * len(LINES)]
        assert kept == pytest.approx(lines(results, f"short{number}"), rel=1e-12)


def test_hollow_months_carry_no_signal_and_lend_none(charts: Charts) -> None:
    flat = [8.0, 8.2] * (BASELINE // 2)
    points = series("a", [*flat, *[99.0] * 7, *flat])
    for point in points:
        if BASELINE < point["seq"] <= BASELINE + 7:
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
