"""What the everyday of Lean comes to in the published example, against what was planted in it.

And in a municipality that delivers none of it: "cannot see", never "no pitfall".
"""

from pathlib import Path

import pytest

from tests.published import published, truth

pytestmark = pytest.mark.integration
BY_CHANCE = {"budget_cut", "fte_cut", "short_baseline"}  # these follow from ledger, staff, figures


def test_the_planted_signals_and_no_others_are_found(example_home: Path) -> None:
    planted = {
        (signal["unit"] or "all", signal["signal"])
        for signal in truth(example_home)["pitfall_signals"]
    }
    found = published(
        example_home,
        "select scope_id, signal_id from mart_pitfalls where status = 'signal'"
        " and (scope_type = 'unit' or signal_id = 'units_per_coach')",
    )
    assert {row for row in found if row[1] not in BY_CHANCE} == planted


def test_every_pitfall_has_a_signal_in_some_unit_and_the_cut_pilot_has_its_cut(
    example_home: Path,
) -> None:
    found = published(
        example_home,
        "select distinct pitfall_no from mart_pitfalls where status = 'signal' order by 1",
    )
    assert found == [(number,) for number in range(1, 7)]
    (cut,) = published(
        example_home,
        "select status from mart_pitfalls where scope_id = 'u0620' and signal_id = 'budget_cut'",
    )
    assert cut == ("signal",)


def test_the_pilots_mostly_have_no_signal(example_home: Path) -> None:
    found = published(
        example_home,
        "select count(case when status = 'signal' then 1 end), count(*) from mart_pitfalls"
        " where scope_id in (select unit_id from dim_units where is_pilot)",
    )
    assert found[0][0] <= 6
    assert found[0][1] == 7 * 16


def test_a_unit_is_found_at_each_maturity_level(example_home: Path) -> None:
    found = dict(
        published(example_home, "select unit_id, level_computed from mart_maturity where is_latest")
    )
    planted = truth(example_home)["maturity"]
    assert {unit: found[unit] for unit in planted} == planted
    assert set(planted.values()) == set(range(6))


def test_units_with_few_answers_are_hidden_and_texts_of_actions_are_not_published(
    example_home: Path,
) -> None:
    hidden = published(
        example_home,
        "select count(*), count(now_mean), count(n_respondents) from mart_culture"
        " where suppression_reason is not null",
    )
    assert hidden[0][0] > 0
    assert hidden[0][1:] == (0, 0)
    least = published(example_home, "select min(n_respondents) from mart_culture")
    assert least[0][0] >= 5
    texts = published(
        example_home,
        "select column_name from information_schema.columns where table_name = 'mart_actions'"
        " and column_name in ('title', 'root_cause', 'owner_role')",
    )
    assert texts == []
    # a cause that three units meet is a kind, and shown
    causes = published(
        example_home,
        "select root_cause, count(distinct unit_id) from mart_open_actions"
        " where root_cause is not null group by root_cause",
    )
    assert causes
    assert all(n_units >= 3 for _, n_units in causes)


def test_what_is_not_delivered_is_never_said_to_be_no_pitfall(nhs_home: Path) -> None:
    found = published(
        nhs_home,
        "select distinct scope_type, status from mart_pitfalls",
        municipality="nhs_england",
    )
    assert found == [("municipality", "cannot_see")]
    reason = published(
        nhs_home,
        "select cannot_see_reason from mart_pitfalls where signal_id = 'no_anchoring'",
        municipality="nhs_england",
    )
    assert reason == [("not_delivered",)]
