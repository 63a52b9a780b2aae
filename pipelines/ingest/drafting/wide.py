"""Figures that stand beside each other: years, months or measures as columns, made into rows."""

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from itertools import chain, count
from typing import Any

import polars as pl

from pipelines.ingest.dates import parse_dates
from pipelines.ingest.drafting.profiles import Profile
from pipelines.ingest.recognised import RECOGNISED
from pipelines.ingest.text_keys import fold_words

_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")
_ACCOUNTS = ("regnskap", "rekneskap", "accounts", "forbruk")
_REVISED = ("revidert", "rev.", "rev ", "regulert", "justert")
_BUDGET = ("budsjett", "budget", "oppr", "vedtatt", "plan")
_LETTERS = str.maketrans(
    dict(pair.split("=") for pair in RECOGNISED["drafting.letters_of_ids"].split())
)
_LONGEST = 60
_ANY_YEAR = 2000
_FEWEST_MONTHS = 3


def year_in(text: str) -> int | None:
    """Return the year a text names, None when it names none or several."""
    years = {int(year) for year in _YEAR.findall(text)}
    return years.pop() if len(years) == 1 else None


def month_of(header: str) -> str | None:
    """Return the first day of the month or quarter a header is, None when it is neither."""
    if header.isdigit():
        return None
    span = parse_dates(pl.Series([header])).values[0]
    return None if span is None else str(span.replace(day=1))


def wide_months(columns: Sequence[Profile]) -> dict[str, str]:
    """Return the columns that are months, when several are: header -> first day.

    Args:
        columns: Columns of figures.
    """
    found = {c.header: day for c in columns if (day := month_of(c.header)) is not None}
    return found if len(found) > 1 and len(set(found.values())) == len(found) else {}


def months_of_a_year(columns: Sequence[Profile]) -> dict[str, date]:
    """Return the columns that are months of a year told elsewhere: header -> its day in any year.

    Args:
        columns: Columns of figures.
    """
    named = [c.header for c in columns if not c.header.isdigit() and month_of(c.header) is None]
    days = parse_dates(pl.Series(named, dtype=pl.String), year=_ANY_YEAR).values.to_list()
    found = {header: day for header, day in zip(named, days, strict=True) if day is not None}
    is_a_year = len(found) >= _FEWEST_MONTHS and len(set(found.values())) == len(found)
    return found if is_a_year else {}


def amounts(columns: Sequence[Profile], file_name: str) -> dict[str, dict[str, Any]]:
    """Return the columns of kroner with what their names say: year, and accounts or budget.

    Args:
        columns: Columns of figures.
        file_name: The file's name; its year tells plans from accounts.
    """
    named = year_in(file_name)
    years = [year for column in columns if (year := year_in(column.header))]
    is_plan = named is not None and bool(years) and min(years) >= named and len(years) > 1
    found: dict[str, dict[str, Any]] = {}
    for column in columns:
        year, kind = year_in(column.header), amount_type(column.header, is_plan=is_plan)
        if year is None and kind is None:
            continue
        told: dict[str, Any] = {} if year is None else {"year": year}
        told["amount_type"] = kind or "accounts"
        if told["amount_type"] != "accounts":
            told["budget_version"] = f"Budsjett {named if is_plan else year or named or ''}".strip()
        found[column.header] = told
    return found


def period_amounts(columns: Sequence[Profile], file_name: str) -> dict[str, dict[str, Any]]:
    """Return the columns of kroner that are months, with the period and year each is of.

    Args:
        columns: Columns of figures.
        file_name: The file's name, which says whether they are accounts or a budget.
    """
    kind = amount_type(file_name, is_plan=False) or "accounts"
    told: dict[str, Any] = {"amount_type": kind}
    if kind != "accounts":
        told["budget_version"] = f"Budsjett {year_in(file_name) or ''}".strip()
    dated = wide_months(columns)
    if dated:
        days = {header: date.fromisoformat(day) for header, day in dated.items()}
        return {h: {"year": day.year, "period": day.month} | told for h, day in days.items()}
    named = months_of_a_year(columns)
    return {header: {"period": day.month} | told for header, day in named.items()}


def amount_type(header: str, *, is_plan: bool = False) -> str | None:
    """Return what a column of kroner is, None when its name does not say.

    Args:
        header: The column's name.
        is_plan: Whether a bare year is a year of a plan.
    """
    text = fold_words(header)
    if any(word in text for word in _ACCOUNTS):
        return "accounts"
    if any(word in text for word in _BUDGET):
        return "revised_budget" if any(word in text for word in _REVISED) else "original_budget"
    return "original_budget" if is_plan and _YEAR.search(header) else None


def measure_id(text: str) -> str:
    """Return a measure's id made of a header: small letters, digits and underscores."""
    return plain_id(text) or "verdi"


def plain_id(text: str) -> str:
    """Return a text in small letters, digits and underscores; empty when it has no letter."""
    plain = re.sub(r"[^a-z0-9]+", "_", text.lower().translate(_LETTERS).replace("%", " pct "))
    return re.sub(r"^[^a-z]+", "", plain).strip("_")[:_LONGEST].strip("_")


def measures(columns: Sequence[Profile]) -> Mapping[str, str]:
    """Return a measure's id for each column of figures; two alike get a number.

    Args:
        columns: Columns of figures.
    """
    found: dict[str, str] = {}
    for column in columns:
        found[column.header] = numbered(measure_id(column.header), found.values())
    return found


def numbered(plain: str, taken: Collection[str]) -> str:
    """Return an id that is not taken: itself, or with the first number behind that makes it so.

    Args:
        plain: The id.
        taken: Those that are.
    """
    tried = chain([plain], (f"{plain}_{number}" for number in count(2)))
    return next(name for name in tried if name not in taken)
