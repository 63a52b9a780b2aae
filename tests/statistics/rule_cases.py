"""Reference cases of the verdict rule, found in a folder and known by what they hold.

A case of the rule has ``rows``, each one series with its estimate, standard error and the expected
q, verdict and precision. What a case says of itself (degrees of freedom, direction) is taken from
its rows, from its head or from the sentence in ``rule``; nothing is taken from its file name.
"""

import json
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pipelines.effects.judge.rule import Tested, judge_series
from pipelines.effects.model.inputs import Rules
from pipelines.effects.model.student import half_width, two_sided_p
from tests.statistics.effect_cases import Check

FOLDER = Path(os.environ.get("PUKK_RULE_CASES", Path(__file__).parents[1] / "reference/pooling"))
LIMIT = 1e-6 + 1e-12
_DIGITS = 6
# packs of municipalities and what is pooled of them have tests of their own
_POOLING = frozenset({"packs", "format", "draw", "tau2", "tau", "y"})
# other names that the same column may have
_NAMES = {
    "unit": ("unit", "unit_id"),
    "metric": ("metric", "metric_id"),
    "estimate": ("estimate", "effect", "cf_delta", "e"),
    "se": ("se", "cf_se", "standard_error"),
    "lo": ("lo", "low", "cf_lo"),
    "hi": ("hi", "high", "cf_hi"),
    "p": ("p", "p_value"),
    "q": ("q", "q_value"),
    "relevant": ("relevant", "minimum_relevant_effect", "mre"),
    "registered": ("registered_before_start", "registered", "is_registered"),
    "verdict": ("verdict",),
    "precision": ("precision",),
}


def kinds_in(folder: Path = FOLDER) -> dict[Path, str]:
    """Every case of a folder with its kind.

    Raises:
        ValueError: A file is of no known kind, or the folder holds none.
    """
    files = {file: kind_of(json.loads(file.read_text("utf-8"))) for file in _files(folder)}
    unknown = [file.name for file, kind in files.items() if kind is None]
    if unknown:
        raise ValueError(f"{folder}: of no known kind: {', '.join(unknown)}")
    if not files:
        raise ValueError(f"{folder} holds no cases")
    return {file: str(kind) for file, kind in files.items()}


def files_of(kind: str, folder: Path = FOLDER) -> list[Path]:
    return [file for file, found in kinds_in(folder).items() if found == kind]


def _files(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.json"))


def kind_of(content: Any) -> str | None:
    """``rule``, ``plan``, ``pooling`` (packs between municipalities, not run here), or None.

    A list is of the kind its cases are of.
    """
    if isinstance(content, list) and content:
        kinds = {kind_of(each) for each in content}
        return kinds.pop() if len(kinds) == 1 else None
    if not isinstance(content, dict):
        return None
    rows = content.get("rows")
    if isinstance(rows, list) and rows and {"verdict"} <= set(rows[0]):
        return "rule"
    if "orders" in content and "params" in content:
        return "plan"
    if _POOLING & set(content):
        return "pooling"
    return None


def rule_checks(file: Path) -> Iterator[Check]:
    """Interval, p, q, verdict and precision of every row of one case."""
    case = json.loads(file.read_text("utf-8"))
    rows = [_Row(row, case) for row in case["rows"]]
    judged = judge_series([row.tested for row in rows], Rules())
    for row, found in zip(rows, judged, strict=True):
        name = f"{file.stem}/{row['metric']}/{row['unit']}"
        yield from row.figures(name)
        wanted = row["q"]
        yield Check(name, "has q", float(found.q is None), float(wanted is None), wanted is None)
        if wanted is not None and found.q is not None:
            yield Check(name, "q", abs(found.q - wanted), 0, LIMIT)
        for what in ("verdict", "precision"):
            same = getattr(found, what) == row[what]
            yield Check(name, f"{what} {getattr(found, what)}", float(same), 1, 1)
        silent = found.precision == "cannot_tell"
        excludes_zero = row["lo"] > 0 or row["hi"] < 0
        yield Check(name, "cannot tell beside a clear interval", silent and excludes_zero, 0, 0)


class _Row:
    """One series of a case, read by the case's own names."""

    def __init__(self, row: Mapping[str, Any], case: Mapping[str, Any]) -> None:
        self._row, self._case = row, case

    def __getitem__(self, column: str) -> Any:
        found = [name for name in _NAMES[column] if name in self._row]
        if not found:
            raise KeyError(f"no column for {column} among {sorted(self._row)}")
        return self._row[found[0]]

    def _told(self, *names: str) -> Any:
        """What the row says of itself, else the case."""
        for about in (self._row, self._case):
            for name in names:
                if about.get(name) is not None:
                    return about[name]
        return None

    @property
    def df(self) -> int:
        said = re.search(r"(\d+) df", str(self._case.get("rule", "")))
        return int(self._told("df") or (said[1] if said else 20))

    @property
    def is_good(self) -> bool | None:
        direction = self._told("direction", "better")
        if direction is None:
            said = re.search(r"(lower|higher) is better", str(self._case.get("rule", "")))
            direction = said[1] if said else "lower"
        sign = {"lower": -1, "higher": 1}.get(direction)
        return None if sign is None else self["estimate"] * sign > 0

    @property
    def tested(self) -> Tested:
        return Tested(
            metric_id=self["metric"],
            p=self["p"],
            low=self["lo"],
            high=self["hi"],
            is_good=self.is_good,
            relevant=self["relevant"],
            is_registered=bool(self["registered"]),
        )

    def figures(self, name: str) -> Iterator[Check]:
        estimate, se = self["estimate"], self["se"]
        half = half_width(self.df) * se
        for what, found in (
            ("p", two_sided_p(estimate, se, self.df)),
            ("lo", estimate - half),
            ("hi", estimate + half),
        ):
            yield Check(name, what, abs(round(found, _DIGITS) - self[what]), 0, LIMIT)
