"""Text files: which encoding they are in, what nobody sees in them, fields too many."""

from pathlib import Path

import pytest

from pipelines.errors import DeliveryRejectedError
from pipelines.ingest.encoding import decode, repair
from pipelines.ingest.reading import read_sheet
from tests.case_house import case_feed, case_house, values
from tests.ingest_fixture import feed

WORDS = (
    "Enhet;Tekst\nSør-Ås;Overtid på avdeling øst, kjøkkentøy og bær\nÅs;ÆRLIG ÅPENT SYKEFRAVÆR\n"
)
HEADER = "Enhet;Måned;Avvik;Timer\n"
LEDGER = "Ansvar;Konto;År;Periode;Tekst;Beløp\n"


@pytest.mark.parametrize("page", ["cp1252", "latin-1", "iso8859-15", "mac_roman", "cp865", "cp850"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_every_code_page_norwegian_systems_write_gives_the_letters_back(page, ending):
    text = WORDS.replace("\n", ending)
    assert decode(text.encode(page)).text == text


@pytest.mark.parametrize(
    "line", ["Årsverk;1", "p\u00e5;1", "Ærfugl;2", "SJØ;3", "Bø;1", "bær;1", "«Løa»;1"]
)
@pytest.mark.parametrize("page", ["cp1252", "mac_roman"])
def test_one_word_is_enough_to_see_the_code_page(line, page):
    assert decode(f"a;b\n{line}\n".encode(page)).text == f"a;b\n{line}\n"


def test_signs_of_windows_alone_do_not_make_a_file_a_macintosh_one():
    text = "Orkidé;café – 5 µg, 1¾ l\nit’s;½\n"
    assert decode(text.encode("cp1252")).text == text


@pytest.mark.parametrize(
    ("written", "taken_for"),
    [
        ("utf-8", "cp1252"), ("utf-8", "mac_roman"), ("utf-8", "cp865"),
    ],
)  # fmt: skip
def test_utf_8_that_was_taken_for_something_else_is_put_right(written, taken_for):
    broken = WORDS.encode(written).decode(taken_for, errors="replace")
    if "\ufffd" in broken:
        broken = WORDS.replace("Å", "å").encode(written).decode(taken_for)
        assert decode(broken.encode()).text == WORDS.replace("Å", "å")
    else:
        assert decode(broken.encode()).text == WORDS


@pytest.mark.parametrize(
    ("written", "taken_for"),
    [
        ("mac_roman", "cp1252"), ("cp865", "cp1252"), ("cp1252", "mac_roman"), ("cp1252", "cp865"),
        ("cp865", "latin-1"), ("mac_roman", "latin-1"), ("cp1252", "utf-8"),
    ],
)  # fmt: skip
def test_letters_that_an_earlier_system_took_for_others_refuse_the_file(written, taken_for):
    broken = WORDS.encode(written).decode(taken_for, errors="replace")
    with pytest.raises(DeliveryRejectedError) as refused:
        decode(broken.encode())
    assert refused.value.code == "mojibake"


@pytest.mark.parametrize("text", ["Ã¦", "â€“", "├╕", "┬á", "√∏", "¬†"])
def test_every_pair_that_utf_8_is_taken_for_is_put_right(text):
    repaired, count = repair(f"a{text}b")
    assert count == 1
    assert len(repaired) == 3


@pytest.mark.parametrize(
    "text",
    [
        "\ufffd",
        "\x86",
        "aµb",
        "aσb",
        "a‘b",
        "a†b",
        "a›b",
        "aŒ",
        "a¿",
        "a¾",
        "¿a",
        "¯a",
        "≈a",
        "aÂ",
        "aÊ",
    ],
)
def test_every_letter_out_of_place_is_seen(text):
    with pytest.raises(DeliveryRejectedError):
        repair(text)


def test_two_code_pages_in_one_file_refuse_it():
    raw = WORDS.encode("cp1252") + "på sjø og øy\n".encode("mac_roman")
    with pytest.raises(DeliveryRejectedError, match="blander to tegnsett") as refused:
        decode(raw)
    assert refused.value.code == "encoding"


def test_windows_text_joined_with_utf_8_is_put_right_and_told_of():
    decoded = decode("på;1\n".encode("cp1252") + "\ufeffsjø;2\n".encode())
    assert decoded.text == "på;1\nsjø;2\n"
    assert [note.code for note in decoded.notes] == ["mojibake_repaired"]


def test_letters_made_of_two_characters_become_one():
    assert decode("Ma\u030aned;So\u0308r\n".encode()).text == "Måned;Sör\n"


@pytest.mark.parametrize(
    ("raw", "text", "codes"),
    [
        (b"a;b\n1;2\n\x1a", "a;b\n1;2\n", []),
        (b"a;b\n1;2\x1a", "a;b\n1;2\n", []),
        (b"a;b\r\n1;2\r\n\x1a\x1a\r\n", "a;b\r\n1;2\r\n", []),
        (b"a;b\n1;2\n\x1a\x00\x00\x00\n", "a;b\n1;2\n", []),
        (b"a;b\n1;2\n\x1aa;b\n3;4\n\x1a", "a;b\n1;2\na;b\n3;4\n", []),
        (b"a;b\n1;2\n" + b"\x00" * 500, "a;b\n1;2\n", ["nul_padding"]),
        (b"a;b\n1;2" + b"\x00" * 500, "a;b\n1;2", ["nul_padding"]),
    ],
)
def test_marks_and_padding_at_the_end_are_no_rows(raw, text, codes):
    decoded = decode(raw)
    assert (decoded.text, [note.code for note in decoded.notes]) == (text, codes)


def test_a_substitute_character_in_a_word_is_a_lost_letter():
    with pytest.raises(DeliveryRejectedError) as refused:
        decode(b"a;b\nSykefrav\x1ar;1\n")
    assert refused.value.code == "mojibake"
    assert refused.value.where == "linje 2"


def test_padding_after_half_a_line_is_a_cut_file():
    with pytest.raises(DeliveryRejectedError) as refused:
        read_sheet(
            b"Ans.nr;L\xc3\xb8penr;Ansvar;St.pros;Form;Fra;Til\n1;1;31" + b"\x00" * 99, feed()
        )
    assert refused.value.code == "truncated"


@pytest.mark.parametrize(
    "mark", ["\ufeff", "\u200b", "\u200d", "\u2060", "\u00ad", "\u200f", "\u202a"]
)
def test_a_character_nobody_sees_is_no_part_of_a_header_or_a_code(tmp_path, mark):
    house = case_house(tmp_path, "unit_metrics")
    text = (
        f"{mark}Enhet;M{mark}åned;Avvik{mark};Timer\n"
        f"Gim{mark}le;2024-01{mark};3;{mark}10,5\n{mark}Sør-Ås\u00a0;2024-02;1\u00a0000;{mark}\n"
    )
    taken = house.take("tall.csv", text)
    assert (taken.rows_loaded, taken.rows_quarantined) == (3, 0)
    assert values(house, "unit_metrics.values", "unit_id", "value") == [
        ("E1", 3.0), ("E1", 10.5), ("E3", 1000.0),
    ]  # fmt: skip


@pytest.mark.parametrize("codec", ["utf-8", "utf-16-le", "utf-16-be"])
def test_files_joined_with_their_marks_are_read_as_one(tmp_path: Path, codec):
    house = case_house(tmp_path, "unit_metrics")
    one = f"\ufeff{HEADER}Gimle;2024-01;3;10,5\n"
    taken = house.take("tall.csv", (one + one.replace("2024-01", "2024-02")).encode(codec))
    assert (taken.rows_loaded, taken.rows_quarantined) == (4, 0)


def test_a_doubled_name_nobody_reads_is_no_reason_to_refuse(tmp_path):
    house = case_house(tmp_path, "ledger")
    header = LEDGER.strip() + ";Sum;Sum;\n"
    taken = house.take("regnskap.csv", header + "3120;10300;2024;1;a;1,50;7;8;\n")
    assert taken.rows_loaded == 1
    assert "«Sum», «Sum (2)»" in house.warnings()["extra_columns"]


def test_a_doubled_name_that_is_read_refuses_the_file(tmp_path):
    house = case_house(tmp_path, "ledger")
    taken = house.take("regnskap.csv", LEDGER.strip() + ";BELØP\n3120;10300;2024;1;a;1,50;7\n")
    assert taken.reason_code == "duplicate_header"


SURPLUS = (
    LEDGER + "3120;10300;2024;1;a;1,50\n0450;10300;2024;1;b; med; skilletegn;2,50\n"
    "3120;10300;2024;2;c;3,50;x\n"
)


@pytest.mark.parametrize(
    ("setting", "loaded"),
    [
        ("quarantine", [("a", 1.5)]),
        ("ignore", [("a", 1.5), ("c", 3.5)]),
        ({"join": "Tekst"}, [("a", 1.5), ("b;med;skilletegn", 2.5)]),
    ],
)
def test_surplus_fields_are_what_the_feed_says(tmp_path, setting, loaded):
    house = case_house(tmp_path, "ledger", layout={"surplus_fields": setting})
    taken = house.take("regnskap.csv", SURPLUS)
    found = values(house, "ledger.entries", "line_text", "amount_nok")
    assert [(text, float(amount)) for text, amount in found] == loaded
    assert taken.rows_loaded + taken.rows_quarantined == 3


def test_trailing_separators_are_no_surplus(tmp_path):
    house = case_house(tmp_path, "ledger")
    taken = house.take("regnskap.csv", LEDGER + "3120;10300;2024;1;a;1,50;;\n")
    assert (taken.rows_loaded, taken.rows_quarantined) == (1, 0)


@pytest.mark.parametrize(("said", "n_loaded"), [(None, 2), ("keep", 2), ("duplicate", 1)])
def test_equal_ledger_lines_are_real_unless_the_feed_says_otherwise(tmp_path, said, n_loaded):
    house = case_house(tmp_path, "ledger", identical_rows=said)
    line = "3120;10300;2024;1;a;1,50\n"
    assert house.take(
        "regnskap.csv", LEDGER + line + line + "0450;10300;2024;1;b;1\n"
    ).rows_loaded == (n_loaded + 1)


def test_equal_lines_of_a_table_with_a_key_are_duplicates(tmp_path):
    house = case_house(tmp_path, "unit_metrics")
    line = "Gimle;2024-01;3;10,5\n"
    taken = house.take("tall.csv", HEADER + line + line)
    assert (taken.rows_loaded, taken.rows_duplicate) == (2, 2)


@pytest.mark.parametrize(
    "word", ["#N/A", "#I/T", "#DIV/0!", "#REF!", "#VERDI!", "#NAVN?", "#SPILL!", "#####", "Err:502"]
)
def test_the_words_of_a_faulty_cell_count_in_text_files_too(tmp_path, word):
    house = case_house(tmp_path, "ledger")
    text = (
        LEDGER
        + f"3120;10300;2024;1;{word};1\n3120;10300;2024;1;a;{word}\n{word};10300;2024;1;b;1\n"
    )
    taken = house.take("regnskap.csv", text + "3120;10300;2024;1;ok;1\n")
    assert (taken.rows_loaded, taken.rows_quarantined) == (1, 3)
    assert all("regnearkfeilen" in reason for _, _, reason in house.quarantine())


def test_a_feed_may_say_that_an_error_means_nothing(tmp_path):
    columns = {"line_text": {"column": "Tekst", "missing": ["#I/T"]}}
    _, plain = case_feed("ledger")
    house = case_house(tmp_path, "ledger", columns=plain["columns"] | columns)
    taken = house.take("regnskap.csv", LEDGER + "3120;10300;2024;1;#I/T;1\n")
    assert (taken.rows_loaded, taken.rows_quarantined) == (1, 0)
