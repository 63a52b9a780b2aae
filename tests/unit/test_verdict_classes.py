"""Seven classes with one word each: every headline has one, every class a word and a sign."""

import base64
import csv
import re

import pytest

from dashboards.charts.icons import verdict_icon
from pipelines.effects.tables.pooled_class import pooled_class
from pipelines.settings import DBT_DIR
from pipelines.words.catalogue import codes, find
from pipelines.words.verdict_class import CLASSES, Judged, class_words, verdict_words

# which groups of headlines make a class; what did not hold stands apart from the changed
BY_GROUP = {
    "improved": "better", "worsened": "worse", "changed": "changed", "no_change": "no_change",
    "cannot_tell": "cannot_tell", "too_little_data": "cannot_tell",
    "not_interpretable": "cannot_tell", "suppressed": "hidden",
}  # fmt: skip
NOT_HELD = {"improved_then_lost", "association_improved_then_lost"}


def seed(name: str) -> list[dict[str, str]]:
    with (DBT_DIR / "seeds" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_headline_has_its_class() -> None:
    for row in seed("headlines"):
        expected = "not_held" if row["headline"] in NOT_HELD else BY_GROUP[row["headline_group"]]
        assert row["verdict_class"] == expected, row["headline"]


@pytest.mark.parametrize("language", codes())
def test_every_class_has_one_word_that_no_other_has(language: str) -> None:
    words = class_words(language)
    assert tuple(words) == CLASSES
    assert len(set(words.values())) == len(CLASSES)


@pytest.mark.parametrize("language", codes())
def test_every_headline_has_a_sentence_and_what_cannot_be_told_says_why(language: str) -> None:
    for row in seed("headlines"):
        assert find(f"sentence.headline.{row['headline']}", language)
        is_told = row["verdict_class"] not in ("cannot_tell", "hidden")
        assert is_told == (find(f"why.{row['headline']}", language) is None), row["headline"]


@pytest.mark.parametrize("language", codes())
def test_every_code_that_a_sentence_may_name_has_words(language: str) -> None:
    for name, column, domain in (
        ("headline_rules", "lowered_by", "lowers"),
        ("verdict_reasons", "reason_code", "reason"),
        ("comparison_reasons", "reason_code", "not_compared"),
        ("chart_verdicts", "verdict", "chart_verdict"),
    ):
        for row in seed(name):
            if row[column]:
                assert find(f"{domain}.{row[column]}", language), (domain, row[column])


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (Judged("better", "comparison", "improved_lasting"), "Bedre, sammenlignet"),
        (Judged("better", "chart", "association_improved", "preliminary"),
         "Bedre*, bare eget diagram"),
        (Judged("cannot_tell", "none", "too_little_data"), "Kan ikke sies: for lite data"),
        (Judged("hidden", "none", "suppressed"), "Skjult: for få personer"),
    ],
)  # fmt: skip
def test_the_word_stands_first_and_what_follows_is_no_other_verdict(
    row: Judged, words: str
) -> None:
    assert verdict_words(row, "nb") == words


@pytest.mark.parametrize(
    ("verdict", "precision", "persistence", "expected"),
    [
        ("improved", None, "lasted", "better"),
        ("improved", None, None, "better"),
        ("improved", None, "did_not_last", "not_held"),
        ("worsened", None, None, "worse"),
        ("changed", None, None, "changed"),
        ("no_detectable_change", "practically_unchanged", "lasted", "no_change"),
        ("no_detectable_change", "cannot_tell", None, "cannot_tell"),
        ("no_detectable_change", "sign_beyond_expected", None, "cannot_tell"),
        (None, None, None, None),
    ],
)
def test_a_group_is_classed_by_the_same_table(
    verdict: str | None, precision: str | None, persistence: str | None, expected: str | None
) -> None:
    assert pooled_class(verdict, precision, persistence) == expected


def svg(image: str) -> str:
    (content,) = re.findall(r"base64,([^)]+)", image)
    return base64.b64decode(content).decode()


def test_every_class_has_a_sign_of_its_own_filled_or_in_outline() -> None:
    signs = {
        (code, is_filled): svg(verdict_icon(code, is_filled=is_filled))
        for code in CLASSES
        for is_filled in (True, False)
    }
    assert len(set(signs.values())) == len(signs)
    for code in CLASSES:
        assert 'fill="#fff"' in signs[code, False]
        assert 'fill="#fff"' not in signs[code, True]
