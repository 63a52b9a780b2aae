"""The sentences of the effect table, bokmål and English, from a finished row.

They say what was measured, what was expected anyway, how sure we are and what to beware of. They
never say that Lean caused anything.
"""

from csv import DictReader
from functools import cache
from typing import Any

from pipelines.settings import DBT_DIR
from pipelines.words import numbers

# the words of a change, shared with the sentences SQL writes
_UNIT_WORDS = DBT_DIR / "seeds" / "metric_units.csv"
_REASONS = {
    "few_persons": (
        "Skjermet: det er for få ansatte til at tallene kan vises.",
        "Hidden: there are too few employees for the figures to be shown.",
    ),
    "preliminary": (
        "For lite data: foreløpige tall. Vi sier noe når det har gått to år etter oppstart, eller"
        " ett der det var avtalt på forhånd.",
        "Too little data: preliminary figures. We say something two years after the start, or one"
        " where that was agreed beforehand.",
    ),
    "short_history": (
        "For lite data: det finnes ikke tolv måneder før og etter oppstart.",
        "Too little data: there are not twelve months before and after the start.",
    ),
    "missing_before": (
        "For lite data: for mange av månedene før oppstart mangler tall.",
        "Too little data: too many of the months before the start lack figures.",
    ),
    "missing_after": (
        "For lite data: for mange av månedene etter oppstart mangler tall.",
        "Too little data: too many of the months after the start lack figures.",
    ),
    "few_untreated": (
        "For lite data: det er for få enheter som ikke har startet, å sammenligne med.",
        "Too little data: there are too few units that have not started to compare with.",
    ),
    "no_model": (
        "For lite data: det finnes for få tall til å anslå hva som var ventet.",
        "Too little data: too few figures to estimate what was expected.",
    ),
    "model_check": (
        "For lite data: modellen passer ikke til dette måltallet; bare beskrivelse vises.",
        "Too little data: the model does not fit this metric; only a description is shown.",
    ),
    "definition_change": (
        "Kan ikke tolkes fordi målet eller kilden ble definert på nytt i perioden.",
        "Cannot be interpreted because the metric or its source was redefined in the period.",
    ),
    "reorganisation": (
        "Kan ikke tolkes fordi enheten ble omorganisert innen tolv måneder fra oppstart.",
        "Cannot be interpreted because the unit was reorganised within twelve months of the start.",
    ),
    "budget_cut": (
        "Kan ikke tolkes fordi budsjettet ble kuttet innen tolv måneder fra oppstart.",
        "Cannot be interpreted because the budget was cut within twelve months of the start.",
    ),
}
_VERDICTS = {
    "improved": ("Bedre enn ventet.", "Better than expected."),
    "worsened": ("Dårligere enn ventet.", "Worse than expected."),
    "changed": ("Endret mot det som var ventet.", "Changed against what was expected."),
    "practically_unchanged": ("Trolig uendret.", "Probably unchanged."),
    "sign_beyond_expected": (
        "Tegn til endring utover det ventede, men ikke nok til å fastslå en endring.",
        "A sign of change beyond the expected, but not enough to establish a change.",
    ),
    "cannot_tell": (
        "Vi kan ikke avgjøre om det var en endring.",
        "We cannot tell whether there was a change.",
    ),
}
_REGISTERED = ("Målet var avtalt på forhånd.", "The target was agreed beforehand.")
_SCREENED = ("Sett i ettertid", "Seen afterwards")
_AGAINST = (
    "{}, og strengt prøvd mot de {} andre enhetene.",
    "{}, and tested strictly against the other {}.",
)
_BY_CHANCE = (
    "Blant {} enheter på samme måltall ville slike utslag komme {} ganger ved tilfeldigheter.",
    "Among {} units such a result would come {} times by chance.",
)
_CAVEATS = {
    "flag_bad_start_year": (
        "Enheten startet etter et uvanlig dårlig år.",
        "The unit started after an unusually bad year.",
    ),
    "flag_budget_cut": (
        "Budsjettet ble kuttet nær oppstart; det kan ikke skilles fra.",
        "The budget was cut near the start; this cannot be told apart.",
    ),
    "flag_leader_change": (
        "Enheten skiftet leder nær oppstart; det kan ikke skilles fra.",
        "The unit changed leader near the start; this cannot be told apart.",
    ),
    "flag_did_disagrees": (
        "Sammenligningen med enheter som ventet, peker motsatt vei.",
        "The comparison with waiting units points the other way.",
    ),
}
NB, EN = 0, 1
_CHANCE = 0.05


def number(value: float, decimals: int, language: int, *, signed: bool = True) -> str:
    """Write a number: decimal comma in bokmål, point in English, a true minus sign."""
    return numbers.number(value, decimals, ("nb", "en")[language], signed=signed)


def sentence(row: dict[str, Any], metric: dict[str, Any]) -> tuple[str, str]:
    """Words for one row of the effect table.

    Args:
        row: A finished row, verdict included.
        metric: Its row of ``EffectInputs.metrics``.

    Returns:
        Bokmål and English.
    """
    return _sentence(row, metric, NB), _sentence(row, metric, EN)


def _sentence(row: dict[str, Any], metric: dict[str, Any], language: int) -> str:
    if row["verdict"] == "suppressed":
        return _REASONS[row["reason"]][language]
    parts = []
    if row.get("naive_delta") is not None:
        parts.append(_measured(row, metric, language))
    if row["reason"] is not None:
        parts.append(_REASONS[row["reason"]][language])
        return " ".join(parts)
    parts.append(_estimated(row, metric, language))
    parts.append(verdict_words(row["precision"] or row["verdict"], language))
    parts += _basis(row, language)
    parts += [words[language] for flag, words in _CAVEATS.items() if row.get(flag)]
    return " ".join(parts)


def _basis(row: dict[str, Any], language: int) -> list[str]:
    """What the verdict was held to: agreed beforehand, or seen afterwards among how many."""
    if row["basis"] is None or row["precision"] in ("practically_unchanged", "cannot_tell"):
        return []
    if row["basis"] == "registered":
        return [_REGISTERED[language]]
    n, seen = row["n_tested"], _SCREENED[language]
    if row["precision"] == "sign_beyond_expected":
        hits = number(n * _CHANCE, 1, language, signed=False)
        return [_BY_CHANCE[language].format(n, hits)]
    return [_AGAINST[language].format(seen, n - 1) if n > 1 else f"{seen}."]


def _measured(row: dict[str, Any], metric: dict[str, Any], language: int) -> str:
    decimals, delta = metric["decimals"], row["naive_delta"]
    unit = unit_word(metric["unit"], language)
    if round(delta, decimals) == 0:
        unchanged = ("er uendret, som målt", "is unchanged, as measured")[language]
        return f"{_label(metric, language)} {unchanged}."
    words = (("gikk opp", "rose by") if delta > 0 else ("gikk ned", "fell by"))[language]
    size = number(abs(delta), decimals, language, signed=False)
    tail = ("som målt", "as measured")[language]
    return f"{_label(metric, language)} {words} {size}{unit}, {tail}."


def _estimated(row: dict[str, Any], metric: dict[str, Any], language: int) -> str:
    decimals = metric["decimals"]
    is_percent = row["effect_unit"] == "percent"
    unit = unit_word("percent", language) if is_percent else ""
    shown = max(decimals, 1) if is_percent else decimals
    effect, low, high = (
        number(row[name], shown, language) for name in ("cf_delta", "cf_lo", "cf_hi")
    )
    expected = ""
    if row["anyway"] is not None:
        anyway = number(row["anyway"], decimals, language)
        expected = (
            f"Om lag {anyway} var ventet uansett. ", f"About {anyway} was expected anyway. "
        )[language]  # fmt: skip
    if language == NB:
        return f"{expected}Anslått effekt {effect}{unit} (fra {low} til {high})."
    return f"{expected}Estimated effect {effect}{unit} (from {low} to {high})."


def _label(metric: dict[str, Any], language: int) -> str:
    return str(metric["label_nb"] if language == NB else metric["label_en"])


def unit_word(unit: str, language: int) -> str:
    """A unit in words, as after a change, with a space before it; empty for a plain number."""
    return _unit_words()[unit][language]


@cache
def _unit_words() -> dict[str, tuple[str, str]]:
    with _UNIT_WORDS.open(encoding="utf-8", newline="") as file:
        return {row["unit"]: (row["change_nb"], row["change_en"]) for row in DictReader(file)}


def verdict_words(code: str, language: int) -> str:
    """A verdict, or the precision of no detectable change, in words."""
    return _VERDICTS[code][language]
