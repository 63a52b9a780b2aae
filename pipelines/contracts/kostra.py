"""Which KOSTRA codes were valid in which years, as far as we know it.

The codes themselves are a seed of dbt (``kostra_codes.csv``). Only a code with a known first or
last year is judged: a code we do not know, or know no years of, passes.
"""

import csv
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pipelines.errors import ContractError
from pipelines.settings import DBT_DIR
from pipelines.words.messages import say

KOSTRA_FILE = DBT_DIR / "seeds" / "kostra_codes.csv"

Years = tuple[int | None, int | None]


@dataclass(frozen=True)
class Validity:
    """Codes that share the same years: first and last, None where open."""

    years: tuple[Years, ...]
    codes: tuple[str, ...]


@lru_cache(maxsize=4)
def kostra_validity(code_type: str, path: Path = KOSTRA_FILE) -> tuple[Validity, ...]:
    """Return the known validity of art or function codes, grouped by their years.

    Args:
        code_type: ``art`` or ``function``.
        path: CSV with code_type, code, valid_from_year and valid_to_year.

    Raises:
        ContractError: when the file is missing or a year is not a number.
    """
    years_of: dict[str, list[Years]] = {}
    try:
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                if row["code_type"] == code_type:
                    years = (_year(row["valid_from_year"]), _year(row["valid_to_year"]))
                    years_of.setdefault(row["code"], []).append(years)
    except (OSError, KeyError, ValueError) as problem:
        raise ContractError(
            say("contracts.kostra.codes_cannot_be_read", problem=problem), where=str(path)
        ) from None
    grouped: dict[tuple[Years, ...], list[str]] = {}
    for code, years_list in sorted(years_of.items()):
        if (None, None) not in years_list:
            grouped.setdefault(tuple(years_list), []).append(code)
    return tuple(Validity(years, tuple(codes)) for years, codes in grouped.items())


def _year(text: str | None) -> int | None:
    return int(text) if text and text.strip() else None
