"""The sentences of the pooled table, bokmål and English, from a finished row.

What a single unit's row says is in text; both write numbers and units the same way.
"""

from typing import Any

from pipelines.effects.tables.text import EN, NB, number, unit_word, verdict_words

_GROUPS = {
    "all": ("Lean-enhetene samlet", "The Lean units together"),
    "pilots": ("Pilotene samlet", "The pilots together"),
    "wave": ("Bølge {}", "Wave {}"),
    "sector": ("Lean-enhetene i {}", "The Lean units in {}"),
}
# months after the start, first and last; the headline window has no words of its own
_WINDOWS = {
    (0, 5): ("de første seks månedene", "the first six months"),
    (6, 11): ("måned sju til tolv", "months seven to twelve"),
    (12, 23): ("det andre året", "the second year"),
    (24, 47): ("det tredje og fjerde året", "the third and fourth year"),
}
_CONTRAST = ("det andre året mot det første", "the second year against the first")
_YEARS = {
    "bad": ("dårlig år", "bad year"),
    "good": ("godt år", "good year"),
    "unusual": ("år", "year"),
}
_MARGIN = (
    "Marginen er utvidet fordi gruppen startet etter et uvanlig {}.",
    "The margin is widened because the group started after an unusually {}.",
)
_PLAIN_MARGIN_EN = "The margin is widened because the group started after an unusual year."
PERSISTENCE = {
    "lasted": (
        "Bedringen varte det andre året.",
        "The improvement lasted through the second year.",
    ),
    "did_not_last": ("Bedringen varte ikke.", "The improvement did not last."),
    "too_early": (
        "Det er for tidlig å si om det varer.",
        "It is too early to say whether it lasts.",
    ),
    "unclear": ("Det er uklart om det varte.", "It is unclear whether it lasted."),
}


def pooled_sentence(
    row: dict[str, Any], metric: dict[str, Any], year: str | None
) -> tuple[str, str]:
    """Words for one row of the pooled table.

    Args:
        row: A finished row; ``verdict`` is None for a contrast.
        metric: Its row of ``EffectInputs.metrics``.
        year: What the group's last year before the start was: bad, good, unusual or None.

    Returns:
        Bokmål and English.
    """
    return _sentence(row, metric, year, NB), _sentence(row, metric, year, EN)


def _sentence(row: dict[str, Any], metric: dict[str, Any], year: str | None, language: int) -> str:
    parts = [_finding(row, metric, language)]
    if row["verdict"] is not None:
        parts.append(verdict_words(row["precision"] or row["verdict"], language))
    if row["margin"] and year is not None:
        parts.append(_margin(year, language))
    # where nothing got better there is nothing that could last
    told = row["persistence"]
    if told in ("lasted", "did_not_last") or (told and row["verdict"] == "improved"):
        parts.append(PERSISTENCE[told][language])
    return " ".join(parts)


def _finding(row: dict[str, Any], metric: dict[str, Any], language: int) -> str:
    is_percent = row["effect_unit"] == "percent"
    digits = max(metric["decimals"], 1)
    unit = unit_word("percent" if is_percent else metric["unit"], language)
    estimate = row["estimate"]
    low, high = (number(row[name], digits, language) for name in ("lo", "hi"))
    is_contrast = row["kind"] == "contrast"
    if round(estimate, digits) == 0:
        change = _SAME[is_contrast][language]
    else:
        size = number(abs(estimate), digits, language, signed=False)
        change = f"{size}{unit} {_SIDES[is_contrast][estimate > 0][language]}"
    span = (f"(fra {low} til {high})", f"(from {low} to {high})")[language]
    count = ("enheter", "units")[language]
    who = f"{_group(row, language)}{_months(row, language)}"
    return f"{who}: {_label(metric, language)} {change} {span}, {row['n_units']} {count}."


_SAME = {
    False: ("som ventet", "as expected"),
    True: ("uendret fra det ene året til det andre", "unchanged from one year to the next"),
}
_SIDES = {
    False: {
        False: ("lavere enn ventet", "lower than expected"),
        True: ("høyere enn ventet", "higher than expected"),
    },
    True: {False: ("lavere", "lower"), True: ("høyere", "higher")},
}


def _group(row: dict[str, Any], language: int) -> str:
    return _GROUPS[row["group_type"]][language].format(row["group_id"])


def _months(row: dict[str, Any], language: int) -> str:
    if row["kind"] == "contrast":
        return f", {_CONTRAST[language]}"
    words = _WINDOWS.get((row["first_month_after"], row["last_month_after"]))
    return f", {words[language]}" if words else ""


def _margin(year: str, language: int) -> str:
    if year == "unusual" and language == EN:
        return _PLAIN_MARGIN_EN
    return _MARGIN[language].format(_YEARS[year][language])


def _label(metric: dict[str, Any], language: int) -> str:
    """The metric inside a sentence: a small first letter, unless it is an abbreviation."""
    label = str(metric["label_nb"] if language == NB else metric["label_en"])
    return label[:1].lower() + label[1:] if label[1:2].islower() else label
