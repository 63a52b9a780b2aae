"""Codes, units, pseudonyms, names and identity numbers."""

import stat
from datetime import date

import polars as pl
import pytest

from pipelines.errors import ConfigError, DeliveryRejectedError
from pipelines.ingest.personal import identifier_hits, is_person_header, refuse_names
from pipelines.ingest.pseudonyms import (
    Keys,
    add_key,
    fingerprint_of_row,
    load_or_create_key,
    pseudonym,
    pseudonymise,
)
from pipelines.ingest.text_keys import close_match, code_key, fold, without_leading_zeros
from pipelines.ingest.units import UnitIndex, days_of, unknown_unit
from pipelines.settings import Paths, Secret, Settings
from tests.ingest_fixture import feed

KEY = Keys((b"0123456789abcdef",))
OTHER = Keys((b"0123456789abcdefx",))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Fraværskode", "FRAVAERSKODE"),
        ("Fraværskode", " fraværs-kode "),
        ("St.pros", "st pros"),
        ("Område", "Omraade"),
        ("Løpenr.", "Loepenr"),
        ("Org Name", "ORG_NAME"),
        ("Løn faste stillingar", "LØN  FASTE\u00a0STILLINGAR"),
    ],
)
def test_names_written_differently_have_the_same_key(one, other):
    assert fold(one) == fold(other)


def test_names_that_differ_in_a_word_have_different_keys():
    assert fold("Fra dato") != fold("Til dato")
    assert fold("Konto") != fold("Konto(T)")


def test_codes_keep_their_leading_zeros_and_can_be_compared_without():
    assert code_key(" 0450  a ") == "0450 a"
    assert without_leading_zeros("0450") == "450"
    assert without_leading_zeros("000") == "0"


def test_a_likely_new_name_is_suggested_and_an_unlikely_one_is_not():
    assert close_match("St.pros", ["Stillingspros", "St.prosent", "Fra"]) == "St.prosent"
    assert close_match("St.pros", ["Adresse"]) is None


@pytest.fixture
def index():
    codes = pl.DataFrame(
        {
            "code_system": ["cost_centre"] * 4 + ["name", "unit_id"],
            "key": ["3120", "0450", "3130", "3130", "ås skole", "e1"],
            "unit_id": ["E1", "E2", "E2", "E3", "E3", "E1"],
            "valid_from": [None, None, date(2010, 1, 1), date(2017, 1, 1), None, None],
            "valid_to": [None, None, date(2016, 12, 31), None, None, None],
        }
    )
    return UnitIndex(codes, "f")


def resolve(index, codes, system="cost_centre", first=None, last=None):
    days = pl.DataFrame(
        {"first": [first] * len(codes), "last": [last or first] * len(codes)},
        schema={"first": pl.Date, "last": pl.Date},
    )
    return index.resolve(pl.Series(codes, dtype=pl.String), days, system).to_list()


def test_a_code_is_found_with_spaces_case_and_lost_zeros(index):
    assert resolve(index, [" 3120 ", "0450", "450", "00450", None, "9"]) == [
        "E1", "E2", "E2", "E2", None, None,
    ]  # fmt: skip
    assert resolve(index, ["ÅS  SKOLE"], "name") == ["E3"]
    assert resolve(index, ["e1", "E1"], "unit_id") == ["E1", "E1"]


def test_a_code_belongs_to_the_unit_that_had_it_on_the_day(index):
    assert resolve(index, ["3130"], first=date(2016, 12, 31)) == ["E2"]
    assert resolve(index, ["3130"], first=date(2017, 1, 1)) == ["E3"]
    assert resolve(index, ["3130"], first=date(2009, 12, 31)) == [None]


def test_a_period_that_began_before_the_code_counts_if_it_lasts_into_it(index):
    assert resolve(index, ["3130"], first=date(1998, 8, 1), last=date(9999, 12, 31)) == ["E2"]
    assert resolve(index, ["3130"], first=date(1998, 8, 1), last=date(2009, 12, 31)) == [None]


def test_the_days_of_a_row_come_from_the_columns_it_has():
    spells = pl.DataFrame({"start_date": [date(2012, 1, 3)], "end_date": [None]}).with_columns(
        pl.col("end_date").cast(pl.Date)
    )
    assert days_of(spells).rows() == [(date(2012, 1, 3), date(9999, 12, 31))]
    months = pl.DataFrame({"month": [date(2012, 2, 1)]})
    assert days_of(months).rows() == [(date(2012, 2, 1), date(2012, 2, 29))]
    lines = pl.DataFrame({"year": [2012, 2012, 2012], "period": [3, 13, None]})
    assert days_of(lines).rows() == [
        (date(2012, 3, 1), date(2012, 3, 31)),
        (date(2012, 12, 1), date(2012, 12, 31)),
        (None, None),
    ]  # fmt: skip
    assert days_of(pl.DataFrame({"title": ["x", "y"]})).rows() == [(None, None)] * 2
    surveys = pl.DataFrame({"survey_date": [date(2012, 2, 1)]})
    assert days_of(surveys).rows() == [(date(2012, 2, 1), date(2012, 2, 1))]


def test_an_unknown_code_is_named_but_free_text_is_not(index):
    words = index.words()
    assert unknown_unit("9999", "cost_centre", words) == (
        "Enhetskoden «9999» finnes ikke i kodesystemet cost_centre for denne datoen."
    )
    assert "Kari" not in unknown_unit("Kari Nordmann", "name", words)
    assert "«E9» finnes ikke i enhetsregisteret" in unknown_unit("E9", "unit_id", words)


def test_a_pseudonym_is_the_same_for_the_same_number_however_it_is_written():
    assert pseudonym("001234", KEY) == pseudonym(" 1234 ", KEY)
    assert pseudonym("1234", KEY) != pseudonym("1235", KEY)
    assert pseudonym("1234", KEY) != pseudonym("1234", OTHER)
    assert pseudonym("1234", KEY).startswith("p_")
    assert len(pseudonym("1234", KEY)) >= 18


def test_pseudonyms_of_a_column_keep_what_is_missing():
    made = pseudonymise(pl.Series(["1", None, "01"], dtype=pl.String), KEY)
    assert made.to_list() == [pseudonym("1", KEY), None, pseudonym("1", KEY)]


def test_a_row_hash_needs_the_key():
    assert fingerprint_of_row("a", KEY.newest) != fingerprint_of_row("a", OTHER.newest)
    assert len(fingerprint_of_row("a", KEY.newest)) == 64


def test_a_generated_key_is_kept_for_its_owner_only(tmp_path):
    paths = Paths(tmp_path)
    settings = Settings(pseudonym_key=None)
    key = load_or_create_key(settings, paths, allow_generated=True)
    assert key == load_or_create_key(settings, paths, allow_generated=True)
    file = next(paths.state.iterdir())
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert len(key.first) == 64


def test_a_key_from_the_environment_wins_and_must_be_long(tmp_path):
    paths = Paths(tmp_path)
    given = Settings(pseudonym_key=Secret("en lang og hemmelig nøkkel"))
    key = load_or_create_key(given, paths, allow_generated=True)
    assert key.chain == ("en lang og hemmelig nøkkel".encode(),)
    assert not paths.state.exists()
    with pytest.raises(ConfigError, match="kortere enn 16 tegn"):
        load_or_create_key(Settings(pseudonym_key=Secret("kort")), paths, allow_generated=True)


def test_a_rotated_key_stays_and_later_ones_come_after_it(tmp_path, monkeypatch):
    paths = Paths(tmp_path)
    first = load_or_create_key(Settings(pseudonym_key=None), paths, allow_generated=True)
    add_key(paths)
    both = load_or_create_key(Settings(pseudonym_key=None), paths, allow_generated=True)
    assert both.chain[0] == first.first
    assert len(both.chain) == 2
    assert stat.S_IMODE(next(paths.state.iterdir()).stat().st_mode) == 0o600
    assert both.check != first.check
    assert both.advanced(pseudonym("1234", first), 1) == pseudonym("1234", both)
    assert pseudonym("1234", both) != pseudonym("1234", first)
    monkeypatch.setenv("PUKK_PSEUDONYM_KEY_2", "en annen og like lang nøkkel")
    monkeypatch.setenv("PUKK_PSEUDONYM_KEY_4", "denne har ingen foran seg")
    given = Settings(pseudonym_key=Secret("en lang og hemmelig nøkkel"))
    assert len(load_or_create_key(given, paths, allow_generated=False).chain) == 2
    # what the environment said when the settings were made counts, whatever it says later
    monkeypatch.setenv("PUKK_PSEUDONYM_KEY_2", "kort")
    assert len(load_or_create_key(given, paths, allow_generated=False).chain) == 2
    given = Settings(pseudonym_key=Secret("en lang og hemmelig nøkkel"))
    with pytest.raises(ConfigError, match="PUKK_PSEUDONYM_KEY_2: Nøkkelen"):
        load_or_create_key(given, paths, allow_generated=False)


def test_an_emptied_key_file_is_no_key(tmp_path):
    paths = Paths(tmp_path).create()
    (paths.state / "pseudonym.key").write_text("\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="er tom"):
        load_or_create_key(Settings(pseudonym_key=None), paths, allow_generated=True)


def test_real_data_without_a_key_is_a_clear_error(tmp_path):
    with pytest.raises(ConfigError, match="PUKK_PSEUDONYM_KEY: Nøkkelen for pseudonymer mangler"):
        load_or_create_key(Settings(pseudonym_key=None), Paths(tmp_path), allow_generated=False)


@pytest.mark.parametrize(
    "header",
    ["Navn", "NAVN", "Fornavn", "Etternavn", "Ansatt navn", "Ansattnavn", "Fullt navn", "Name",
     "First name", "Leders navn", "Namn", "Fødselsnummer", "fødselsnr.", "Fnr", "Personnr",
     "Medarbeidernavn", "Navn (ansatt)", "Født", "Født dato", "Fødselsår", "F.dato",
     "Pnr", "P.nr.", "D-nummer", "Dnr", "Personident", "Fødselsdag", "AnsNavn", "Fulltnavn",
     "Stillingsinnehaver", "Stillingsinnehavar", "Ansattnavn enhet", "Enhetsnavn leder",
     "Etternavn konto", "Avdelingsnamn - leiar"],
)  # fmt: skip
def test_a_header_that_announces_a_person_is_seen(header):
    assert is_person_header(header)


@pytest.mark.parametrize(
    "header",
    ["Enhetsnavn", "Enhet navn", "Org name", "ORG_NAME", "Ansattnr", "Stillingsnavn", "Konto navn",
     "Kommunenavn", "Navnedag", "Enhet", "Barn født i året", "Avdelingsnavn", "Kommune - navn",
     "Ansvarsnavn", "Enhetsleder", "Prosjektnr", "Ansatt enhet navn", "Stillingsnavn ansatt",
     "Enhetsnavn ledernivå", "Dimensjonsnavn"],
)  # fmt: skip
def test_a_header_about_a_thing_is_left_alone(header):
    assert not is_person_header(header)


def frame(**columns):
    return pl.DataFrame(
        {"source_row": list(range(2, 2 + len(next(iter(columns.values()))))), **columns}
    )


@pytest.mark.parametrize(
    "cell",
    ["01017012345", "010170 12345", "010170\u00a012345", "41017012345", "01417012345",
     "01817012345", "fnr: 01017012345.", "Nr,01017012345", "x01017012345"],
)  # fmt: skip
def test_an_identity_number_is_seen_wherever_it_stands(cell):
    (hit,) = identifier_hits(frame(Merknad=["ok", cell]), ["Merknad"])
    assert (hit.column, hit.rows, hit.filled.len()) == ("Merknad", (3,), 2)
    assert hit.kinds == ("fødselsnummer eller D-nummer",)


@pytest.mark.parametrize(
    "cell",
    ["12345678901", "99017012345", "0.01017012345", "0,01017012345", "310120253001", "1 250 000,00",
     "974637774", "10201 25300", "2017-01-01 00:00:00", "312001 25300"],
)  # fmt: skip
def test_other_long_numbers_do_not_stop_the_file(cell):
    assert identifier_hits(frame(Konto=[cell]), ["Konto"]) == []


def test_a_name_column_stops_the_file_unless_it_is_masked_or_mapped_to_a_thing():
    with pytest.raises(DeliveryRejectedError, match="«Navn» ser ut til å inneholde") as refused:
        refuse_names(frame(Navn=["Kari", "***"]), ["Navn"], [], feed())
    assert "Kari" not in refused.value.text
    masked = refuse_names(frame(Navn=["***", None]), ["Navn"], [], feed())
    assert masked[0].code == "masked_name_column"
    assert refuse_names(frame(Navn=["Gimle sykehjem"]), ["Navn"], ["Navn"], feed()) == []


def test_a_column_of_names_can_be_declared_to_be_of_things_and_one_of_numbers_never():
    rows = frame(Navn=["Gimle sykehjem"], Fødselsnummer=["1"])
    with pytest.raises(DeliveryRejectedError, match="not_personal"):
        refuse_names(rows, ["Navn"], [], feed())
    told = feed(
        not_personal={
            "navn": "Navnet på enheten.",
            "Fødselsnummer": "Sett på av dem som har filen.",
        }
    )
    assert refuse_names(rows, ["Navn"], [], told) == []
    with pytest.raises(DeliveryRejectedError, match="Fødselsnummer") as refused:
        refuse_names(rows, ["Fødselsnummer"], [], told)
    assert "not_personal" not in refused.value.text
