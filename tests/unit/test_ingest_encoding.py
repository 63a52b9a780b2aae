import pytest

from pipelines.errors import DeliveryRejectedError
from pipelines.ingest.encoding import decode, repair

TEXT = "Ansattnr;Sykefravær;Område\n1;blåbærsyltetøy – på Ås;ÆØÅ\n"
DOS_TEXT = TEXT.replace("–", "-")


@pytest.mark.parametrize(
    ("raw", "encoding"),
    [
        (TEXT.encode("utf-8"), "utf-8"),
        (TEXT.encode("utf-8-sig"), "utf-8"),
        (TEXT.encode("cp1252"), "cp1252"),
        (TEXT.encode("utf-16"), "utf-16"),
        (b"\xff\xfe" + TEXT.encode("utf-16-le"), "utf-16"),
        (b"\xfe\xff" + TEXT.encode("utf-16-be"), "utf-16"),
        (TEXT.encode("utf-16-le"), "utf-16-le"),
        (TEXT.encode("utf-16-be"), "utf-16-be"),
        (b"Ansattnr;Enhet\n1;A\n", "utf-8"),
    ],
)
def test_the_encoding_of_an_export_is_recognised(raw, encoding):
    decoded = decode(raw)
    assert decoded.encoding == encoding
    assert decoded.text in {TEXT, "Ansattnr;Enhet\n1;A\n"}
    assert decoded.notes == ()


def test_old_dos_files_are_recognised_by_their_letters_inside_words():
    assert decode(DOS_TEXT.encode("cp865")) == (DOS_TEXT, "cp865", ())


def test_a_dos_file_without_a_clear_word_is_read_when_the_feed_says_so():
    raw = "År;Øl\n".encode("cp865")
    assert decode(raw, "cp865").text == "År;Øl\n"


def test_latin_1_files_keep_the_dashes_and_euro_signs_of_windows():
    assert decode("pris – 5 €\n".encode("cp1252"), "latin-1").text == "pris – 5 €\n"


def test_a_byte_order_mark_wins_over_the_configured_encoding():
    assert decode(TEXT.encode("utf-8-sig"), "cp1252").text == TEXT


def test_apostrophes_of_windows_text_are_not_taken_for_a_dos_letter():
    raw = "Unit's name;it’s;æ\n".encode("cp1252")
    assert decode(raw).encoding == "cp1252"


def test_a_wrongly_configured_encoding_rejects_with_the_line():
    with pytest.raises(DeliveryRejectedError, match=r"linje 2: Filen er ikke utf-8"):
        decode("a;b\nÅ;1\n".encode("cp1252"), "utf-8")


@pytest.mark.parametrize("codec", ["cp1252", "cp865", "latin-1"])
def test_text_decoded_wrongly_before_us_is_repaired_with_a_note(codec):
    broken = "sykefravær;Ås;område".encode().decode("latin-1")
    if codec != "latin-1":
        broken = "sykefravær;områder;tø".encode().decode(codec)
    whole = "sykefravær;Ås;område" if codec == "latin-1" else "sykefravær;områder;tø"
    decoded = decode((broken + "\n").encode())
    assert decoded.text == f"{whole}\n"
    assert decoded.notes[0].code == "mojibake_repaired"
    assert "rettet 3 steder" in decoded.notes[0].message_nb


def test_text_decoded_wrongly_twice_is_repaired():
    twice = "fraværsdagsverk".encode().decode("cp1252").encode().decode("cp1252")
    assert repair(twice)[0] == "fraværsdagsverk"


def test_a_hard_space_decoded_wrongly_is_a_hard_space_again():
    assert repair("1Â\u00a0234")[0] == "1\u00a0234"


@pytest.mark.parametrize(
    "broken",
    ["sykefrav\ufffdr", "sykefravÃ r", "sykefravµr", "sykefrav‘r", "h›yre side", "omr†de"],
)
def test_text_that_cannot_be_repaired_without_doubt_rejects_the_file(broken):
    with pytest.raises(DeliveryRejectedError, match="linje 2: Bokstavene æ, ø og å") as refused:
        decode(f"a;b\n{broken};1\n".encode())
    assert refused.value.code == "mojibake"
    assert broken not in refused.value.text


@pytest.mark.parametrize("word", ["JOÃO", "Ångström", "São", "Orkidé – «Ås»", "naïve", "5 µg", "Â"])
def test_unusual_but_right_letters_are_left_alone(word):
    assert repair(word) == (word, 0)


def test_a_nul_character_rejects_the_file_with_its_line():
    with pytest.raises(DeliveryRejectedError, match=r"linje 2: Filen inneholder NUL") as refused:
        decode(b"a;b\n1;\x002\n")
    assert refused.value.code == "nul"


def test_half_a_utf_16_character_at_the_end_means_a_cut_file():
    with pytest.raises(DeliveryRejectedError) as refused:
        decode(TEXT.encode("utf-16")[:-1])
    assert refused.value.code == "truncated"
