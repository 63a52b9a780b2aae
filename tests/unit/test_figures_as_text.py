"""Figures as people read them: one rule, wherever they are written."""

from decimal import Decimal

import pytest

from pipelines.cli.output import number as on_the_command_line
from pipelines.words.numbers import any_value, number, quantity
from pipelines.words.sentences import SENTENCES
from pipelines.words.told_rows import Metric


@pytest.mark.parametrize("decimals", [0, 1, 3])
def test_what_rounds_to_zero_has_no_sign_wherever_it_is_written(decimals: int) -> None:
    tiny = -(10.0 ** -(decimals + 2))
    zero = "0" if not decimals else "0," + "0" * decimals
    for value in (tiny, -tiny, -0.0, Decimal("-0.000001")):
        for signed in (True, False):
            assert number(value, decimals, "nb", signed=signed) == zero
            assert on_the_command_line(value, decimals, signed=signed) == zero
    assert quantity(tiny, decimals, "fte", "nb", is_change=True) == f"{zero}\u00a0årsverk"
    assert any_value(-0.0, "nb") == any_value(Decimal("-0"), "nb") == "0"


@pytest.mark.parametrize(
    ("value", "nb", "en"),
    [(-0.04, "0", "0"), (2.96, "3", "3"), (-3, "−3", "−3"), (12.5, "12,5", "12.5"),
     (1234.5, "1\u00a0234,5", "1,234.5"), (None, "–", "–")],
)  # fmt: skip
def test_a_whole_number_in_a_sentence_has_no_decimals(
    value: float | None, nb: str, en: str
) -> None:
    row = {
        "signal_id": "leader_change", "text_code": None, "value": value, "value_unit": "times",
        "threshold": 1.0, "limit_2": None, "n": None, "n_other": None, "figure_date": None,
    }  # fmt: skip
    sentence = SENTENCES["mart_pitfalls", "text"]
    for language, figure in (("nb", nb), ("en", en)):
        assert sentence.text(row, {}, language).endswith(f": {figure}.")


def test_a_sentence_never_says_minus_nothing() -> None:
    row = {
        "metric_id": "overtime", "headline": "practically_unchanged", "basis": "comparison",
        "reason_code": None, "comparison_reason": None, "chart_verdict": None, "lowered_by": None,
        "tested_as": "screened", "n_tested": 12, "start_order": "chosen",
        "effect_unit": "pct", "value_before": 2.04, "value_after": 2.03, "anyway": -0.04,
        "estimate": -0.0, "estimate_lo": -0.02, "estimate_hi": 0.02,
    }  # fmt: skip
    about = {"decimals": 1, "unit": "pct", "direction": "lower", "label_nb": "Overtid",
             "label_en": "Overtime"}  # fmt: skip
    sentence = SENTENCES["mart_headlines", "sentence"]
    assert [sentence.text(row, {"overtime": Metric.of(about)}, code) for code in ("nb", "en")] == [
        "Overtid er uendret som målt (2,0\u00a0%). Det var ventet om lag ingen endring uansett. "
        "Anslått effekt 0,0 prosentpoeng (fra 0,0 til 0,0): mindre enn det som betyr noe i "
        "praksis.",
        "Overtime is unchanged as measured (2.0\u00a0%). About no change was expected anyway. "
        "Estimated effect 0.0 percentage points (from 0.0 to 0.0): less than what matters in "
        "practice.",
    ]
