"""What auditors are told of lines that are no data: how many, and no unit's own figures."""

import pytest

from pipelines.warehouse.left_out import SUMMED_FROM, dropped_by_file, dropped_rows
from tests.ingest_fixture import House


@pytest.mark.parametrize(("n_sums", "total"), [(1, None), (SUMMED_FROM, 10.0 * SUMMED_FROM)])
def test_neither_where_a_units_lines_stand_nor_one_units_sum_is_told(
    house: House, n_sums: int, total: float | None
) -> None:
    for n in range(n_sums):
        house.con.execute(
            "insert into ops.dropped_rows by name select 'D000001' as delivery_id,"
            " ? as source_row, 'total' as kind, 'Sum' as word, 'days' as column_name, 10 as amount",
            [7 * n + 7],
        )
    (told,) = [each for each in dropped_by_file(house.con) if each["kind"] == "total"]
    assert (told["n"], told["amount"]) == (n_sums, total)
    assert "row_numbers" not in told
    # whoever has the file finds each line
    lines = dropped_rows(house.con, "D000001")
    assert [row["source_row"] for row in lines if row["kind"] == "total"][:1] == [7]
