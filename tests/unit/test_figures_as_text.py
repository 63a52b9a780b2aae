"""Figures as people read them: one rule in Python, one in SQL, and the two write the same."""

from decimal import Decimal

import duckdb
import jinja2
import pytest

from pipelines.cli.output import number as on_the_command_line
from pipelines.settings import DBT_DIR
from pipelines.words.catalogue import codes
from pipelines.words.numbers import any_value, number, quantity
from pipelines.words.sentences import SENTENCES
from pipelines.words.told_rows import Metric

MACROS = ("words/languages.sql", "judgement/number_text.sql", "shown.sql")
VALUES = (
    0.0,
    -0.0,
    -0.04,
    0.04,
    -0.06,
    2.96,
    -2.96,
    -12.3,
    0.25,
    -0.5,
    999.99,
    -1234.5,
    1_234_567.81,
)


def in_sql(macro: str, *arguments: object, **named: object) -> str | None:
    """What a macro of the dbt project makes of its arguments, run by DuckDB."""
    text = "".join((DBT_DIR / "macros" / name).read_text("utf-8") for name in MACROS)
    environment = jinja2.Environment(autoescape=False)  # noqa: S701 - SQL, not HTML
    environment.globals["type_text"] = lambda: "varchar"
    module = environment.from_string(text).module
    (found,) = duckdb.execute(f"select {getattr(module, macro)(*arguments, **named)}").fetchone()
    return found


@pytest.mark.parametrize("value", VALUES)
@pytest.mark.parametrize("decimals", [0, 1, 2])
@pytest.mark.parametrize("language", codes())
@pytest.mark.parametrize("signed", [True, False])
def test_sql_and_python_write_the_same(
    value: float, decimals: int, language: str, *, signed: bool
) -> None:
    written = in_sql("number_text", f"{value}::double", decimals, language, signed=signed)
    assert written == number(value, decimals, language, signed=signed)


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
    [("-0.04", "0", "0"), ("2.96", "3", "3"), ("-3", "−3", "−3"), ("12.5", "12,5", "12.5"),
     ("1234.5", "1\u00a0234,5", "1,234.5"), ("null", None, None)],
)  # fmt: skip
def test_a_whole_number_in_a_sentence_has_no_decimals(
    value: str, nb: str | None, en: str | None
) -> None:
    for language, text in (("nb", nb), ("en", en)):
        assert in_sql("shown_number", f"cast({value} as double)", language) == text


def test_a_sentence_never_says_minus_nothing() -> None:
    row = {
        "metric_id": "overtime", "headline": "practically_unchanged", "basis": "comparison",
        "reason_code": None, "comparison_reason": None, "chart_verdict": None, "lowered_by": None,
        "tested_as": "screened", "n_tested": 12,
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
