"""A row that begins like a total is one only when its figures are the sum of other rows."""

import pytest

from pipelines.ingest.reading import read_sheet
from pipelines.municipality.feeds import Feed
from tests.ingest_fixture import workbook


def accounts(**changes):
    columns = {
        "cost_centre": {"column": "Ansvar"},
        "account": {"column": "Konto"},
        "line_text": {"column": "Tekst"},
        "year": {"column": "År"},
        "amount_nok": {"column": "Beløp"},
    }
    return Feed(
        contract="ledger",
        id="f",
        table="entries",
        files=["*"],
        period={"source": "year_period"},
        columns=columns | changes.pop("columns", {}),
        identical_rows="keep",
        **changes,
    )


HEADER = "Ansvar;Konto;Tekst;År;Beløp\n"


def read(text, **changes):
    return read_sheet((HEADER + text).encode(), accounts(**changes))


def lines(sheet):
    return sheet.rows["source_row"].to_list()


def totals(sheet):
    """Return row, kind, word and amount of the totals that are left out."""
    frame = sheet.dropped.filter(sheet.dropped["kind"].str.starts_with("total"))
    return frame.select("source_row", "kind", "word", "amount").rows()


def codes(sheet):
    return [note.code for note in sheet.notes]


LINES = "3120;10100;Lønn;2012;100\n3120;10500;Vikar;2012;50\n0450;10100;Lønn;2012;30\n"


@pytest.mark.parametrize(
    "line",
    [
        "3120;87000;Sum skatteinntekter;2012;-900",
        "3120;23000;Total entreprise;2012;400",
        "Sum driftsinntekter;87000;Skatt;2012;-900",
        "Summen barnehage;10100;Lønn;2012;70",
        "Totalen;10100;Lønn;2012;70",
        "I alt levert;10100;Lønn;2012;70",
        "Sum skatteinntekter;;;2012;-900",
        "Delsum;10100;Lønn;2012;7",
    ],
)
def test_a_line_with_a_name_like_a_total_is_data(line):
    sheet = read(f"{LINES}{line}\n")
    assert lines(sheet) == [2, 3, 4, 5]
    assert totals(sheet) == []
    assert not sheet.broken


def test_such_a_line_is_told_with_row_and_amount_when_its_name_comes_first():
    sheet = read(f"{LINES}Sum driftsinntekter;87000;Skatt;2012;-900\n")
    assert [note.message_nb for note in sheet.notes] == [
        "Rader som begynner som en sumrad, men ikke er summen av andre rader i filen, er lest som "
        "vanlige rader (1): rad 5; til sammen «Beløp» \N{MINUS SIGN}900."
    ]


def test_a_heading_that_stands_on_every_line_takes_no_line_away():
    heading = "".join(f"Sum driftsinntekter;{87000 + i};Skatt;2012;-{i}\n" for i in range(1, 60))
    sheet = read(LINES + heading)
    assert sheet.rows.height == 62
    assert "totals_as_data" in codes(sheet)


@pytest.mark.parametrize(
    ("text", "dropped"),
    [
        ("Sum;;;;180", [(5, "total", "Sum", 180.0)]),
        ("TOTALT:;;;;180,00", [(5, "total", "Totalt", 180.0)]),
        (";;I alt;;180", [(5, "total", "I alt", 180.0)]),
        ("Sum alle;;;2012;180", [(5, "total", "Sum", 180.0)]),
        ("Sum ansvar 0450;;;;30", [(5, "total", "Sum", 30.0)]),
        ("Sum ansvar 3120;;;;150", [(5, "total", "Sum", 150.0)]),
        ("3120;;Sum;;150", [(5, "total", "Sum", 150.0)]),
        ("0450;;Sum Fagerlund;;30", [(5, "total", "Sum", 30.0)]),
        ("Sum;;;;0\nSum;;;;180", [(6, "total", "Sum", 180.0)]),
    ],
)
def test_a_total_of_rows_or_of_a_group_is_left_out_and_listed(text, dropped):
    sheet = read(f"{LINES}{text}\n")
    assert [row for row in lines(sheet) if row < 5] == [2, 3, 4]
    assert set(dropped) <= set(totals(sheet))


def test_subtotals_totals_of_subtotals_and_a_grand_total():
    text = (
        "3120;10100;Lønn;2012;100\n3120;10500;Vikar;2012;50\nSum lønn;;;;150\n"
        "3120;11000;Varer;2012;7\nSum varer;;;;7\nSum ansvar 3120;;;;157\n"
        "0450;10100;Lønn;2012;30\nSum lønn;;;;30\nSum ansvar 0450;;;;30\nTotalt;;;;187\n"
    )
    sheet = read(text)
    assert lines(sheet) == [2, 3, 5, 8]
    assert [row for row, *_ in totals(sheet)] == [4, 6, 7, 9, 10, 11]
    assert sheet.printed_totals["source_row"].to_list() == [11]
    assert sheet.notes == ()


def test_totals_before_their_group():
    text = (
        "Totalt;;;;180\nSum ansvar 3120;;;;150\n3120;10100;Lønn;2012;100\n"
        "3120;10500;Vikar;2012;50\nSum ansvar 0450;;;;30\n0450;10100;Lønn;2012;30\n"
    )
    sheet = read(text)
    assert lines(sheet) == [4, 5, 7]
    assert [amount for *_, amount in totals(sheet)] == [180, 150, 30]


def test_a_file_of_labels_and_amounts_alone():
    text = "Post;Beløp\nSkatt;-100\nTilskudd;-200\nSum inntekter;-300\nLønn;120\nVarer;60\n"
    text += "Sum utgifter;180\nRenter;5\nSum finans;5\nTotalt;-115\n"
    columns = {"line_text": {"column": "Post"}, "amount_nok": {"column": "Beløp"}}
    feed = Feed(**accounts().model_dump() | {"columns": columns})
    sheet = read_sheet(text.encode(), feed)
    assert lines(sheet) == [2, 3, 5, 6, 8]
    assert [row for row, *_ in totals(sheet)] == [4, 7, 9, 10]


def test_one_line_under_a_name_like_a_total_is_no_total_of_the_line_above():
    text = "Post;Beløp\nSkatt;-100\nSum ymse;-100\n"
    columns = {"line_text": {"column": "Post"}, "amount_nok": {"column": "Beløp"}}
    feed = Feed(**accounts().model_dump() | {"columns": columns})
    assert lines(read_sheet(text.encode(), feed)) == [2, 3]


YEARS = {
    "melt": {
        "value": "amount_nok",
        "columns": {"R2011": {"year": 2011}, "B2012": {"year": 2012}, "Avvik %": {"year": 2013}},
    },
    "columns": {"year": {"default": "2012"}, "amount_nok": {"number": {"decimal": ","}}},
}


@pytest.mark.parametrize(
    ("total", "is_total"),
    [
        ("Sum;;;30;300;12,5", True),
        ("Sum;;;30;;12,5", True),
        ("Sum;;;;300;", True),
        ("Sum skatt;;;31;300;", True),
        ("Sum skatt;;;31;299;", False),
        ("Sum skatt;87000;Skatt;31;300;1", False),
    ],
)
def test_totals_over_several_columns_and_percentages_that_do_not_count(total, is_total):
    text = "Ansvar;Konto;Tekst;R2011;B2012;Avvik %\n1;10100;Lønn;10;100;5\n2;10100;Lønn;20;200;20\n"
    sheet = read_sheet((text + total + "\n").encode(), accounts(**YEARS))
    assert sheet.rows.height == (2 if is_total else 3)


def test_a_total_with_one_wrong_column_is_left_out_and_told():
    text = "Ansvar;Konto;Tekst;R2011;B2012;Avvik %\n1;10100;Lønn;10;100;5\n2;10100;Lønn;20;200;20\n"
    sheet = read_sheet(f"{text}Sum;;;31;300;\n".encode(), accounts(**YEARS))
    assert [note.message_nb for note in sheet.notes] == [
        "Sumraden i rad 4 sier 31 i kolonnen «R2011», men radene den summerer, gir 30."
    ]


@pytest.mark.parametrize("printed", ["179", "181", "1800", "18"])
def test_a_bare_total_that_does_not_add_up_is_set_aside_and_never_added_twice(printed):
    sheet = read(f"{LINES}Sum;;;;{printed}\n")
    assert lines(sheet) == [2, 3, 4]
    assert [(b.source_row, b.rule_id) for b in sheet.broken] == [(5, "total_differs")]
    assert "ikke summen av andre rader" in sheet.broken[0].reason_nb
    assert totals(sheet) == []


def test_a_column_to_reconcile_keeps_its_wrong_total_out():
    sheet = read(f"{LINES}Sum;;;;181\n", reconcile=[{"column": "Beløp", "tolerance": 0.5}])
    assert totals(sheet) == [(5, "total_differs", "Sum", 181.0)]
    assert sheet.printed_totals["Beløp"].to_list() == ["181"]


def test_a_total_over_a_cell_that_cannot_be_read_is_left_out_with_a_note():
    sheet = read(f"{LINES}0450;10100;Lønn;2012;#N/A\nSum;;;;190\n")
    assert totals(sheet) == [(6, "total_unchecked", "Sum", 190.0)]
    assert codes(sheet) == ["total_unchecked"]


@pytest.mark.parametrize("mark", [":", "..", "-"])
def test_a_total_that_holds_what_the_rows_hide_is_left_out_with_a_note(mark):
    sheet = read(f"{LINES}0450;10100;Lønn;2012;{mark}\nTotalt;;;;500\n")
    assert totals(sheet) == [(6, "total_unchecked", "Totalt", 500.0)]
    assert codes(sheet) == ["total_unchecked"]
    assert not sheet.broken


def test_a_wrong_sum_of_amounts_with_both_signs_is_no_mean():
    # the sum of spending and income lies between them: 180 - 150 = 30, and the file says 31
    sheet = read(f"{LINES}0450;10100;Lønn;2012;-150\nSum;;;;31\n")
    assert totals(sheet) == []
    assert [(b.source_row, b.rule_id) for b in sheet.broken] == [(6, "total_differs")]
    right = read(f"{LINES}0450;10100;Lønn;2012;-150\nSum;;;;30\n")
    assert totals(right) == [(6, "total", "Sum", 30.0)]


def test_a_mean_that_stands_where_a_total_would_is_left_out_with_a_note():
    sheet = read(f"{LINES}Totalt;;;;60\n")
    assert totals(sheet) == [(5, "total_unchecked", "Totalt", 60.0)]
    assert codes(sheet) == ["total_unchecked"]


@pytest.mark.parametrize(
    ("n", "printed", "is_total"),
    [
        (3, "3000", True),
        (3, "3001", False),
        (100, "100004", True),
        (100, "100020", False),
    ],
)
def test_rounded_rows_may_differ_from_their_total_by_the_root_of_their_number(n, printed, is_total):
    text = "".join(f"3120;{10000 + i};Lønn;2012;1000\n" for i in range(n))
    sheet = read(f"{text}Sum;;;;{printed}\n")
    assert bool(totals(sheet)) == is_total
    assert bool(sheet.broken) != is_total


def test_decimals_and_workbooks():
    rows = [["Ansvar", "Konto", "Tekst", "År", "Beløp"]]
    rows += [["3120", "10100", "Lønn", 2012, 0.1 * i] for i in range(1, 8)]
    rows += [["Sum", None, None, None, sum(0.1 * i for i in range(1, 8))]]
    sheet = read_sheet(workbook({"a": rows}), accounts())
    assert sheet.rows.height == 7
    assert [row for row, *_ in totals(sheet)] == [9]


@pytest.mark.parametrize(
    "line", ["Note 5;;;;500", "Kilde;;;;500", "1) diverse;;;;500", "Rapport;;;;500", ";;;;kr 500"]
)
def test_a_row_with_a_figure_is_never_a_footnote(line):
    sheet = read(f"{LINES}{line}\n")
    assert lines(sheet) == [2, 3, 4, 5]


@pytest.mark.parametrize("line", ["Diverse;;;;500", ";10100;;;500"])
def test_a_row_with_a_figure_after_the_last_total_is_data(line):
    assert lines(read(f"{LINES}Sum;;;;180\n{line}\n")) == [2, 3, 4, 6]


def test_figures_that_the_setup_says_are_footnotes_are_told():
    sheet = read(f"{LINES}Herav avskrivninger;;;;500\n", layout={"footnote_patterns": ["^Herav"]})
    assert lines(sheet) == [2, 3, 4]
    assert sheet.dropped.filter(sheet.dropped["kind"] == "footnote").rows() == [
        (5, "footnote", None, "Beløp", 500.0)
    ]
    assert "rad 5; til sammen «Beløp» 500" in sheet.notes[0].message_nb


def test_every_record_is_data_broken_blank_or_listed():
    text = (
        "Regnskap 2012\nUtvalg: alle\n\n" + HEADER + LINES + "Sum ansvar 3120;;;;150\n"
        "Helse og omsorg;;;;\n3120;1\n" + HEADER + ";;;;\nSum;;;;180\nUtskrift 3.1.2013\n"
    )
    sheet = read_sheet(text.encode(), accounts())
    listed = sheet.dropped["source_row"].unique().to_list()
    assert listed == [1, 2, 4, 8, 9, 11, 13, 14]
    assert sheet.lines_total == sheet.rows.height + len(sheet.broken) + len(listed) + 2
    assert sheet.dropped["kind"].to_list() == [
        "title", "title", "header", "total", "lone_text", "header", "total", "footnote",
    ]  # fmt: skip


def test_the_list_holds_no_text_of_the_rows():
    sheet = read(f"{LINES}Sum Kari Nordmann;;;;180\nUtskrift: Kari Nordmann;;;;\n")
    assert totals(sheet) == [(5, "total", "Sum", 180.0)]
    assert "Nordmann" not in sheet.dropped.write_csv()


def test_amounts_are_listed_in_the_unit_of_the_contract():
    sheet = read(f"{LINES}Sum;;;;180\n", columns={"amount_nok": {"column": "Beløp", "scale": 1000}})
    assert totals(sheet) == [(5, "total", "Sum", 180_000.0)]
