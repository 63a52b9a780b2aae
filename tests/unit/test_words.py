"""The word files: the same keys and places in every language, no key twice."""

import re
from pathlib import Path

import pytest

from dashboards.text.methods import FILES
from pipelines.contracts.privacy import SUPPRESSION_RULES
from pipelines.contracts.seed_words import SEED_WORDS
from pipelines.desk.questions import questions
from pipelines.settings import REPO_ROOT
from pipelines.words.catalogue import (
    DEFAULT_LANGUAGE,
    FOLDER,
    WordFileError,
    all_texts,
    codes,
    language_or_default,
    languages,
    read_words,
    text,
)
from tests.word_files import codes_of

PLACES = re.compile(r"{(\w+)[^}]*}")


def places(language: str) -> dict[str, set[str]]:
    # a date's day is written by number or by name: what is filled in is offered, not asked for
    return {
        key: set(PLACES.findall(words))
        for key, words in all_texts(language).items()
        if key != "format.day"
    }


@pytest.mark.parametrize("language", codes())
def test_every_language_has_the_same_keys_with_the_same_places(language: str) -> None:
    assert places(language) == places(DEFAULT_LANGUAGE)


@pytest.mark.parametrize("language", codes())
def test_no_text_is_empty_unless_it_is_empty_in_bokmaal(language: str) -> None:
    nb = all_texts(DEFAULT_LANGUAGE)
    assert [key for key, words in all_texts(language).items() if not words and nb[key]] == []


@pytest.mark.parametrize("language", codes())
def test_no_text_has_spaces_around_it_but_units_of_measure(language: str) -> None:
    spaced = {key for key, words in all_texts(language).items() if words != words.strip()}
    assert {key for key in spaced if not key.startswith("unit.")} <= {
        "format.thousands", "page.basis_preliminary",
    }  # fmt: skip


def test_the_languages_are_the_files_and_bokmaal_comes_first() -> None:
    assert set(codes()) == {file.stem for file in FOLDER.glob("??.yml")}
    assert codes()[0] == next(iter(languages())) == DEFAULT_LANGUAGE
    assert language_or_default("tlh") == language_or_default(None) == DEFAULT_LANGUAGE


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("a: x\nb: y\na: z\n", "linje 3: nøkkelen «a» står to ganger"),
        ("a:\n  b: x\n  c: y\n  b: z\n", "linje 4: nøkkelen «b» står to ganger"),
        ("a: [x]\n", "linje 1: «a» skal være en tekst"),
        ("- x\n", "filen skal ha nøkler øverst"),
        ("", "filen skal ha nøkler øverst"),
    ],
)
def test_a_file_that_says_two_things_is_refused(tmp_path: Path, content: str, said: str) -> None:
    file = tmp_path / "xx.yml"
    file.write_text(content, "utf-8")
    with pytest.raises(WordFileError, match=said):
        read_words(file)


def test_every_leaf_is_text_whatever_yaml_would_make_of_it(tmp_path: Path) -> None:
    file = tmp_path / "xx.yml"
    file.write_text("a: no\nb: 1\nc: 0529\nno: x\n", "utf-8")
    assert read_words(file) == {"a": "no", "b": "1", "c": "0529", "no": "x"}


def test_a_place_that_is_not_filled_in_is_an_error_and_not_shown() -> None:
    with pytest.raises(KeyError):
        text("page.signed_in", DEFAULT_LANGUAGE)


def code_text() -> str:
    folders = (REPO_ROOT / "pipelines", REPO_ROOT / "dashboards")
    return "".join(file.read_text("utf-8") for each in folders for file in each.rglob("*.py"))


def test_every_domain_is_asked_for() -> None:
    # pages have a test of their own, and a seed's words that no row asks for are refused
    of_seeds = {words.domain.split(".")[0] for words in SEED_WORDS}
    domains = {key.split(".")[0] for key in all_texts(DEFAULT_LANGUAGE)} - of_seeds
    code = code_text()
    assert [each for each in sorted(domains) if not re.search(rf'"{each}[."]', code)] == []


def test_every_refusal_question_and_rule_is_one_that_is_used() -> None:
    code = code_text()
    assert [each for each in sorted(codes_of("refusal")) if f'"{each}"' not in code] == []
    assert [each for each in sorted(codes_of("standing")) if f'"{each}"' not in code] == []
    assert codes_of("question") == set(questions())
    assert codes_of("suppression") == set(SUPPRESSION_RULES)
    assert codes_of("method") == set(FILES)
