"""Real accounts and budgets as a user gets them: titles, subtotals, totals, page headers, footers.

The lines are what Sogndal and Bergen published (``data_contracts/municipalities``, with source
and licence beside them); what a report program prints around them is added here. Every file comes
with the lines that are no data: line number, kind and the first column's amount.
"""

from pathlib import Path
from typing import NamedTuple

import polars as pl

from pipelines.settings import REPO_ROOT

_PUBLISHED = REPO_ROOT / "data_contracts" / "municipalities"
_PAGE = 60


class Printed(NamedTuple):
    """A file and what is to be left out of it.

    Attributes:
        name: Its name in the inbox.
        text: Its content.
        dropped: Line number, kind and amount in the first column of figures, in file order.
        n_rows: Lines of data.
    """

    name: str
    text: str
    dropped: list[tuple[int, str, int | None]]
    n_rows: int


def amount(text: str | None) -> int:
    """Return a published amount in kroner; a lone dash is zero."""
    digits = "".join((text or "").split())
    return 0 if digits in {"", "-"} else int(digits)


def printed(value: int) -> str:
    """Return an amount as the reports print it."""
    return f"{value:,}".replace(",", " ")


def sogndal() -> Printed:
    """Sogndal's accounts by cost centre: a sum under each, page headers, a total, two footnotes."""
    frame, years = _lines("sogndal", "sogndal_2013_drift.csv", 3), slice(-3, None)
    page = _Page(frame.columns)
    page.put("title", "Rekneskap og budsjett per ansvar")
    page.put("title", "Utval: alle ansvar;Kontoklasse 1")
    page.blank()
    page.put("header", ";".join(frame.columns))
    for (centre,), group in frame.group_by("ansvar", maintain_order=True):
        for i, row in enumerate(group.rows(), start=1):
            page.line(row)
            if i % _PAGE == 0:
                page.put("footnote", "Side 2 av mange")
                page.put("header", ";".join(frame.columns))
        sums = _sums(group)[years]
        name = group["ansvar_tekst"][0]
        page.put(
            "total", f"Sum ansvar {centre} {name};;;;;;{';'.join(map(printed, sums))}", sums[0]
        )
        page.blank()
    totals = _sums(frame)[years]
    page.put("total", f"Totalt;;;;;;{';'.join(map(printed, totals))}", totals[0])
    page.put("footnote", "Kjelde: rekneskapssystemet")
    page.put("footnote", "Utskrift 03.01.2013;kl. 14:02")
    return page.file("sogndal_2013_drift.csv")


def bergen_totals_first() -> Printed:
    """Bergen's budget for 2013 with every total above what it adds up, two levels and the whole."""
    frame = _lines("bergen", "bergen_2013_drift.csv", 4)
    page = _Page(frame.columns)
    page.put("header", ";".join(frame.columns))
    page.put("total", _total(frame, "I alt"), _sums(frame)[0])
    for (number,), group in frame.group_by("avdeling", maintain_order=True):
        page.put("total", _total(group, f"Sum avdeling {number}"), _sums(group)[0])
        for (kind,), part in group.group_by("inntekt-utgift", maintain_order=True):
            page.put("total", _total(part, f"Delsum {kind}"), _sums(part)[0])
            for row in part.rows():
                page.line(row)
    return page.file("bergen_2013_drift.csv")


def bergen_headings() -> Printed:
    """Bergen's budget for 2012, where every income begins with the heading «Sum driftsinntekter».

    So it is in accounts that are exported with the levels of their report beside each line. Under
    the incomes stands their real sum, with the same words, and the service names begin so as well.
    """
    frame = _lines("bergen", "bergen_2012_drift.csv", 4).sort("inntekt-utgift", maintain_order=True)
    frame = frame.with_columns(
        pl.format("Total {}", "tjeneste-tekst").alias("tjeneste-tekst"),
    )
    page = _Page(["nivaa", *frame.columns])
    page.put("header", ";".join(["nivaa", *frame.columns]))
    for (kind,), group in frame.group_by("inntekt-utgift", maintain_order=True):
        heading = {"Inntekt": "Sum driftsinntekter", "Utgift": "Sum driftsutgifter"}[str(kind)]
        for row in group.rows():
            page.line((heading, *row))
        page.put("total", f"{_total(group, heading, extra=1)}", _sums(group)[0])
    page.put("total", _total(frame, "Sum", extra=1), _sums(frame)[0])
    page.put("footnote", "Kilde: budsjettsystemet")
    return page.file("bergen_2012_drift.csv")


class _Page:
    """A file that grows line by line and remembers which of them are no data."""

    def __init__(self, columns: list[str]) -> None:
        self._width = len(columns)
        self._lines: list[str] = []
        self._dropped: list[tuple[int, str, int | None]] = []
        self._n_rows = 0

    def put(self, kind: str, text: str, value: int | None = None) -> None:
        self._lines.append(text + ";" * (self._width - 1 - text.count(";")))
        self._dropped.append((len(self._lines), kind, value))

    def blank(self) -> None:
        self._lines.append("")

    def line(self, row: tuple[str | None, ...]) -> None:
        self._lines.append(";".join(_quoted(cell or "") for cell in row))
        self._n_rows += 1

    def file(self, name: str) -> Printed:
        return Printed(name, "\n".join([*self._lines, ""]), self._dropped, self._n_rows)


def _lines(municipality: str, name: str, n_years: int) -> pl.DataFrame:
    raw = _PUBLISHED / municipality / "deliveries" / name
    frame = pl.read_csv(raw, separator=";", infer_schema=False)
    return frame.filter(pl.any_horizontal(pl.col(frame.columns[-n_years:]).is_not_null()))


def _sums(frame: pl.DataFrame) -> list[int]:
    years = frame.columns[-3:] if "rekneskap_2011" in frame.columns else frame.columns[-4:]
    return [sum(amount(cell) for cell in frame[year]) for year in years]


def _total(frame: pl.DataFrame, words: str, extra: int = 0) -> str:
    gap = ";" * (frame.width - 4 + extra)
    return f"{words}{gap}{';'.join(map(printed, _sums(frame)))}"


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if {";", '"'} & set(cell) else cell


def published(municipality: str) -> Path:
    """Return the folder of what a municipality published."""
    return _PUBLISHED / municipality / "deliveries"
