"""The attack: every hidden figure, what is known of it, and how much room that leaves it.

A figure called protected is protected for certain: worlds that fit everything known were found in
which it is as far from the truth as it must be able to be.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb
import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import sparse

from pipelines.disclosure.accounts import hidden_lines, lines_for_others, shown_lines
from pipelines.disclosure.atoms import Truth, read_truth
from pipelines.disclosure.figures import distinct, read_published, shown_sums
from pipelines.disclosure.hidden import cell_terms, hidden_cells, with_hidden_lines
from pipelines.disclosure.intervals import search_all
from pipelines.disclosure.measures import INCOME
from pipelines.disclosure.names import named_truth
from pipelines.disclosure.protection import TOLERANCE, Floats, Secrets
from pipelines.disclosure.system import System, tightened
from pipelines.disclosure.ties import next_row
from pipelines.disclosure.worlds import Reach

# a finite end for what has none, so that a sum of bounds is a number
_MOST = 1e12
_NOTHING = pl.DataFrame(
    schema={
        "table_name": pl.String, "level": pl.String, "group_id": pl.String, "metric_id": pl.String,
        "side": pl.String, "first_month": pl.Date, "last_month": pl.Date,
        "truth": pl.Float64, "low": pl.Float64, "high": pl.Float64, "is_exact": pl.Boolean,
        "is_inside": pl.Boolean, "is_secret": pl.Boolean,
    }
)  # fmt: skip


@dataclass(frozen=True)
class Attack:
    """What the attacker found.

    Attributes:
        cells: Every hidden figure: ``table_name, level, group_id, metric_id, side, first_month,
            last_month, truth, low, high, is_exact, is_inside, is_secret``; the interval as far as
            it was searched, which for an unprotected figure is as far as it goes; whether it is
            hidden for its own sake.
        odd: Published figures that are no sum the attacker knows: ``table_name`` and key.
    """

    cells: pl.DataFrame
    odd: pl.DataFrame

    @classmethod
    def of_nothing(cls) -> "Attack":
        """Return what is found where nothing is attacked."""
        return cls(_NOTHING, pl.DataFrame())

    @property
    def given_away(self) -> pl.DataFrame:
        """The hidden figures that follow from what is known."""
        return self.cells.filter("is_exact")

    @property
    def exposed(self) -> pl.DataFrame:
        """The hidden figures that are not protected."""
        return self.cells.filter(pl.col("is_exact") | pl.col("is_inside"))


def attack(
    con: duckdb.DuckDBPyConnection, place: str, blocks: pl.DataFrame | None = None
) -> Attack:
    """Attack what is published in one place.

    Args:
        con: The open warehouse, which knows the truth.
        place: Where the published tables are: ``marts``, or an attached file's ``catalog.main``.
        blocks: Only these, ``family, year``; all by default.
    """
    truth = read_truth(con)
    return attack_published(con, truth, [(place, read_published(con, place, truth))], blocks)


def attack_published(
    con: duckdb.DuckDBPyConnection,
    truth: Truth,
    editions: Sequence[tuple[str, pl.DataFrame]],
    blocks: pl.DataFrame | None = None,
) -> Attack:
    """Attack what one edition hides, with what it shows and what other editions show.

    Args:
        con: The open warehouse.
        truth: What is hidden.
        editions: Places and what ``read_published`` read there, the one attacked first. Of the
            others, what is no longer true is left out.
        blocks: Only these, ``family, year``; all by default.
    """
    terms, odd = shown_sums(editions[0][1], truth)
    rows, all_shown = [terms], []
    for place, figures in editions:
        if figures is not editions[0][1]:
            rows.append(shown_sums(figures, truth)[0])
        lines, shown = shown_lines(con, place, truth.atoms)
        rows.append(lines)
        all_shown.append(shown)
    named = named_truth(truth)
    cells = hidden_cells([figures for _, figures in editions], named)
    of_cells = cell_terms(cells, named)
    lines = hidden_lines(
        truth.atoms, pl.concat(all_shown).unique(), lines_for_others(con, editions[0][0])
    )
    cells, of_cells = with_hidden_lines(cells, of_cells, lines)
    own = of_cells.join(truth.atoms.select("atom", "family"), on="atom")
    cells = cells.join(own.select("cell", "family").unique(), on="cell").sort("cell")
    if blocks is not None:
        cells = cells.with_columns(year=pl.col("first_month").dt.year()).join(
            blocks, on=["family", "year"], how="semi"
        )
    terms = distinct(_below_each_other(rows))
    found = [
        _family(family, truth, terms, cells, of_cells)
        for family in cells["family"].unique(maintain_order=True)
    ]
    return Attack(pl.concat(found) if found else _NOTHING, odd)


def _below_each_other(frames: list[pl.DataFrame]) -> pl.DataFrame:
    """Rows of several frames with numbers of their own."""
    parts, offset = [], 0
    for frame in frames:
        parts.append(frame.with_columns(pl.col("row").cast(pl.Int64) + offset))
        offset += next_row(frame)
    return pl.concat(parts)


def _family(
    family: str, truth: Truth, terms: pl.DataFrame, cells: pl.DataFrame, of_cells: pl.DataFrame
) -> pl.DataFrame:
    cells = cells.filter(pl.col("family") == family)
    atoms = truth.atoms.filter(pl.col("family") == family).with_row_index("place")
    rows = sparse.vstack([_matrix(truth.ties, "row", atoms), _matrix(terms, "row", atoms)])
    truths, lower, upper = (atoms[name].to_numpy() for name in ("truth", "lower", "upper"))
    system = tightened(System(truths, lower, upper, rows.tocsr()))
    lines = cells.select("cell").with_row_index("line")
    hidden = _matrix(of_cells.join(lines, on="cell"), "line", atoms, len(lines))
    x = hidden @ truths
    is_nok = cells["is_nok"].to_numpy()
    # what bounds alone allow, from the truth: before anything published was used, and after
    lowest, highest = _ends(hidden, lower - truths, upper - truths)
    lowest, highest = x + lowest, np.minimum(x + highest, cells["highest"].to_numpy())
    size, most = _kept_secret(hidden, truths, atoms["component"].is_in(INCOME).to_numpy())
    highest = np.maximum(np.minimum(highest, x + most), x)
    secrets = Secrets(x, size, is_nok, lowest, highest, cells["is_secret"].to_numpy())
    limit = secrets.narrow()
    need_down, need_up = secrets.needed()
    down, up = _ends(hidden, system.lower - truths, system.upper - truths)
    # where bounds alone give the figure away there is nothing to look for: there they are its ends
    is_given = up - down < limit - TOLERANCE
    to_down, to_up = (
        np.where(is_given, 0.0, np.minimum(need, most))
        for need, most in ((need_down, -down), (need_up, up))
    )
    reach = Reach.towards(to_down, to_up)
    month = atoms["month"].dt
    search_all(system, hidden, reach, month.year().to_numpy(), month.month().to_numpy())
    seen_down = np.where(is_given, -down, reach.down)
    seen_up = np.where(is_given, up, reach.up)
    return cells.select(
        "table_name", "level", "group_id", "metric_id", "side", "first_month", "last_month"
    ).with_columns(
        truth=x,
        low=x - seen_down,
        high=x + seen_up,
        is_exact=seen_down + seen_up < limit - TOLERANCE,
        is_inside=(seen_down < need_down - TOLERANCE) | (seen_up < need_up - TOLERANCE),
        is_secret=secrets.is_secret,
    )


def _kept_secret(
    hidden: sparse.csr_array, truths: Floats, is_income: NDArray[np.bool_]
) -> tuple[Floats, Floats]:
    """How much each figure keeps secret: its size, or of a difference what is taken off.

    And how far above the truth it can be at all: a difference is at most what it is taken from.
    """
    n_off = abs(hidden) @ is_income.astype(float)
    is_difference = (n_off > 0) & (n_off < abs(hidden).sum(axis=1))
    off = np.abs(hidden @ np.where(is_income, truths, 0.0))
    size = np.where(is_difference, off, np.abs(hidden @ truths))
    return size, np.where(is_difference, off, np.inf)


def _ends(hidden: sparse.csr_array, lower: Floats, upper: Floats) -> tuple[Floats, Floats]:
    """The least and the most that sums of atoms can be by the atoms' own bounds."""
    lower, upper = np.maximum(lower, -_MOST), np.minimum(upper, _MOST)
    positive, negative = hidden.maximum(0), hidden.minimum(0)
    return positive @ lower + negative @ upper, positive @ upper + negative @ lower


def _matrix(
    terms: pl.DataFrame, line: str, atoms: pl.DataFrame, n_lines: int | None = None
) -> sparse.csr_array:
    """Lines as sums of the given atoms; lines without any of them are left out unless counted."""
    own = terms.join(atoms.select("place", "atom"), on="atom")
    if n_lines is None:
        lines = own.select(line).unique().sort(line).with_row_index("number")
        own, n_lines, line = own.join(lines, on=line), len(lines), "number"
    return sparse.csr_array(
        (own["coef"].to_numpy(), (own[line].to_numpy(), own["place"].to_numpy())),
        shape=(n_lines, len(atoms)),
    )
