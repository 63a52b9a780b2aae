"""What may be said: gates, verdicts, persistence classes and numbers in words."""

from dataclasses import replace

import numpy as np
import pytest

from pipelines.effects.judge.events import Flags
from pipelines.effects.judge.persistence import Course, Interval, classify
from pipelines.effects.judge.unit_estimate import Found, caveats
from pipelines.effects.judge.verdicts import Evidence, gate, is_good, judge, precision_of
from pipelines.effects.model.counterfactual import UnitEffect
from pipelines.effects.model.inputs import Rules
from pipelines.words.numbers import number

PASSING = Evidence(14.0, 5, 24, False, 24, 24, 12, False, True, "ok", True, False, Flags())


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, None),
        ({"employees": 4.9}, ("suppressed", "few_persons")),
        ({"employees": None}, ("suppressed", "few_persons")),
        ({"employees": 9.0, "min_persons": 10}, ("suppressed", "few_persons")),
        ({"window": None}, ("too_little_data", "short_history")),
        ({"is_preliminary": True}, ("too_little_data", "preliminary")),
        ({"n_before": 17}, ("too_little_data", "missing_before")),
        ({"n_before": 18}, None),
        ({"n_after": 17}, ("too_little_data", "missing_after")),
        ({"n_untreated": 7}, ("too_little_data", "few_untreated")),
        ({"n_untreated": 3, "is_small_family": True}, None),
        (
            {"n_untreated": 9, "is_small_family": True, "is_answerable": False},
            ("too_little_data", "few_untreated"),
        ),
        ({"model": "none", "n_untreated": 0}, ("too_little_data", "no_model")),
        ({"has_effect": False}, ("too_little_data", "no_model")),
        ({"model": "broken"}, ("too_little_data", "model_check")),
        (
            {"flags": Flags(definition_change=True, reorganisation=True)},
            ("not_interpretable", "definition_change"),
        ),
        ({"flags": Flags(reorganisation=True)}, ("not_interpretable", "reorganisation")),
        ({"flags": Flags(budget_cut=True)}, None),
        (
            {"flags": Flags(budget_cut=True), "is_cost_linked": True},
            ("not_interpretable", "budget_cut"),
        ),
        ({"flags": Flags(leader_change=True)}, None),
    ],
)
def test_the_first_gate_that_closes_names_the_reason(
    change: dict[str, object], expected: tuple[str, str] | None
) -> None:
    assert gate(replace(PASSING, **change), Rules()) == expected


@pytest.mark.parametrize(
    ("p", "q", "good", "expected"),
    [
        (0.01, 0.05, True, "improved"),
        (0.01, 0.05, False, "worsened"),
        (0.01, 0.05, None, "changed"),
        (0.01, 0.11, True, "no_detectable_change"),
        (0.06, 0.09, True, "no_detectable_change"),
        (0.04, None, True, "improved"),
        (0.06, None, True, "no_detectable_change"),
    ],
)
def test_a_finding_needs_both_a_small_p_and_a_small_q(
    p: float, q: float | None, good: bool | None, expected: str
) -> None:
    assert judge(p, q, Rules(), is_good=good) == expected


@pytest.mark.parametrize(
    ("direction", "effect", "after", "target", "expected"),
    [
        ("lower", -1.0, 5.0, None, True),
        ("higher", -1.0, 5.0, None, False),
        ("neutral", -1.0, 5.0, None, None),
        ("target", -4.0, 1.0, 0.0, True),
        ("target", -4.0, -5.0, 0.0, False),
        ("target", -4.0, -5.0, None, None),
    ],
)
def test_better_depends_on_the_metric(
    direction: str, effect: float, after: float, target: float | None, expected: bool | None
) -> None:
    assert is_good(direction, effect, after, target) == expected


def test_unchanged_is_said_only_when_the_interval_is_narrow_enough() -> None:
    assert precision_of(0.5, (-0.9, 0.8), 1.0, Rules()) == "practically_unchanged"
    assert precision_of(0.5, (-1.1, 0.8), 1.0, Rules()) == "cannot_tell"
    assert precision_of(0.5, (-0.9, 0.8), None, Rules()) == "cannot_tell"


def test_an_interval_that_excludes_zero_is_a_sign_even_where_it_is_narrow() -> None:
    assert precision_of(0.05, (-0.9, 0.0), 1.0, Rules()) == "sign_beyond_expected"
    assert precision_of(0.05, (-9.0, -0.1), None, Rules()) == "sign_beyond_expected"


GOOD_EARLY = Interval(-3.0, -4.0, -2.0)


LATER = Interval(-2.4, -3.6, -1.2)


@pytest.mark.parametrize(
    ("later", "expected"),
    [
        (None, "too_early"),
        (LATER, "lasted"),
        (Interval(0.1, -1.2, 1.4), "did_not_last"),
        (Interval(-1.6, -3.4, 0.2), "unclear"),
    ],
)
def test_nothing_has_lasted_before_the_third_and_fourth_year_are_in(
    later: Interval | None, expected: str
) -> None:
    late, contrast = Interval(-2.5, -3.5, -1.5), Interval(0.5, -0.5, 1.5)
    course = Course(GOOD_EARLY, late, contrast, later)
    assert classify(course, -1, enough=True) == expected


@pytest.mark.parametrize(
    ("late", "contrast", "enough", "expected"),
    [
        (Interval(-2.5, -3.5, -1.5), Interval(0.5, -0.5, 1.5), True, "lasted"),
        (Interval(-0.5, -1.5, 0.5), Interval(2.5, 1.5, 3.5), True, "did_not_last"),
        (Interval(-1.0, -2.5, 0.5), Interval(2.0, -0.5, 4.5), True, "unclear"),
        (Interval(-2.5, -3.5, -1.5), Interval(0.5, -0.5, 1.5), False, "too_early"),
    ],
)
def test_an_effect_lasted_if_what_follows_holds_half_of_the_first_year(
    late: Interval, contrast: Interval, enough: bool, expected: str
) -> None:
    course = Course(GOOD_EARLY, late, contrast, LATER)
    assert classify(course, -1, enough=enough) == expected
    mirrored = Course(
        *[Interval(-i.estimate, -i.high, -i.low) for i in (GOOD_EARLY, late, contrast, LATER)]
    )
    assert classify(mirrored, 1, enough=enough) == expected


@pytest.mark.parametrize(
    ("value", "decimals", "norwegian", "english"),
    [
        (-2.44, 1, "−2,4", "−2.4"),
        (1234.5, 1, "+1\u00a0234,5", "+1,234.5"),
        (-0.04, 1, "0,0", "0.0"),
        (7.0, 0, "+7", "+7"),
    ],
)
def test_numbers_are_written_as_each_language_writes_them(
    value: float, decimals: int, norwegian: str, english: str
) -> None:
    assert number(value, decimals, "nb", signed=True) == norwegian
    assert number(value, decimals, "en", signed=True) == english


@pytest.mark.parametrize(
    ("estimate", "did_delta", "did_p", "flag"),
    [
        (-1.0, 0.5, 0.10, True),
        (1.0, -0.5, 0.02, True),
        (-1.0, 0.5, 0.11, False),
        (-1.0, -0.5, 0.02, False),
        (-1.0, float("nan"), float("nan"), False),
    ],
)
def test_the_control_disagrees_only_when_it_is_clear_and_points_the_other_way(
    estimate: float, did_delta: float, did_p: float, *, flag: bool
) -> None:
    effect = UnitEffect(estimate, 1.0, np.zeros(3), 1.0, 3)
    found = Found({"did_delta": did_delta, "did_p": did_p, "bump_z": 0.0}, effect, None)
    assert caveats(found, "lower", 0.10)["flag_did_disagrees"] is flag


@pytest.mark.parametrize(
    ("direction", "bump_z", "flag"),
    [
        ("lower", 1.65, True),
        ("lower", 1.63, False),
        ("lower", -3.0, False),
        ("higher", -1.65, True),
        ("neutral", 9.0, False),
    ],
)
def test_a_bad_year_is_bad_in_the_metrics_own_direction(
    direction: str, bump_z: float, *, flag: bool
) -> None:
    effect = UnitEffect(-1.0, 1.0, np.zeros(3), 1.0, 3)
    found = Found({"did_delta": 0.0, "did_p": 1.0, "bump_z": bump_z}, effect, None)
    assert caveats(found, direction, 0.10)["flag_bad_start_year"] is flag
