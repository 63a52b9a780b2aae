"""Which rows that begin like a total are totals: those whose figures are the sum of other rows.

A name proves nothing: an account can be called «Sum skatteinntekter». How rows are found that begin
so is in ``doubtful``, what is added up is in ``sums``; what is dropped is decided in ``layout``.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import polars as pl

from pipelines.ingest.doubtful import Candidate
from pipelines.ingest.sums import Doubtful, Part, Sums
from pipelines.ingest.value_columns import Figures, ValueColumn

Fate = Literal["total", "total_unchecked", "total_differs", "data", "held"]
"""``held`` is a row that says nothing but «Sum» and is no sum: set aside, never added twice."""

_ROUNDS = 8
_NEAREST = 200
_TWO_ROWS = 2


@dataclass(frozen=True)
class Fit:
    """How a row's figures compare with the sum of some rows.

    Attributes:
        wrong: Columns whose figure is not the sum, with the sum.
        n_rows: Rows that were added up, in the column with most of them.
        is_proof: Two rows or more add up to a figure that is not zero.
        is_near: The stretch ends where a total of it would stand.
    """

    wrong: tuple[tuple[ValueColumn, float], ...]
    n_rows: int
    is_proof: bool
    is_near: bool = True


@dataclass(frozen=True)
class Verdict:
    """What a row that begins like a total is.

    Attributes:
        fate: What becomes of it.
        fit: The sums it was compared with, if any agreed at least in part.
    """

    fate: Fate
    fit: Fit | None = None


class TotalsJudge:
    """Compares every row in doubt with the rows around it until nothing changes.

    Whether one row is data decides what the next total adds up to, and a total before its group is
    known only when the rows below are; so the rows are gone through until the answers stand.
    """

    def __init__(
        self, candidates: Sequence[Candidate], figures: Figures, keys: pl.DataFrame,
        is_data: pl.Series, breaks: Sequence[int],
    ) -> None:  # fmt: skip
        """Prepare the sums.

        Args:
            candidates: The rows in doubt, from above.
            figures: Figures of every row below the header.
            keys: The columns that say what a row is about, for groups.
            is_data: Boolean per row: certainly data.
            breaks: Rows that part stretches: blank ones and those that name a group.
        """
        self._candidates = candidates
        self._figures = figures
        self._by_cell = {column.cell: column for column in figures.columns}
        self._height = is_data.len()
        self._breaks = sorted(breaks)
        rows = [candidate.row for candidate in candidates]
        ends = [position for row in (*rows, *breaks) for position in (row, row + 1)]
        runs = [start for candidate in candidates for start in candidate.run_starts]
        self._sums = Sums(figures, is_data, (*ends, *runs))
        self._doubtful = Doubtful(
            rows, {cell: [_own(c, cell) for c in candidates] for cell in self._by_cell}
        )
        self._keys = keys
        self._groups: dict[str, dict[str, dict[str, Part]]] = {}
        self._has_proof = False

    def judge(self) -> list[Verdict]:
        """Return one verdict per candidate."""
        verdicts = [Verdict("data" if c.is_like_data else "total") for c in self._candidates]
        self._settle_all(verdicts)
        for _ in range(_ROUNDS):
            before = [v.fate for v in verdicts]
            for index, candidate in enumerate(self._candidates):
                verdicts[index] = self._one(index, candidate, verdicts)
                self._doubtful.settle(index, is_data=verdicts[index].fate == "data")
            self._has_proof = any(v.fit is not None and v.fit.is_proof for v in verdicts)
            if [v.fate for v in verdicts] == before:
                break
        return verdicts

    def differs_by(self, index: int) -> list[tuple[ValueColumn, float]]:
        """Return the columns of a candidate that are not the sum of all data rows, with the sum."""
        fit = self._fit(self._candidates[index], self._all_rows())
        return list(fit.wrong)

    def is_whole(self, index: int) -> bool:
        """Return whether some column of a candidate is the sum of all data rows."""
        fit = self._fit(self._candidates[index], self._all_rows())
        return fit.n_rows > 0

    def _settle_all(self, verdicts: Sequence[Verdict]) -> None:
        for index, verdict in enumerate(verdicts):
            self._doubtful.settle(index, is_data=verdict.fate == "data")

    def _one(self, index: int, candidate: Candidate, verdicts: Sequence[Verdict]) -> Verdict:
        if not candidate.figures:
            return Verdict("total" if self._is_empty_total(candidate) else "data")
        if not any(self._by_cell[cell].is_additive for cell in candidate.figures):
            is_named = candidate.is_bare or not candidate.is_complete
            return Verdict("total_unchecked" if is_named else "data")
        if candidate.is_label:
            return Verdict("data")
        fit = self._best(index, candidate, verdicts)
        if fit is not None and self._is_total(candidate, fit):
            return Verdict("total", fit)
        return Verdict(self._without_proof(candidate))

    def _is_empty_total(self, candidate: Candidate) -> bool:
        if candidate.is_bare or candidate.is_alone:
            return True
        return bool(self._by_cell) and not candidate.is_complete and not candidate.is_unreadable

    def _is_total(self, candidate: Candidate, fit: Fit) -> bool:
        if not candidate.is_like_data:
            return fit.is_proof or not fit.wrong
        if fit.wrong:
            return False
        # a group of one looks like a line that repeats the amount above it
        is_group_of_one = candidate.is_only_name and fit.is_near and fit.n_rows == 1
        return fit.is_proof or (self._has_proof and is_group_of_one)

    def _without_proof(self, candidate: Candidate) -> Fate:
        if not (candidate.is_bare or candidate.names_group):
            return "data"
        columns = [self._by_cell[cell] for cell in candidate.figures]
        if candidate.is_leading and any(column.tolerance for column in columns):
            return "total_differs"
        if candidate.is_complete:
            return "data"
        return "total_unchecked" if self._is_unsure(candidate) else "held"

    def _is_unsure(self, candidate: Candidate) -> bool:
        """Cells that cannot be read stand in the way, or the figures look like means."""
        cells = [cell for cell in candidate.figures if self._by_cell[cell].is_additive]
        every = {cell: self._part(cell, 0, self._height) for cell in cells}
        if any(part.n_unreadable for part in every.values()):
            return True
        return all(
            every[cell].n >= _TWO_ROWS and self._is_like_mean(cell, candidate.figures[cell])
            for cell in cells
        )

    def _is_like_mean(self, cell: str, value: float) -> bool:
        rows = [candidate.row for candidate in self._candidates]
        others = ~pl.int_range(self._height, eager=True).is_in(rows)
        known = self._figures.values[cell].filter(others).drop_nulls()
        if self._by_cell[cell].is_money and not known.is_empty():
            # amounts of both signs have their own sum among them: only their mean looks like one
            rounding = 0.5 * 10.0 ** -self._figures.decimals[cell]
            return abs(float(known.to_numpy().mean()) - value) <= rounding
        return bool((known <= value).any() and (known >= value).any())

    def _best(self, index: int, candidate: Candidate, verdicts: Sequence[Verdict]) -> Fit | None:
        """Return the sums that agree best; a row like data needs proof, so the search goes on."""
        weak = part = None
        for fit in self._fits(index, candidate, verdicts):
            if not fit.wrong and fit.is_proof:
                return fit
            if not fit.wrong and fit.is_near:
                if not candidate.is_like_data:
                    return fit
                weak = weak or fit
            elif fit.is_proof and (part is None or len(fit.wrong) < len(part.wrong)):
                part = fit
        return weak or part

    def _fits(self, index: int, candidate: Candidate, verdicts: Sequence[Verdict]) -> Iterator[Fit]:
        row = candidate.row
        for start in self._starts(index, verdicts):
            yield self._fit(candidate, self._stretch(candidate, start, row))
        for start in candidate.run_starts:
            yield self._fit(candidate, self._stretch(candidate, start, row), is_near=False)
        for name, group in candidate.groups:
            yield self._fit(candidate, self._group(name, group, verdicts))
        for end in self._ends(index, verdicts):
            yield self._fit(candidate, self._stretch(candidate, row + 1, end))
        yield self._fit(candidate, self._all_rows(), is_near=False)

    def _starts(self, index: int, verdicts: Sequence[Verdict]) -> list[int]:
        """Where the stretch above may begin: after a total or a break, nearest first, or on top."""
        row = self._candidates[index].row
        above = range(index - 1, -1, -1)
        totals = [self._candidates[j].row + 1 for j in above if verdicts[j].fate != "data"]
        breaks = [b + 1 for b in self._breaks if b < row][-_NEAREST:]
        return sorted({0, *totals[:_NEAREST], *breaks}, reverse=True)

    def _ends(self, index: int, verdicts: Sequence[Verdict]) -> list[int]:
        row = self._candidates[index].row
        below = range(index + 1, len(self._candidates))
        totals = [self._candidates[j].row for j in below if verdicts[j].fate != "data"]
        breaks = [b for b in self._breaks if b > row][:_NEAREST]
        return sorted({self._height, *totals[:_NEAREST], *breaks})

    def _stretch(self, candidate: Candidate, first: int, end: int) -> dict[str, Part]:
        return {cell: self._part(cell, first, end) for cell in candidate.figures}

    def _all_rows(self) -> dict[str, Part]:
        return {cell: self._part(cell, 0, self._height) for cell in self._by_cell}

    def _part(self, cell: str, first: int, end: int) -> Part:
        return self._sums.between(cell, first, end).plus(self._doubtful.between(cell, first, end))

    def _group(self, name: str, group: str, verdicts: Sequence[Verdict]) -> dict[str, Part]:
        if name not in self._groups:
            self._groups[name] = self._sums.by_group(self._keys[name])
        parts = dict(self._groups[name].get(group, {}))
        for other, verdict in zip(self._candidates, verdicts, strict=True):
            if verdict.fate == "data" and other.keys.get(name) == group:
                parts = {cell: part.plus(_own(other, cell)) for cell, part in parts.items()}
        return parts

    def _fit(self, candidate: Candidate, parts: Mapping[str, Part], *, is_near: bool = True) -> Fit:
        wrong, rows, is_proof = [], 0, False
        for cell, printed in candidate.figures.items():
            column, part = self._by_cell[cell], parts.get(cell, Part())
            decimals = None if candidate.is_like_data else self._figures.decimals[cell]
            if part.allows(printed, decimals, column.tolerance):
                rows = max(rows, part.n)
                is_proof = is_proof or (part.n >= _TWO_ROWS and printed != 0)
            elif column.is_additive:
                wrong.append((column, part.total))
        return Fit(tuple(wrong), rows, is_proof, is_near)


def _own(candidate: Candidate, cell: str) -> Part:
    value = candidate.figures.get(cell, 0.0)
    return Part(value, abs(value), int(value != 0), 0)
