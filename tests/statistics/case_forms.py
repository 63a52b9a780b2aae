"""The forms a reference case of the rule, the plan or the pooling may have.

A case says what it is by what it holds, never by its file's name. A column may have one of several
names, stand in the row, under ``expected`` in it, with its metric, or in the case's head. What is
of no known form is refused, and a file that nobody reads too: nothing is skipped.
"""

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

REFERENCE = Path(__file__).parents[1] / "reference/pooling"
RULE_CASES = Path(os.environ.get("PUKK_RULE_CASES", REFERENCE))
POOL_CASES = Path(os.environ.get("PUKK_POOL_CASES", REFERENCE))
_TEXTS = frozenset({".md", ".txt"})
NAMES: Mapping[str, Sequence[str]] = {
    "unit": ("unit", "unit_id", "series", "unit_name"),
    "metric": ("metric", "metric_id", "kpi"),
    "estimate": ("estimate", "effect", "cf_delta", "e", "est"),
    "se": ("se", "cf_se", "standard_error", "std_error", "stderr"),
    "lo": ("lo", "low", "cf_lo", "lower", "ci_lo", "ci_low"),
    "hi": ("hi", "high", "cf_hi", "upper", "ci_hi", "ci_high"),
    "p": ("p", "p_value", "p_two_sided"),
    "q": ("q", "q_value", "q_bh"),
    "relevant": ("relevant", "minimum_relevant_effect", "mre", "minimum_relevant"),
    "registered": (
        "registered_before_start", "registered", "is_registered", "locked", "locked_before_start",
        "basis",
    ),
    "verdict": ("verdict", "expected_verdict"),
    "precision": ("precision", "expected_precision"),
    "df": ("df", "degrees_of_freedom"),
    "direction": ("direction", "better", "better_direction"),
    "employees": ("employees", "n_employees", "persons"),
    "params": ("params", "parameters", "kernel"),
    "months": ("months", "n_months"),
    "window": ("window_months", "window"),
    "waiting": ("waiting_units", "waiting"),
    "min_waiting": ("min_waiting", "min_unstarted", "min_untreated"),
    "order": ("order", "name", "label"),
    "start": ("start_month", "start_months", "start"),
    "judged": ("judged", "n_judged"),
    "pooled_se": ("pooled_se", "se"),
    "municipality": ("municipality", "municipality_id", "id"),
    "margin": ("margin", "m"),
    "start_order": ("start_order", "how_chosen"),
    "mde80": ("mde80", "mde"),
}  # fmt: skip
"""Other names that a column may have."""
_ABSENT = object()


def told(column: str, *about: Mapping[str, Any], otherwise: Any = _ABSENT) -> Any:
    """What is said of a column, by the first that says it.

    Args:
        column: A key of :data:`NAMES`.
        about: The row, its metric, the case's head.
        otherwise: Where nobody says it.

    Raises:
        KeyError: Nobody says it and there is no ``otherwise``.
    """
    for each in about:
        for name in NAMES[column]:
            if name in each:
                return each[name]
    if otherwise is _ABSENT:
        raise KeyError(f"no column for {column} among {sorted(about[0])}")
    return otherwise


def flat(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row with what stands under ``expected`` in it beside the rest."""
    return {name: value for name, value in row.items() if name != "expected"} | dict(
        row.get("expected") or {}
    )


def says(column: str, row: Mapping[str, Any]) -> bool:
    """Whether a row has a column by one of its names."""
    return any(name in row for name in NAMES[column])


def kind_of(content: Any) -> str | None:
    """``rule``, ``plan``, ``pooling``, ``packs``, ``pack`` or ``draw``; None if it is none of them.

    A list is of the kind its cases are of.
    """
    if isinstance(content, list) and content:
        kinds = {kind_of(each) for each in content}
        return kinds.pop() if len(kinds) == 1 else None
    if not isinstance(content, dict):
        return None
    rows = content.get("rows")
    if isinstance(rows, list) and rows and all(says("verdict", flat(row)) for row in rows):
        return "rule"
    if "orders" in content and says("params", content):
        return "plan"
    forms = (
        ("pooling", {"packs", "expected"}),
        ("packs", {"packs", "public_key_hex"}),
        ("pack", {"format", "municipality_id"}),
        ("draw", {"draw"}),
    )
    return next((kind for kind, keys in forms if keys <= content.keys()), None)


def kinds_in(folder: Path) -> dict[Path, str]:
    """Every case of a folder, whatever its folders inside are called, with its kind.

    Raises:
        ValueError: A file is of no known kind, or no text and no JSON, or the folder holds none.
    """
    files = [
        file
        for file in sorted(folder.rglob("*"))
        if file.is_file() and file.suffix.lower() not in _TEXTS and not file.name.startswith(".")
    ]
    found = {file: kind_of(_content(file)) for file in files}
    unknown = [str(file.relative_to(folder)) for file, kind in found.items() if kind is None]
    if unknown:
        raise ValueError(f"{folder}: of no known kind: {', '.join(unknown)}")
    if not found:
        raise ValueError(f"{folder} holds no cases")
    return {file: str(kind) for file, kind in found.items()}


def cases_of(kind: str, folder: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    """The cases of one kind with their files; every file of the folder must be of a known one.

    Raises:
        ValueError: As :func:`kinds_in`.
    """
    for file, found in kinds_in(folder).items():
        if found == kind:
            content = _content(file)
            for case in content if isinstance(content, list) else [content]:
                yield file, case


def _content(file: Path) -> Any:
    if file.suffix.lower() != ".json":
        return None
    return json.loads(file.read_text("utf-8-sig"))
