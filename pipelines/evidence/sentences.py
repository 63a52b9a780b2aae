"""Sentences of a pooled answer, from the rows of ``answer.as_rows``; in every language.

Nothing is computed here but the own interval, which is the own pack's.
"""

from collections.abc import Mapping
from typing import Any

from pipelines.effects.model.scale import Telling
from pipelines.effects.model.student import half_width
from pipelines.evidence.pooling import FAR, FRAGILE
from pipelines.words.catalogue import text
from pipelines.words.numbers import number, unit_words

Row = Mapping[str, Any]
_DECIMALS = 1


def together(row: Row, language: str) -> list[str]:
    """Say what the municipalities say together.

    Args:
        row: From :func:`pipelines.evidence.answer.as_rows`.
        language: Of the sentences.
    """
    found = row["pooled"]
    if found is None:
        n = len(row["municipalities"])
        return [text("evidence.too_few", language, n=n)]
    said = [
        text("evidence.mean", language, k=found["k"], **_three(row, found, "mean", language)),
        text(f"evidence.verdict.{row['verdict']}", language),
        _differs(row, found, language),
        text("evidence.new", language, **_two(row, found["new_low"], found["new_high"], language)),
        _tolerates(found, language),
        *_announced(row, language),
        *_far(row, language),
    ]
    return [sentence for sentence in said if sentence]


def own(row: Row, municipality_id: str, language: str) -> list[str]:
    """Say what a municipality's own estimate is worth beside the others', or that it is not there.

    Args:
        row: From :func:`pipelines.evidence.answer.as_rows`.
        municipality_id: Whose.
        language: Of the sentences.
    """
    mine = next((m for m in row["municipalities"] if m["municipality_id"] == municipality_id), None)
    if mine is None:
        return [text("evidence.not_among", language)]
    if "expected" not in mine:
        return []
    half = half_width(mine["df"]) * mine["se"] + mine["margin"]
    alone = {
        "estimate": mine["estimate"],
        "low": mine["estimate"] - half,
        "high": mine["estimate"] + half,
    }
    beside = {
        "estimate": mine["expected"],
        "low": mine["expected_low"],
        "high": mine["expected_high"],
    }
    return [
        text("evidence.own", language, **_three(row, alone, "estimate", language)),
        text("evidence.beside", language, **_three(row, beside, "estimate", language)),
    ]


def left_out(outcome: Row, language: str) -> str:
    """Say in one sentence why a pack was refused or stopped.

    Args:
        outcome: One of ``left_out`` of a row.
        language: Of the sentence.
    """
    who = outcome["municipality_id"] or outcome["file"]
    why = text(f"evidence.reason.{outcome['reason']}", language, detail=outcome["detail"])
    return f"{who}: {why}"


def _three(row: Row, found: Row, middle: str, language: str) -> dict[str, str]:
    low_high = _two(row, found["low"], found["high"], language)
    return {"estimate": _figure(row, found[middle], language) + _unit(row, language), **low_high}


def _two(row: Row, low: float, high: float, language: str) -> dict[str, str]:
    return {"low": _figure(row, low, language), "high": _figure(row, high, language)}


def _figure(row: Row, value: float, language: str) -> str:
    as_told = Telling(row["scale"]).told(value)
    return number(as_told, _DECIMALS, language, signed=True)


def _unit(row: Row, language: str) -> str:
    unit = "percent" if row["scale"] == "log" else row["definition"]["unit"]
    return unit_words(unit, language, "change")


def _differs(row: Row, found: Row, language: str) -> str:
    size = number(Telling(row["scale"]).told(found["tau"]), _DECIMALS, language)
    key = "evidence.alike" if size == number(0.0, _DECIMALS, language) else "evidence.differs"
    return text(key, language, tau=size)


def _tolerates(found: Row, language: str) -> str:
    rho = found["shared_error_tolerated"]
    if rho < FRAGILE:
        return text("evidence.fragile", language)
    return text("evidence.tolerates", language, rho=number(rho, 2, language))


def _announced(row: Row, language: str) -> list[str]:
    if not row["n_announced"]:
        return []
    n, k = row["n_announced"], row["n_delivered"]
    said = [text("evidence.announced", language, n=n, k=k)]
    if row["with_absent"]:
        figures = _three(row, row["with_absent"], "mean", language)
        said.append(text("evidence.with_absent", language, **figures))
    return said


def _far(row: Row, language: str) -> list[str]:
    names = [
        mine["municipality_name"] or mine["municipality_id"]
        for mine in row["municipalities"]
        if abs(mine.get("distance_from_others", 0.0)) > FAR
    ]
    return [text("evidence.far", language, names=", ".join(names))] if names else []
