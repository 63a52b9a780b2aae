"""The times ``pukk explain`` can be asked about; the whole way is tested with a whole run."""

from datetime import date

import pytest

from pipelines.errors import PukkError
from pipelines.publishing.asked_figure import asked
from pipelines.publishing.explained import _coarse


@pytest.mark.parametrize(
    ("when", "kind", "first"),
    [
        ("2017-03", "month", date(2017, 3, 1)),
        ("2017", "year", date(2017, 1, 1)),
        ("før", "before", None),
        ("before", "before", None),
        ("etter", "after", None),
    ],
)
def test_a_time_is_a_month_a_year_or_a_window(when: str, kind: str, first: date | None) -> None:
    found = asked("U01", "sick_leave_pct", when)
    assert (found.kind, found.first) == (kind, first)


@pytest.mark.parametrize("when", ["2017-13", "0000-01", "0000", "٢٠١٧", "i fjor", "17", ""])
def test_another_time_is_refused_with_those_that_are(when: str) -> None:
    with pytest.raises(PukkError, match="2017-03"):
        asked("U01", "sick_leave_pct", when)


@pytest.mark.parametrize(
    ("n_persons", "told"),
    [
        (None, {}),
        (3, {"n_rows": None, "n_persons": "<10"}),
        (5, {"n_rows": None, "n_persons": "<10"}),
        (9, {"n_rows": None, "n_persons": "<10"}),
        (10, {}),
    ],
)
def test_of_persons_behind_a_figure_no_more_is_told_than_is_published(
    n_persons: int | None, told: dict[str, object]
) -> None:
    assert _coarse(n_persons, is_small=False) == told
    of_a_small_unit = {"n_rows": None, **told, **({"n_persons": None} if n_persons == 10 else {})}
    assert _coarse(n_persons, is_small=True) == of_a_small_unit
