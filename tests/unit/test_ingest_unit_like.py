"""An unknown unit is told by its code or its name, and a person in its place never."""

import pytest

from pipelines.ingest.unit_like import UnitWords

CODES = {"cost_centre": frozenset({"3120", "0450"}), "name": frozenset({"ås skole"})}
NAMES = frozenset({"gimle sykehjem", "solberg skole", "fagerlund hjemmetjeneste", "gimle", "3120"})
WORDS = UnitWords(CODES, NAMES)


@pytest.mark.parametrize(
    "text",
    [
        "9999", "E9", "31.20", "A-12", "12345678", "123456", "Nedlagt sykehjem",
        "Solhaug bofellesskap",
        "Bjørk/Furu avd. 3", "Gimle avd 2", "Gimmle sykehjem", "Gimle og Fagerlund", "NAV",
        "Hjemmetjenesten sone nord", "Bergheim bo- og omsorgssenter", "Barnehagen Lia",
        "9999 Nedlagt sykehjem", "Bakketunet", "Team Øst", "LEICESTER HOSPITALS NHS TRUST",
    ],
)  # fmt: skip
def test_codes_and_names_of_units_are_told(text):
    assert WORDS.told(text, "cost_centre") == text


@pytest.mark.parametrize(
    "text",
    [
        "Kari Nordmann", "Kari", "Nordmann", "KARI NORDMANN", "Anne Solberg", "Kari Solberg",
        "Kari Nordmann, Gimle sykehjem", "Kari Solberg, Solberg skole", "Kari Nordmann skole",
        "Ola N. Nordmann", "Kari 2", "Nordmann Kari 12", "kari.nordmann@kommune.no",
        "Nordmann, Kari", "Gimle sykehjem - Kari Nordmann", "Kari Nordmann (Ås skole)",
        "Kari på Gimle sykehjem", "41234567", "412 34 567", "x" * 80,
        "Edward Howard", "Gimle sykehjem v/ Kari Nordmann",
    ],
)  # fmt: skip
def test_a_person_is_not(text):
    assert WORDS.told(text, "cost_centre") is None


def test_of_a_code_with_a_person_behind_it_the_code_is_told():
    assert WORDS.told("9999 Kari Nordmann", "cost_centre") == "9999 …"


@pytest.mark.parametrize(
    ("text", "told"), [("9999", "9999"), ("450", "450"), ("98765", None), ("54321", None)]
)
def test_among_persons_a_bare_number_is_told_only_where_units_have_such(text, told):
    words = UnitWords(CODES, NAMES, frozenset({"54321", "12345"}))
    assert words.told(text, "cost_centre") == told


def test_a_person_number_of_the_file_is_never_a_unit():
    assert UnitWords(CODES, NAMES, frozenset({"9999"})).told("9999", "cost_centre") is None
