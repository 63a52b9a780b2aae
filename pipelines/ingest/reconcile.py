"""Compare the totals a file prints with the sum of its rows; a difference is a warning."""

import polars as pl

from pipelines.contracts.shapes import Table
from pipelines.ingest.columns import Resolved, resolve_columns
from pipelines.ingest.numbers import AmbiguousNumberError, parse_numbers
from pipelines.ingest.shapes import Note, Sheet
from pipelines.municipality.feeds import Feed, NumberFormat
from pipelines.words.messages import say
from pipelines.words.numbers import number_nb


def check_totals(sheet: Sheet, feed: Feed, table: Table) -> list[Note]:
    """Return a warning for every column whose printed total differs from its rows.

    Args:
        sheet: The file's rows and its totals rows.
        feed: Names the columns to compare and the tolerance.
        table: The contract's table.
    """
    if not feed.reconcile or sheet.printed_totals.is_empty():
        return []
    resolved = resolve_columns(feed, table, sheet)
    notes = []
    for entry in feed.reconcile:
        header = resolved.reconciled.get(entry.column)
        if header is None:
            continue
        rows, printed = sheet.rows[header], sheet.printed_totals[header]
        try:
            values = parse_numbers(
                pl.concat([rows, printed]), _style(header, feed, resolved), typed=sheet.typed
            ).values
        except AmbiguousNumberError:
            continue  # a mapped column is refused for it elsewhere; another one is not needed
        counted = float(values.head(rows.len()).sum())
        told = float(values.tail(printed.len()).sum())
        is_told = values.tail(printed.len()).is_not_null().any()
        if is_told and abs(counted - told) > entry.tolerance:
            notes.append(
                Note(
                    "reconciliation",
                    say(
                        "ingest.reconcile.total_differs",
                        told=_nb(told),
                        header=header,
                        counted=_nb(counted),
                    ),
                )
            )
    return notes


def _style(header: str, feed: Feed, resolved: Resolved) -> NumberFormat | None:
    name = next((n for n, headers in resolved.sources.items() if header in headers), None)
    name = resolved.melted_headers.get(header, name)
    mapping = feed.columns.get(name) if name else None
    return mapping.number if mapping else None


def _nb(value: float) -> str:
    return number_nb(value, 2).removesuffix(",00")
