"""The rule that judges: the reference cases, and what must hold whatever was measured."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from pipelines.effects.judge import rule
from pipelines.effects.judge.detectable import detectable
from pipelines.effects.judge.rule import judge_series, screened_q
from pipelines.effects.model.family import degrees_of_freedom, is_answerable
from pipelines.effects.model.inputs import Rules
from tests.statistics.case_forms import RULE_CASES, kind_of, kinds_in
from tests.statistics.rule_cases import rule_checks, rule_files

RULES = Rules()
P = st.floats(1e-6, 1)
SERIES = st.lists(st.tuples(st.sampled_from("abc"), P, st.booleans()), min_size=1, max_size=40)


@pytest.mark.parametrize("file", rule_files(), ids=lambda file: file.stem)
def test_a_reference_case_comes_out_as_expected(file: Path) -> None:
    checks = list(rule_checks(file))
    assert checks
    assert [f"{c.case}: {c.what} = {c.measured:.6g}" for c in checks if not c.ok] == []


def test_there_are_cases_and_a_file_nobody_knows_is_not_skipped(tmp_path: Path) -> None:
    assert set(kinds_in(RULE_CASES).values()) & {"rule", "plan"}
    with pytest.raises(ValueError, match="holds no cases"):
        kinds_in(tmp_path)
    (tmp_path / "README.md").write_text("# what they are")
    deeper = tmp_path / "another" / "folder"
    deeper.mkdir(parents=True)
    (deeper / "odd.json").write_text(json.dumps({"rows": [{"other": 1}]}))
    with pytest.raises(ValueError, match=r"odd\.json"):
        kinds_in(tmp_path)
    (deeper / "odd.json").unlink()
    (tmp_path / "rows.csv").write_text("unit;q")
    with pytest.raises(ValueError, match=r"rows\.csv"):
        kinds_in(tmp_path)
    assert kind_of([]) is None
    assert kind_of([{"rows": [{"verdict": "improved"}]}, {"orders": [], "params": {}}]) is None


@pytest.mark.parametrize(
    ("head", "row", "sign"),
    [({"rule": "higher is better; t with 7 df"}, {}, 1), ({}, {"direction": "lower", "df": 7}, -1)],
)
def test_a_case_with_other_names_and_other_settings_is_read_by_them(
    tmp_path: Path, head: dict[str, str], row: dict[str, object], sign: int
) -> None:
    estimate, se = 3.0 * sign, 1.0
    half = stats.t.ppf(0.975, 7) * se
    told = {
        "unit_id": "A", "metric_id": "m", "effect": estimate, "cf_se": se,
        "low": round(estimate - half, 6), "high": round(estimate + half, 6),
        "p_value": round(2 * stats.t.sf(3.0, 7), 6), "mre": None, "registered": True,
        "q_value": None, "verdict": "improved", "precision": None,
    }  # fmt: skip
    file = tmp_path / "case.json"
    file.write_text(json.dumps(head | {"rows": [told | row]}))
    assert all(check.ok for check in rule_checks(file))
    file.write_text(json.dumps(head | {"rows": [told | row | {"verdict": "worsened"}]}))
    assert not all(check.ok for check in rule_checks(file))


def test_cases_may_come_in_a_list_with_what_is_expected_apart_and_without_what_follows(
    tmp_path: Path,
) -> None:
    row = {
        "series": "A", "kpi": "m", "est": -3.0, "std_error": 1.0, "basis": "screened", "note": "x",
        "expected": {"verdict": "improved", "q": round(2 * stats.t.sf(3.0, 9), 6)},
    }  # fmt: skip
    case = {"metrics": {"m": {"better": "lower", "df": 9}}, "rows": [row], "made_by": "hand"}
    (tmp_path / "deep").mkdir()
    file = tmp_path / "deep" / "cases.json"
    file.write_text(json.dumps([case, case]))
    checks = list(rule_checks(file))
    assert len(checks) == 2 * 5
    assert all(check.ok for check in checks)
    case["metrics"]["m"]["better"] = "higher"
    file.write_text(json.dumps([case]))
    assert not all(check.ok for check in rule_checks(file))
    del row["est"]
    file.write_text(json.dumps([case]))
    with pytest.raises(KeyError, match="no column for estimate"):
        list(rule_checks(file))


@given(series=SERIES)
def test_a_metric_is_judged_without_regard_to_any_other(
    series: list[tuple[str, float, bool]],
) -> None:
    together = screened_q(series)
    for name in "abc":
        alone = screened_q([each for each in series if each[0] == name])
        assert alone == [q for q, each in zip(together, series, strict=True) if each[0] == name]
    assert all((q is None) == each[2] for q, each in zip(together, series, strict=True))


def a_series(p: float, *, registered: bool) -> rule.Tested:
    low, high = (-3.0, -1.0) if p <= RULES.max_p else (-3.0, 1.0)
    return rule.Tested("m", p, low, high, is_good=True, relevant=None, is_registered=registered)


def test_a_target_agreed_beforehand_is_one_test_however_much_else_is_measured() -> None:
    others = [a_series(0.5, registered=False) for _ in range(30)]
    (found, *_) = judge_series([a_series(0.04, registered=True), *others], RULES)
    assert (found.verdict, found.basis, found.q, found.n_tested) == (
        "improved", "registered", None, 1,
    )  # fmt: skip
    (seen, *_) = judge_series([a_series(0.04, registered=False), *others], RULES)
    assert (seen.verdict, seen.precision) == ("no_detectable_change", "sign_beyond_expected")
    assert (seen.basis, seen.n_tested) == ("screened", 31)


@given(p=P, registered=st.booleans(), others=st.lists(P, max_size=20))
def test_cannot_be_told_never_stands_beside_an_interval_that_excludes_zero(
    p: float, others: list[float], *, registered: bool
) -> None:
    (found, *_) = judge_series(
        [a_series(p, registered=registered), *(a_series(q, registered=False) for q in others)],
        RULES,
    )
    assert (found.precision in ("cannot_tell", "practically_unchanged")) == (p > RULES.max_p)


def test_the_smallest_detectable_change_is_that_of_the_test_that_is_used() -> None:
    assert detectable(1.0, 20, RULES) == pytest.approx(2.946, abs=1e-3)
    t = stats.t(20)
    among_37 = t.ppf(1 - 0.05 / 37) + t.ppf(0.80)
    assert detectable(1.0, 20, RULES, n_screened=37) == pytest.approx(among_37)
    # alone, p at most .05 decides
    assert detectable(2.0, 20, RULES, n_screened=1) == pytest.approx(2 * 2.946, abs=2e-3)


@pytest.mark.parametrize("df", [3, 20])
@pytest.mark.parametrize("n", [1, 12])
def test_an_effect_of_that_size_is_found_in_four_of_five(df: int, n: int) -> None:
    # the shift of a central t, as the formula has it: the first hit of n needs p <= q / n
    limit = min(RULES.max_p, RULES.max_q / n)
    size = detectable(1.0, df, RULES, n_screened=n)
    threshold = stats.t.ppf(1 - limit / 2, df)
    assert stats.t.sf(threshold - size, df) == pytest.approx(0.80)


def test_a_small_family_pays_with_degrees_of_freedom_and_needs_three_that_wait() -> None:
    families = {(76, 33): 20, (20, 3): 20, (19, 6): 6, (12, 40): 20, (6, 3): 3}
    assert {each: degrees_of_freedom(*each) for each in families} == families
    assert is_answerable(19, 3)
    assert not is_answerable(19, 2)
    assert is_answerable(20, 0)
    assert not is_answerable(5, 9)
    assert np.diff([degrees_of_freedom(19, w) for w in range(19)]).min() >= 0
