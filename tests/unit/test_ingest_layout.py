"""Delimited text: separators, quotes, headers, titles, groups, totals, footnotes."""

import pytest

from pipelines.errors import DeliveryRejectedError
from pipelines.ingest.reading import read_sheet
from pipelines.municipality.feeds import Feed


def feed(**changes):
    layout = changes.pop("layout", {})
    columns = {
        "unit_id": {"column": "Enhet"},
        "month": {"column": "Fra"},
        "sick_days": {"column": ["Dager", "Dagsverk"]},
    }
    return Feed(
        contract="sick_leave",
        id="f",
        table="unit_months",
        files=["*"],
        period={"source": "all"},
        columns=columns,
        layout=layout,
        **changes,
    )


def read(text, **changes):
    raw = text.encode() if isinstance(text, str) else text
    return read_sheet(raw, feed(**changes))


def rows(sheet):
    return sheet.rows.rows()


def code(text, **changes):
    with pytest.raises(DeliveryRejectedError) as refused:
        read(text, **changes)
    return refused.value.code


LINES = [["Enhet", "Fra", "Dager"], ["3120", "03.01.2012", "1,5"], ["3130", "04.01.2012", "2"]]


@pytest.mark.parametrize("separator", [";", "\t", ",", "|"])
def test_the_separator_is_recognised(separator):
    text = "\n".join(separator.join(f'"{c}"' for c in line) for line in LINES)
    assert rows(read(text)) == [(2, "3120", "03.01.2012", "1,5"), (3, "3130", "04.01.2012", "2")]


def test_decimal_commas_do_not_beat_the_real_separator():
    text = "Enhet\tFra\tDager\n1\t2012-01\t1 250 000,00\n2\t2012-01\t1,5\n"
    assert rows(read(text))[0] == (2, "1", "2012-01", "1 250 000,00")


def test_bars_with_spaces_around_give_trimmed_cells():
    assert rows(read("Enhet | Fra | Dager\nGimle | des.17 | 4\n")) == [(2, "Gimle", "des.17", "4")]


def test_a_sep_line_names_the_separator_and_counts_as_a_line():
    assert rows(read("sep=|\nEnhet|Fra|Dager\n1|2|3\n")) == [(3, "1", "2", "3")]


def test_a_configured_separator_is_used_as_it_is():
    sheet = read("Enhet,Fra,Dager\n1,2,3\n", separator=",")
    assert rows(sheet) == [(2, "1", "2", "3")]


def test_quoted_fields_keep_line_breaks_and_rows_keep_their_physical_line():
    sheet = read('Enhet;Fra;Dager\n"Gimle\navd 1";a;1\n"Sagt ""ja""";b;2\n')
    assert rows(sheet) == [(2, "Gimle\navd 1", "a", "1"), (4, 'Sagt "ja"', "b", "2")]


def test_mixed_line_ends_and_empty_last_lines_are_accepted():
    sheet = read("Enhet;Fra;Dager\r\n1;a;2\n2;b;3\r\n\r\n;;\n")
    assert [row[0] for row in rows(sheet)] == [2, 3]
    assert (sheet.lines_total, sheet.layout_rows) == (5, 3)


def test_titles_and_filters_before_the_header_are_skipped():
    sheet = read("Fravær per enhet\nUtvalg: 2012;Alle\n\nEnhet;Fra;Dager\n1;a;2\n")
    assert rows(sheet) == [(5, "1", "a", "2")]
    assert (sheet.lines_total, sheet.layout_rows) == (5, 4)


@pytest.mark.parametrize(
    "header", ["ENHET ;fra;dager", "Enhet;Fra;Dags-verk", "enhet:;FRA.;DAGER*"]
)
def test_headers_match_whatever_the_case_spaces_and_marks(header):
    assert rows(read(f"{header}\n1;a;2\n")) == [(2, "1", "a", "2")]


@pytest.mark.parametrize("name", ["Område", "Omraade", "OMRAADE", "område ", "Omrade"])
def test_headers_match_whatever_the_spelling_of_norwegian_letters(name):
    changed = feed().model_dump() | {"columns": {"unit_id": {"column": "Område"}}}
    sheet = read_sheet(f"{name};Fra\n1;a\n".encode(), Feed(**changed))
    assert rows(sheet) == [(2, "1", "a")]


def test_two_header_rows_are_joined_and_merged_cells_spread_to_the_right():
    sheet = read_sheet(
        b"Sted;Periode;;Sum\n;Fra;Til;Dager\n1;a;b;2\n",
        Feed(
            **feed(layout={"header_rows": 2}).model_dump()
            | {"columns": {"unit_id": {"column": "Sted"}, "month": {"column": "Periode Til"}}}
        ),
    )
    assert sheet.rows.columns == ["source_row", "Sted", "Periode Fra", "Periode Til", "Sum Dager"]
    assert rows(sheet) == [(3, "1", "a", "b", "2")]


def test_page_headers_are_dropped_wherever_they_are_repeated():
    sheet = read("Enhet;Fra;Dager\n1;a;2\nSide 2 av 3\nEnhet;Fra;Dager\n2;b;3\n")
    assert [row[0] for row in rows(sheet)] == [2, 5]
    assert sheet.layout_rows == 3


def test_group_rows_give_their_value_to_the_rows_below():
    layout = {"group_row": {"pattern": r"^Ansvar: (?P<a>\d+)", "column": "Ansvar"}}
    text = (
        "Enhet;Fra;Dager\nAnsvar: 3120 Gimle avd 1;;\n1;a;2\nSum ansvar 3120;;2\n"
        "Ansvar: 3130 Fagerlund;;\n2;b;3\n"
    )
    sheet = read(text, layout=layout)
    assert rows(sheet) == [(3, "1", "a", "2", "3120"), (6, "2", "b", "3", "3130")]
    assert sheet.layout_rows == 4


@pytest.mark.parametrize(
    "total",
    ["Sum;;5", "SUM:;;5", "Totalt;;5", "I ALT;;5", "Sum ansvar 3120;;5", ";Sum;5", "Total;5;5"],
)
def test_totals_rows_are_not_data(total):
    sheet = read(f"Enhet;Fra;Dager\n1;a;2\n2;b;3\n{total}\n")
    assert [row[1] for row in rows(sheet)] == ["1", "2"]
    assert sheet.printed_totals["Dager"].to_list() == ["5"]


@pytest.mark.parametrize("name", ["Summerhaugen", "Totalen avd", "Ialta"])
def test_a_unit_whose_name_begins_like_a_total_is_data(name):
    assert rows(read(f"Enhet;Fra;Dager\n{name};a;2\n")) == [(2, name, "a", "2")]


def test_the_feed_may_name_its_own_totals():
    sheet = read("Enhet;Fra;Dager\n1;a;2\nSlutt;;2\nSum;a;3\n", layout={"totals": ["Slutt"]})
    assert [row[1] for row in rows(sheet)] == ["1", "Sum"]


@pytest.mark.parametrize(
    "note",
    [
        "*) foreløpige tall",
        "Kilde: HRM",
        "Utskrift 03.01.2013;14:02",
        "1) med vikarer",
        "Slutt på rapport",
    ],
)
def test_footnotes_after_the_totals_are_not_data(note):
    sheet = read(f"Enhet;Fra;Dager\n1;a;2\nSum;;2\n{note}\n")
    assert [row[0] for row in rows(sheet)] == [2]
    assert not sheet.broken


def test_the_feed_may_name_its_own_footnotes():
    text = "Enhet;Fra;Dager\n1;a;2\nÅrsverk per 31.12;x;y\n"
    assert [r[0] for r in rows(read(text, layout={"footnote_patterns": ["^Årsverk per"]}))] == [2]


def test_a_lone_text_between_data_is_skipped_with_a_warning_that_names_the_row():
    sheet = read("Enhet;Fra;Dager\n1;a;2\nHelse og omsorg;;\n2;b;3\n")
    assert [row[0] for row in rows(sheet)] == [2, 4]
    assert sheet.notes[0].code == "lone_text_rows"
    assert "hoppet over: 3" in sheet.notes[0].message_nb


def test_a_lone_code_between_data_stays_a_row_for_the_contract_to_judge():
    assert [row[0] for row in rows(read("Enhet;Fra;Dager\n1;a;2\n3120;;\n"))] == [2, 3]


def test_values_in_the_first_row_of_a_group_are_filled_down():
    text = "Enhet;Fra;Dager\nGimle;a;2\n;b;3\nSum;;5\nAas;c;1\n;d;2\n"
    sheet = read(text, layout={"fill_down": ["Enhet"]})
    assert [row[1] for row in rows(sheet)] == ["Gimle", "Gimle", "Aas", "Aas"]


def test_extra_columns_come_along_with_their_names():
    sheet = read("Enhet;Fra;Dager;Junk;\n1;a;2;x;\n")
    assert sheet.named_columns == ("Enhet", "Fra", "Dager", "Junk")


def test_ragged_rows_are_set_aside_with_their_line():
    sheet = read("Enhet;Fra;Dager\n1;a;2\n2;b\n3;c;4;for mye\n4;d;5;;\n")
    assert [row[0] for row in rows(sheet)] == [2, 5]
    assert [(b.source_row, b.rule_id) for b in sheet.broken] == [
        (3, "ragged_row"),
        (4, "ragged_row"),
    ]
    assert sheet.broken[0].reason_nb == "Rad 3: raden har 2 felt, overskriften har 3."
    assert sheet.lines_total == sheet.layout_rows + sheet.rows.height + len(sheet.broken)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        ("\ufeff\r\n\r\n", "empty"),
        ("Enhet;Fra;Dager\n", "empty"),
        ("Enhet;Fra;Dager\nSum;;\n", "empty"),
        ("Enhet;Dager;dager \n1;2;3\n", "duplicate_header"),
        ("navnløs;fil\n1;2\n", "missing_header"),
        ('Enhet;Fra;Dager\n1;"a;2\n2;b";3\n3;"c;4\n4;d;5\n', "unclosed_quote"),
        ('Enhet;Fra;Dager\n1;"a"x;2\n', "unclosed_quote"),
        ('Enhet;Fra;Dager\n1;a;2\n2;"b', "truncated"),
        ("Enhet;Fra;Dager\n1;a;2\n2;b", "truncated"),
        ("Enhet;Fra;Dager\n1;a;2\nGim", "truncated"),
        ("Enhet;Fra;Dager\n1;a;" + "x" * 33_000 + "\n", "cell_too_large"),
        ("Enhet;Fra;Dager\n1;a;" + "x" * 140_000 + "\n", "cell_too_large"),
        ("Enhet;Fra;Dager\n1;a;2" + ";" * 600 + "\n", "too_wide"),
        ("%PDF-1.4 Enhet;Fra;Dager", "unknown_format"),
        ("<html><table>", "unknown_format"),
    ],
)
def test_a_file_that_cannot_be_trusted_is_refused_with_a_code(text, reason):
    assert code(text) == reason


def test_a_last_line_without_line_break_is_whole_when_it_has_every_field():
    assert len(rows(read("Enhet;Fra;Dager\n1;a;2\n2;b;3"))) == 2


def test_a_footnote_without_line_break_after_a_blank_line_is_no_cut_row():
    assert len(rows(read("Enhet;Fra;Dager\n1;a;2\n\nUttrekk av HR"))) == 1


def test_a_file_that_must_end_with_a_total_is_cut_without_it():
    layout = {"required_end": True}
    assert code("Enhet;Fra;Dager\n1;a;2\n", layout=layout) == "truncated"
    assert len(rows(read("Enhet;Fra;Dager\n1;a;2\nSum;;2\n", layout=layout))) == 1


def test_a_refused_header_names_the_row_and_the_doubled_columns():
    with pytest.raises(
        DeliveryRejectedError, match="rad 2: To kolonner har samme overskrift: «Dager»"
    ):
        read("Tittel\nEnhet;Dager;Dager\n1;2;3\n")
