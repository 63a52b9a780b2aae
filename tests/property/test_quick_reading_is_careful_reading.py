"""What is read quickly is read as it is with care: rows, types, row numbers, hashes and words.

The quick ways are Polars' own CSV reader, numbers whose cells are all written plainly, and looking
for damaged letters among the few that are not ASCII.
"""

import tempfile
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from pipelines.errors import DeliveryRejectedError
from pipelines.ingest import csv_reader, encoding, numbers, text_marks
from pipelines.ingest.csv_reader import careful_cells, tidy
from pipelines.ingest.numbers import AmbiguousNumberError, parse_numbers
from pipelines.ingest.plain_text import plain_cells
from pipelines.municipality.feeds import NumberFormat
from tests.ingest_fixture import POSITIONS_HEADER, House, position
from tests.ops_tables import list_quarantine

CELLS = st.text(alphabet=" aæÅ1,.#\t\u00a0\u2028\x85\x0b'-", max_size=6)
ROWS = st.lists(st.lists(CELLS, max_size=5), min_size=1, max_size=8)
SEPARATORS = st.sampled_from([";", ",", "\t", "|", " "])
DIRT = st.sampled_from(["", "", "", '"', "\r", "\x1f", '"a"', "x" * 33_000])


@settings(max_examples=300)
@given(ROWS, SEPARATORS, st.sampled_from(["\n", "\r\n"]), st.booleans(), st.integers(1, 2), DIRT)
@example([["", ""]], ";", "\n", True, 1, "\r")
@example([["a", "1"], ["å", ""]], ";", "\n", True, 1, "\r")
def test_plain_text_has_the_same_cells(rows, separator, newline, is_ended, first, dirt):
    text = newline.join(separator.join(row) for row in rows) + dirt + newline * is_ended
    found = plain_cells(text, separator, first)
    if not text.strip():
        return
    # a carriage return before the last line feed ends the line, and is in no doubt
    if dirt and not (dirt == "\r" and newline == "\n" and is_ended):
        assert found is None
        return
    careful = careful_cells(text, separator, first)
    assert found is not None
    assert tidy(found).schema == careful.schema
    assert tidy(found).equals(careful)


PLAIN = st.from_regex(r"\A-?[0-9]{1,4}([,.][0-9]{1,3})?\Z")
GROUPED = st.from_regex(r"\A-?[0-9]{1,3}([  '.][0-9]{3}){0,5}(,[0-9]{0,2})?\Z")
ODD = st.sampled_from(["", "-", "5-", "(3)", "12 %", "kr 5", "1E3", "٣", "0", "-0", "9" * 16, "a"])
STYLES = st.sampled_from(
    [
        None,
        NumberFormat(decimal=","),
        NumberFormat(decimal="."),
        NumberFormat(decimal=",", thousands=(".",)),
        NumberFormat(thousands=("'",)),
        NumberFormat(percent=True),
    ]
)


@settings(max_examples=150)
@given(
    st.one_of(
        st.lists(PLAIN | st.none(), max_size=6),
        st.lists(GROUPED | st.none(), max_size=6),
        st.lists(PLAIN | GROUPED | ODD | st.none(), max_size=6),
    ),
    STYLES,
    st.booleans(),
)
@example(["1 234,50", "-0", "12"], None, False)
@example(["99999999999999,99", "1"], NumberFormat(decimal=","), False)
def test_plain_numbers_have_the_same_values(cells, style, typed):
    text = pl.Series(cells, dtype=pl.String)

    def read():
        try:
            parsed = parse_numbers(text, style, typed=typed)
        except AmbiguousNumberError:
            return "ambiguous"
        assert parsed.values.dtype == pl.Float64
        assert parsed.bad.dtype == pl.Boolean
        return repr([parsed.values.name, parsed.values.to_list(), parsed.bad.to_list()])

    quick = read()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(numbers, "_plain", lambda *_: None)
        assert read() == quick


LETTERS = st.text(
    alphabet="aZ æøÅÃâÂ†‘σµ¿¯≈∆Œ√¬├┬¦¸\u00a0\u0080\ufffd\ufeff\u200b–»ï»¿\n", max_size=12
)


@settings(max_examples=500)
@given(LETTERS)
@example("sykefravÃ¦r")
@example("p†l")
@example("Ås\u00a0skole")
def test_letters_are_found_damaged_in_the_same_texts(text):
    def read():
        try:
            return encoding.decode(text.encode())
        except DeliveryRejectedError as refused:
            return refused.code, refused.text

    quick = read()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(encoding, "_may_be_suspect", lambda _: True)
        patch.setattr(encoding, "_foreign_places", lambda whole: {whole})
        patch.setattr(text_marks, "beyond_ascii", frozenset)
        assert read() == quick


LINES = st.lists(
    st.one_of(
        st.builds(
            lambda n, pct, start: position(str(n), pct=pct, start=start),
            st.integers(1, 30),
            st.sampled_from(["80", "100,00", "12,5", "mye", "", "1 00,0", "150"]),
            st.sampled_from(["01.01.2012", "31.02.2012", "2012-01-01", ""]),
        ),
        st.sampled_from(["1;2;3\n", "77;;;;;;;;\n", "\n", ";;;;;;;\n", "Side 2 av 3\n"]),
        st.just(POSITIONS_HEADER),
    ),
    min_size=1,
    max_size=20,
)


@settings(max_examples=5, suppress_health_check=list(HealthCheck))
@given(LINES, st.sampled_from(["\n", "\r\n"]), st.sampled_from(["utf-8", "cp1252", "utf-16"]))
def test_a_delivery_ends_the_same(lines, newline, code_page):
    raw = (POSITIONS_HEADER + "".join(lines)).replace("\n", newline).encode(code_page)
    quick = _taken(raw)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(csv_reader, "plain_cells", lambda *_: None)
        patch.setattr(numbers, "_plain", lambda *_: None)
        assert _taken(raw) == quick


def _taken(raw: bytes) -> tuple[object, ...]:
    with tempfile.TemporaryDirectory() as folder:
        house = House.build(Path(folder))
        done = house.take("stillinger_2012-01.csv", raw)
        rows = house.con.sql("select * from hr.positions order by all").pl().rows()
        aside = list_quarantine(house.con, done.delivery_id).rows()
        house.con.close()
        counts = (done.lines_total, done.layout_rows, done.rows_in, done.rows_loaded)
        return done.status, done.reason_code, done.reason_nb, counts, rows, aside
