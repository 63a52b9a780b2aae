"""Reference cases of the verdict rule: each row one series with its expected q and verdict.

What a case says of itself (degrees of freedom, direction, limits) is taken from its rows, its
metrics, its head or the sentence in ``rule``. How cases are found is in ``case_forms``.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from pipelines.effects.judge.rule import Tested, judge_series
from pipelines.effects.model.inputs import Rules
from pipelines.effects.model.student import half_width, two_sided_p
from tests.statistics.case_forms import RULE_CASES, cases_of, flat, says, told
from tests.statistics.effect_cases import Check

LIMIT = 1e-6 + 1e-12
_DIGITS = 6
_DF = 20
_UNREGISTERED = frozenset({"screened", "unregistered", "none", "", "false"})


def rule_files(folder: Path = RULE_CASES) -> list[Path]:
    """The files of a folder with cases of the rule."""
    return list(dict.fromkeys(file for file, _ in cases_of("rule", folder)))


def rule_checks(file: Path, folder: Path | None = None) -> Iterator[Check]:
    """Interval, p, q, verdict and precision of every row of every case of a file."""
    for found, case in cases_of("rule", folder or file.parent):
        if found == file:
            yield from _checks(file.stem, case)


def _checks(stem: str, case: Mapping[str, Any]) -> Iterator[Check]:
    rows = [_Row(flat(row), case) for row in case["rows"]]
    limits = {name: case[name] for name in ("max_p", "max_q") if name in case}
    judged = judge_series([row.tested for row in rows], replace(Rules(), **limits))
    for row, found in zip(rows, judged, strict=True):
        name = f"{stem}/{row.told('metric')}/{row.told('unit')}"
        yield from row.figures(name)
        wanted = row.told("q", None)
        yield Check(name, "has q", float(found.q is None), float(wanted is None), wanted is None)
        if wanted is not None and found.q is not None:
            yield Check(name, "q", abs(found.q - wanted), 0, LIMIT)
        for what in ("verdict", "precision"):
            same = getattr(found, what) == (row.told(what, None) or None)
            yield Check(name, f"{what} {getattr(found, what)}", float(same), 1, 1)
        silent = found.precision == "cannot_tell"
        excludes_zero = row.low > 0 or row.high < 0
        yield Check(name, "cannot tell beside a clear interval", silent and excludes_zero, 0, 0)


class _Row:
    """One series of a case, read by the case's own names."""

    def __init__(self, row: Mapping[str, Any], case: Mapping[str, Any]) -> None:
        self._row, self._case = row, case
        metrics = case.get("metrics")
        self._metric: Mapping[str, Any] = {}
        if isinstance(metrics, Mapping):
            about = metrics.get(told("metric", row), {})
            self._metric = about if isinstance(about, Mapping) else {}

    def told(self, column: str, *otherwise: Any) -> Any:
        """What the row says, else its metric."""
        known = {"otherwise": otherwise[0]} if otherwise else {}
        return told(column, self._row, self._metric, **known)

    def _said(self, column: str, words: str, otherwise: Any) -> Any:
        """What the row, its metric or the head says, else the sentence of the rule."""
        found = told(column, self._row, self._metric, self._case, otherwise=None)
        if found is not None:
            return found
        said = re.search(words, str(self._case.get("rule", "")))
        return said[1] if said else otherwise

    @property
    def df(self) -> int:
        return int(self._said("df", r"(\d+) df", _DF))

    @property
    def low(self) -> float:
        computed = self.told("estimate") - half_width(self.df) * self.told("se")
        return float(self.told("lo", round(computed, _DIGITS)))

    @property
    def high(self) -> float:
        computed = self.told("estimate") + half_width(self.df) * self.told("se")
        return float(self.told("hi", round(computed, _DIGITS)))

    @property
    def p(self) -> float:
        computed = two_sided_p(self.told("estimate"), self.told("se"), self.df)
        return float(self.told("p", round(computed, _DIGITS)))

    @property
    def is_good(self) -> bool | None:
        direction = self._said("direction", r"(lower|higher) is better", "lower")
        sign = {"lower": -1, "higher": 1}.get(direction)
        return None if sign is None else self.told("estimate") * sign > 0

    @property
    def is_registered(self) -> bool:
        said = self.told("registered", False)
        return said.lower() not in _UNREGISTERED if isinstance(said, str) else bool(said)

    @property
    def tested(self) -> Tested:
        return Tested(
            metric_id=self.told("metric"),
            p=self.p,
            low=self.low,
            high=self.high,
            is_good=self.is_good,
            relevant=self.told("relevant", None),
            is_registered=self.is_registered,
        )

    def figures(self, name: str) -> Iterator[Check]:
        estimate, se = self.told("estimate"), self.told("se")
        half = half_width(self.df) * se
        for what, found in (
            ("p", two_sided_p(estimate, se, self.df)),
            ("lo", estimate - half),
            ("hi", estimate + half),
        ):
            if says(what, self._row):
                yield Check(name, what, abs(round(found, _DIGITS) - self.told(what)), 0, LIMIT)
