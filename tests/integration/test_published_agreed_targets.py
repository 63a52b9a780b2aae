"""What was agreed before a round and what was not, and the figures that stand beside a verdict.

The locks are planted in ``example.yml``; what is said of them is read from the published file.
"""

from pathlib import Path

import pytest
from scipy.special import stdtrit

from tests.published import published, truth

pytestmark = pytest.mark.integration


def headline(home: Path, unit_id: str, metric_id: str, columns: str) -> tuple[object, ...]:
    (row,) = published(
        home,
        f"select {columns} from mart_headlines"
        f" where unit_id = '{unit_id}' and metric_id = '{metric_id}' and cycle_no = 1",
    )
    return row


def test_a_target_agreed_beforehand_is_one_test_and_one_locked_too_late_is_none(
    example_home: Path,
) -> None:
    planted = {(lock["unit"], lock["metric"]) for lock in truth(example_home)["locks"]}
    states = published(
        example_home,
        "select unit_id, locked_metric_id, target_state from mart_cycles"
        " where cycle_no = 1 and locked_metric_id is not null",
    )
    assert set(states) == {
        ("u0312", "sick_leave_short_pct", "registered"), ("u0330", "direct_time_pct", "late"),
    }  # fmt: skip
    assert {(unit, metric) for unit, metric, _ in states} == planted
    agreed = headline(
        example_home, "u0312", "sick_leave_short_pct", "tested_as, headline_group, q, n_tested"
    )
    assert agreed == ("registered", "improved", None, 1)
    assert headline(example_home, "u0330", "direct_time_pct", "tested_as") == ("screened",)
    # the cycle's own target, named in a register that was delivered afterwards
    assert headline(example_home, "u0316", "falls_per_1000", "tested_as") == ("screened",)
    for unit, metric, words in (
        ("u0312", "sick_leave_short_pct", "Målet var avtalt på forhånd."),
        ("u0330", "direct_time_pct", "Sett i ettertid"),
    ):
        ((said,),) = published(
            example_home,
            "select said.text from mart_sentences as said inner join mart_headlines as h"
            " on said.row_key = concat_ws('/', h.cycle_id, h.metric_id)"
            " where said.table_name = 'mart_headlines' and said.sentence = 'sentence'"
            f" and said.language = 'nb' and h.unit_id = '{unit}' and h.metric_id = '{metric}'"
            " and h.cycle_no = 1",
        )
        assert words in said


def test_the_smallest_detectable_change_is_that_of_the_test_each_row_is_held_to(
    example_home: Path,
) -> None:
    rows = published(
        example_home,
        "select basis, df, cf_se, mde80, n_tested from mart_effects where scale = 'raw'"
        " and verdict in ('improved', 'worsened', 'no_detectable_change') and cf_se is not null",
    )
    assert len(rows) > 100
    for basis, df, error, told, n_tested in rows:
        needed = 0.975 if basis == "registered" else max(0.975, 1 - 0.05 / n_tested)
        assert told == pytest.approx((stdtrit(df, needed) + stdtrit(df, 0.8)) * error, rel=1e-4)


def test_the_probability_of_better_stands_beside_what_was_compared_and_judges_nothing(
    example_home: Path,
) -> None:
    rows = published(
        example_home,
        "select basis, direction, effect_verdict, p_better from mart_headlines"
        " inner join dim_metrics using (metric_id)",
    )
    for basis, direction, verdict, likely in rows:
        is_told = basis == "comparison" and direction in {"lower", "higher"}
        assert (likely is not None) == is_told
        if is_told and verdict in {"improved", "worsened"}:
            # a series far from the others is drawn towards them, and its verdict is not
            assert (likely > 0.5) == (verdict == "improved")
    # likely, and yet not found: a figure is no verdict
    assert any(
        likely and likely > 0.9 and verdict not in {"improved"} for *_, verdict, likely in rows
    )
