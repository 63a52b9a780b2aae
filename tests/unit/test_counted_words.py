"""A count has the noun that belongs to it, and what there is none of is not said."""

import pytest

from pipelines.warehouse.quarantined import quarantined_nb
from pipelines.words.numbers import counted_nb

NOTHING = dict.fromkeys(("quarantined_nok", "quarantined_days", "quarantined_persons"))


@pytest.mark.parametrize(("n", "said"), [(0, "0 rader"), (1, "1 rad"), (1234, "1\u00a0234 rader")])
def test_one_is_singular_and_every_other_count_is_plural(n, said):
    assert counted_nb(n, "rad", "rader") == said


def test_what_is_set_aside_says_no_kroner_where_there_are_none():
    row = {**NOTHING, "rows_quarantined": 1, "quarantined_nok": 0.0, "quarantined_persons": 1}
    assert quarantined_nb(row) == "1 rad i karantene, 1 person"
    row = {**NOTHING, "rows_quarantined": 2, "quarantined_nok": -12.0, "quarantined_days": 1.0}
    assert quarantined_nb(row) == "2 rader i karantene, \u221212 kr, 1 dag"
