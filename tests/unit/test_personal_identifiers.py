"""Every written form of an identity number is seen, and nothing else is taken for one."""

import itertools
import random
from datetime import date

import pytest

from pipelines.desk.identity_numbers import has_birth_date, has_check_digits
from pipelines.desk.personal_identifiers import (
    HIDDEN,
    are_mostly_identity_numbers,
    hits_in_column,
    identifiers_in,
    masked,
)
from pipelines.ingest.pseudonyms import Keys, pseudonym


def number(first_nine: str) -> str:
    """The nine digits with right check digits behind, the next individual number that has any."""
    for individual in range(int(first_nine[6:]), 1000):
        start = f"{first_nine[:6]}{individual:03d}"
        for ends in itertools.product("0123456789", repeat=2):
            if has_check_digits(start + "".join(ends), date(2026, 1, 1)):
                return start + "".join(ends)
    raise AssertionError


N = number("030768123")
LATE = number("240891234")
D = number("430768123")
DATE, PERSON = N[:6], N[6:]
DAY, MONTH, YEAR = N[:2], N[2:4], N[4:6]
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")

SPACES = {
    "space": " ", "no-break space": "\u00a0", "narrow no-break space": "\u202f",
    "thin space": "\u2009", "figure space": "\u2007", "en space": "\u2002", "hair space": "\u200a",
    "ideographic space": "\u3000", "ogham space": "\u1680", "tab": "\t", "line break": "\n",
    "two spaces": "  ", "entity": "&nbsp;", "six spaces": " " * 6, "nul": "\x00",
    "braille blank": "\u2800", "hangul filler": "\u3164",
}  # fmt: skip
INVISIBLE = {
    "zero-width space": "\u200b", "zero-width joiner": "\u200d", "word joiner": "\u2060",
    "byte order mark": "\ufeff", "soft hyphen": "\u00ad", "left-to-right mark": "\u200e",
}  # fmt: skip
HYPHENS = {
    "hyphen": "-", "true hyphen": "\u2010", "non-breaking hyphen": "\u2011",
    "figure dash": "\u2012", "en dash": "\u2013", "em dash": "\u2014", "bar": "\u2015",
    "minus": "\u2212", "small hyphen": "\ufe63", "full-width hyphen": "\uff0d",
    "hyphen in spaces": " - ", "dash in spaces": " – ",
}  # fmt: skip
MARKS = {
    "dot": ".", "full-width dot": "\uff0e", "middle dot": "·", "slash": "/",
    "fraction slash": "\u2044", "underscore": "_", "colon": ":", "comma": ",", "backslash": "\\",
    "semicolon": ";", "hash": "#", "ampersand": "&", "equals": "=", "angle": "<", "caret": "^",
    "three dots": "...", "ellipsis": "\u2026", "three hyphens": "---", "quotes": '","',
    "opening parenthesis": "(", "closing parenthesis": ")", "bracket": "[",
}  # fmt: skip
BETWEEN = {**SPACES, **INVISIBLE, **HYPHENS, **MARKS}
WRITTEN = {
    "plain": N,
    "date apart, dots": f"{DAY}.{MONTH}.{YEAR} {PERSON}",
    "date apart, dots and hyphen": f"{DAY}.{MONTH}.{YEAR}-{PERSON}",
    "date apart, spaces": f"{DAY} {MONTH} {YEAR} {PERSON}",
    "date apart, slashes": f"{DAY}/{MONTH}/{YEAR}-{PERSON}",
    "date apart, all dots": f"{DAY}.{MONTH}.{YEAR}.{PERSON}",
    "date without zeros": f"{int(DAY)}.{int(MONTH)}.{YEAR} {PERSON}",
    "year of four digits": f"{DAY}.{MONTH}.19{YEAR} {PERSON}",
    "year of four digits, together": f"{DAY}{MONTH}19{YEAR}{PERSON}",
    "year of four digits, a space": f"{DAY}{MONTH}19{YEAR} {PERSON}",
    "year first": f"19{YEAR}-{MONTH}-{DAY} {PERSON}",
    "year first, hyphens": f"19{YEAR}-{MONTH}-{DAY}-{PERSON}",
    "year first, together": f"19{YEAR}{MONTH}{DAY}{PERSON}",
    "year first, a space": f"19{YEAR}{MONTH}{DAY} {PERSON}",
    "date in parentheses": f"({DATE}) {PERSON}",
    "number in parentheses": f"{DATE} ({PERSON})",
    "individual number apart": f"{DATE} {PERSON[:3]} {PERSON[3:]}",
    "all parts apart": f"{DAY}.{MONTH}.{YEAR}.{PERSON[:3]}.{PERSON[3:]}",
    "every digit apart": " ".join(N),
    "every digit with a hyphen": "-".join(N),
    "groups of three": f"{N[:3]} {N[3:6]} {N[6:9]} {N[9:]}",
    "groups of four": f"{N[:4]} {N[4:8]} {N[8:]}",
    "zero lost": N[1:],
    "zero lost, as a float": f"{N[1:]}.0",
    "zero lost, with a decimal comma": f"{N[1:]},00",
    "zero lost, with an exponent": f"{int(N):.9E}",
    "zero lost, with thousands": f"{int(N):,}".replace(",", " "),
    "zero lost, with a space": f"{N[1:6]} {PERSON}",
    "zero lost, glued": f"x{N[1:]}",
    "float": f"{LATE}.0",
    "float with a comma": f"{LATE},0",
    "exponent": f"{int(LATE):.10E}",
    "full width": N.translate(FULL_WIDTH),
    "full width, apart": f"{DATE} {PERSON}".translate(FULL_WIDTH),
    "arabic digits": N.translate(ARABIC),
    "letters before": f"fnr{N}",
    "letters behind": f"{N}Kari",
    "letters on both sides": f"Ola{N}Nordmann",
    "a word before": f"Fødselsnummer: {N}",
    "a word before, ten digits": f"f.nr. {N[1:]}",
    "parentheses": f"Kari Nordmann ({DATE} {PERSON})",
    "quotes": f"«{N}»",
    "an apostrophe, as a spreadsheet": f"'{N}",
    "a formula": f'="{N}"',
    "markup": f"<td>{N}</td>",
    "in a sentence": f"Se saken om {DATE} {PERSON}, vikar fra 2017.",
    "behind another number": f"7174 {N}",
    "before a percentage": f"{N} 100%",
    "twice": f"{N}; {LATE}",
    "D-number": D,
    "D-number apart": f"{D[:6]} {D[6:]}",
    "D-number, date apart": f"{D[:2]}.{D[2:4]}.{D[4:6]}-{D[6:]}",
    "hospital number": number("034768123"),
    "test person of Norsk helsenett": number("037268123"),
    "test person of Skatteetaten": number("038768123"),
    "D-number of a test person": number("438768123"),
    "day that is the last of its month": number("310399123"),
    "leap day": number("290264123"),
    "wrong check digits": "03076812345",
    "wrong check digits, hyphen": "030768-12345",
    "wrong check digits, dot": "030768.12345",
    "wrong check digits, date apart": "03.07.68-12345",
    "a word before, wrong check digits": "personnr 12345678901",
}


@pytest.mark.parametrize("between", BETWEEN.values(), ids=BETWEEN.keys())
def test_date_and_number_are_seen_whatever_stands_between(between: str) -> None:
    for digits in (N, D, LATE):
        text = f"{digits[:6]}{between}{digits[6:]}"
        assert hits_in_column([text]) == {text: "identity_number"}
        assert masked(f"Merknad: {text}!") == f"Merknad: {HIDDEN}!"


@pytest.mark.parametrize("text", WRITTEN.values(), ids=WRITTEN.keys())
def test_every_written_form_is_seen_and_masked(text: str) -> None:
    assert hits_in_column([text, "ok", "7174"]) == {text: "identity_number"}
    left = "".join(letter for letter in masked(text) if letter.isdigit())
    assert len(left) < 9
    assert PERSON not in masked(text)


@pytest.mark.parametrize(
    "text",
    [
        "974637774", "974 637 774", "NO 974 637 774 MVA", "810034882", "+47 22 12 45 67",
        "4722124567", "0047 22 12 45 67", "22124567", "1 234 567 890,50", "1 250 000,00",
        "1234567890.12", "1.234.567.890", "kr 1 017 000 000", "2017-01-01 00:00:00",
        "2017-01-01T00:00:00.000Z", "01.01.2017 12:30:00", "01.01.2017-31.12.2017",
        "20170101-20171231", "2017-01-01 12345", "31.12.17 10201", "10201 25300", "10201-25300",
        "312001 25300", "418192.25,9.05", "241001/10100", "631001/10100", "10201-312001-25300-0000",
        "312001.25300.10201",
        "0A2012 052900                  1253 020     5412", "052900 1253 020", "12345678901",
        "99017012345", "0.01017012345", "0,01017012345", "123456.78901", "310120253001",
        "1483228800000", "7070750012345", "550e8400-e29b-41d4-a716-446655440000",
        "ab01010112345cd og kr 1 234 567 890", "postmottak@vestre-toten.kommune.no",
        "post.gimle@kommune.no", "Faktura 12.03.17 45678", "Rom 0101 70 12", "45,6 12345",
        "da39a3ee5e6b4b0d03076812345bfef95601890afd80709", "2024K1 0101 2345",
        "241001;10100", "(241001) 10100",
        "241001        10100", "010117...31129", '{"konto": 241001, "sum": 10100}',
    ],
)  # fmt: skip
def test_other_figures_are_left_alone(text: str) -> None:
    assert hits_in_column([text]) == {}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("1234.56.78903", "bank_account"),
        ("1234 56 78903", "bank_account"),
        ("kontonr. 12345678903", "bank_account"),
        ("Bankkonto 1234 56 78903", "bank_account"),
        ("NO93 8601 1117 947", "bank_account"),
        ("NO9386011117947", "bank_account"),
        ("kari.nordmann@kommune.no", "email"),
        ("Kontakt: Kari.Nordmann+lean@vestre-toten.kommune.no.", "email"),
        ("p_0123456789abcdef", "pseudonym"),
    ],
)
def test_accounts_addresses_and_pseudonyms_are_seen(text: str, kind: str) -> None:
    assert hits_in_column([text]) == {text: kind}
    assert HIDDEN in masked(text)


@pytest.mark.parametrize(
    ("text", "is_hidden"),
    [("kari@kommune.no", True), ("uu2@kommune.no", True), ("postmottak@kommune.no", False)],
)
def test_an_address_that_may_be_an_offices_is_hidden_in_a_log_and_no_hit_in_a_column(
    text: str, is_hidden: bool
) -> None:
    assert hits_in_column([text]) == {}
    assert (masked(text) == HIDDEN) == is_hidden


@pytest.mark.parametrize("text", ["1234.56.78902", "12345678903", "NO92 8601 1117 947"])
def test_a_number_without_the_check_digit_of_an_account_is_none(text: str) -> None:
    assert hits_in_column([text]) == {}


@pytest.mark.parametrize("other", ["kari.nordmann@x.no", "p_0123456789abcdef", "1234.56.78903"])
def test_an_identity_number_is_the_gravest_of_what_a_text_holds(other: str) -> None:
    for text in (f"{other} {N}", f"{N} {other}"):
        assert hits_in_column([text]) == {text: "identity_number"}


def drawn(n: int, low: int, high: int, width: int = 0) -> list[str]:
    chance = random.Random(20170101)  # noqa: S311 - drawn the same each time
    return [str(chance.randrange(low, high)).zfill(width) for _ in range(n)]


def test_a_column_of_ten_digit_codes_is_no_column_of_persons() -> None:
    assert hits_in_column(drawn(3000, 10**9, 10**10)) == {}


def test_a_column_of_postings_is_no_column_of_persons() -> None:
    pairs = zip(drawn(3000, 110000, 330000), drawn(3000, 10000, 99999), strict=True)
    assert hits_in_column([" ".join(pair) for pair in pairs]) == {}


def test_one_person_among_thousands_of_ordinary_cells_is_seen() -> None:
    cells = [*drawn(3000, 100, 10**8), f"{DATE}-{PERSON}"]
    assert list(hits_in_column(cells)) == [f"{DATE}-{PERSON}"]


def test_of_a_column_of_eleven_digit_codes_only_those_with_right_check_digits_are_seen() -> None:
    codes = drawn(2000, 0, 10**11, 11)
    hits = hits_in_column([*codes, N])
    assert N in hits
    assert len(hits) < 20
    assert all(has_birth_date(code) and has_check_digits(code) for code in hits)
    assert not are_mostly_identity_numbers([*codes, N])


def test_a_whole_column_of_persons_is_known_as_one_also_without_its_zeros() -> None:
    numbers = [number(f"{day:02d}0768{day:03d}") for day in range(1, 29)]
    assert are_mostly_identity_numbers(numbers)
    assert len(hits_in_column([n.lstrip("0") for n in numbers])) == 28


@pytest.mark.parametrize("day", ["000170", "320170", "310470", "300270", "011370", "010070"])
def test_a_day_that_does_not_exist_is_no_birth_date(day: str) -> None:
    assert not has_birth_date(f"{day}12345")


def test_the_check_digits_of_2032_count_from_the_day_such_numbers_can_exist() -> None:
    def issued_from_2032(digits: str) -> bool:
        return has_check_digits(digits, date(2032, 1, 1))

    assert issued_from_2032(N)
    start, before = "030768123", date(2031, 12, 31)
    ends = ["".join(pair) for pair in itertools.product("0123456789", repeat=2)]
    new = [start + e for e in ends if issued_from_2032(start + e)]
    old = [start + e for e in ends if has_check_digits(start + e, before)]
    assert len(old) <= 1
    assert len(old) < len(new) <= 4


def test_a_number_of_2032_is_seen_today_where_its_form_says_what_it_is() -> None:
    new = next(
        f"030768{n:05d}"
        for n in range(99999)
        if has_check_digits(f"030768{n:05d}", date(2032, 1, 1))
        and not has_check_digits(f"030768{n:05d}", date(2031, 12, 31))
    )
    assert hits_in_column([new, f"{new[:6]}-{new[6:]}"]).keys() == {new, f"{new[:6]}-{new[6:]}"}


def test_a_pseudonym_as_ingest_makes_it_is_known() -> None:
    made = pseudonym("1987", Keys((b"k" * 32,)))
    assert hits_in_column([f"se {made}."]) == {f"se {made}.": "pseudonym"}
    assert masked(made) == HIDDEN


def test_a_masked_text_keeps_all_that_is_no_identifier() -> None:
    text = f"select * from mart_x where a = '{N}' and b > 1234567 or c = 'k.n@x.no' -- 2017-01-01"
    assert masked(text) == (
        f"select * from mart_x where a = '{HIDDEN}' and b > 1234567 or c = '{HIDDEN}' -- 2017-01-01"
    )
    assert identifiers_in(masked(text)) == []
