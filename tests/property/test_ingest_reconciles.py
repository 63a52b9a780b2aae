"""Whatever a file holds: every row is loaded, quarantined or duplicate, and twice equals once."""

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.ingest_fixture import POSITIONS_HEADER, House, position
from tests.ops_tables import list_deliveries, list_quarantine

NUMBER = st.integers(1, 40).map(str)
GOOD = st.builds(
    lambda n, pct, form, unit: position(n, pct=pct, form=form, unit=unit),
    NUMBER,
    st.sampled_from(["80", "100,00", "12,5 %", "0,8"]),
    st.sampled_from(["Fast", "VIKAR", "permanent"]),
    st.sampled_from(["3120 Gimle", "450", "0450 Fagerlund"]),
)
BROKEN = st.builds(
    lambda n, change: position(n, **change),
    NUMBER,
    st.sampled_from(
        [
            {"pct": "mye"},
            {"pct": "150"},
            {"pct": ""},
            {"unit": "9999 Ukjent"},
            {"unit": ""},
            {"form": "Konsulent"},
            {"start": "31.02.2012"},
            {"start": ""},
            {"end": "01.01.1999"},
        ]
    ),
)
SHAPELESS = st.sampled_from(["1234;1;3120\n", "1;2;3;4;5;6;7;8;9\n", "77;;;;;;;\n"])
LAYOUT = st.sampled_from(["\n", ";;;;;;;\n", "Sum;;;;300;;;\n", POSITIONS_HEADER, "Side 2 av 3\n"])
LINES = st.lists(st.one_of(GOOD, GOOD, BROKEN, SHAPELESS, LAYOUT), max_size=25)

COLUMNS = "position_id, person_id, unit_id, position_pct, start_date, end_date, source_row"


def loaded_rows(house):
    return house.con.sql(f"select {COLUMNS} from hr.positions order by all").pl().rows()


@settings(max_examples=15, suppress_health_check=list(HealthCheck))
@given(
    lines=LINES,
    newline=st.sampled_from(["\n", "\r\n"]),
    encoding=st.sampled_from(["utf-8", "cp1252", "utf-16"]),
)
def test_counts_reconcile_and_ingesting_twice_equals_once(lines, newline, encoding):
    with tempfile.TemporaryDirectory() as folder:
        house = House.build(Path(folder))
        text = (POSITIONS_HEADER + "".join(lines)).replace("\n", newline)
        done = house.take("stillinger_2012-01.csv", text.encode(encoding))
        rows = loaded_rows(house)
        assert done.rows_in == done.rows_loaded + done.rows_quarantined + done.rows_duplicate
        assert len(rows) == done.rows_loaded
        if done.status == "loaded":
            assert done.lines_total == done.layout_rows + done.rows_in
            told = list_quarantine(house.con, done.delivery_id)["source_row"].n_unique()
            assert told == done.rows_quarantined
        elif done.reason_code == "too_many_quarantined":
            assert done.rows_quarantined == done.rows_in
        else:
            assert done.reason_code in {"empty", "wrong_type", "truncated", "mixed_units"}
        before = list_deliveries(house.con)
        assert house.ingest() == []
        assert list_deliveries(house.con).equals(before)
        assert loaded_rows(house) == rows
        twice = house.take("stillinger_2012-01_dobbel.csv", (text + text).encode(encoding))
        if done.status == "loaded":
            assert twice.rows_loaded == done.rows_loaded
            assert [row[:-1] for row in loaded_rows(house)] == [row[:-1] for row in rows]
        house.con.close()
