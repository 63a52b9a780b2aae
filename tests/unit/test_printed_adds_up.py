"""Figures as printed: a change is the printed after less the printed before, always."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from pipelines.words.numbers import number
from pipelines.words.printed import printed, printed_change, unit_in_sentence

FIGURES = st.floats(-1e7, 1e7, allow_nan=False, allow_infinity=False)
DECIMALS = st.integers(0, 3)


def read_back(text: str) -> Decimal:
    return Decimal(text.replace("\u2212", "-").replace("\u00a0", "").replace(",", "."))


@given(FIGURES, FIGURES, DECIMALS)
def test_before_and_change_give_after(before: float, after: float, decimals: int) -> None:
    change = printed_change(before, after, decimals)
    texts = [number(value, decimals, "nb") for value in (before, change, after)]
    first, moved, last = map(read_back, texts)
    assert first + moved == last


@given(FIGURES, DECIMALS)
def test_the_printed_figure_is_the_one_that_is_written(value: float, decimals: int) -> None:
    assert printed(value, decimals) == read_back(number(value, decimals, "nb"))


def test_a_change_of_what_is_missing_is_missing() -> None:
    assert printed_change(None, 1.0, 1) is None
    assert printed_change(1.0, None, 1) is None


def test_words_after_a_figure_may_break_but_a_sign_and_a_number_may_not() -> None:
    assert unit_in_sentence("pct", "nb", "level") == "\u00a0%"
    assert unit_in_sentence("pct", "nb", "change") == " prosentpoeng"
    assert unit_in_sentence("per_10000", "nb", "level") == " per 10\u00a0000"
    assert unit_in_sentence("count", "nb", "change") == ""
