"""How a tried file is printed: how it was read, its columns, its rows that are not loaded, sums.

Nothing is read here; what is known is found in ``pipelines.ingest.trial``.
"""

from collections.abc import Iterable, Sequence
from itertools import groupby

from pipelines.cli.delivery_printed import print_dropped
from pipelines.cli.output import console, number, table
from pipelines.ingest.many_sheets import place_of
from pipelines.ingest.trial_columns import Sample, TriedColumn
from pipelines.ingest.tried import ReadAs, RowsByFate, SetAsideRow, Trial
from pipelines.words.messages import say
from pipelines.words.numbers import counted_nb

STATUS_NB = {
    "loaded": say("cli.tried_printed.would_be_loaded"),
    "held": say("cli.tried_printed.would_be_held"),
    "rejected": say("cli.tried_printed.would_be_rejected"),
    "no_feed": say("cli.tried_printed.no_feed_knows_it"),
}
"""What would become of a file -> what it is called in bokmål."""
_SHOWN_SPANS = 60
_SEPARATORS_NB = {"\t": "tabulator"}


def print_trial(trial: Trial) -> None:
    """Print what would become of a file."""
    feed = f" → {trial.feed_id} ({trial.source})" if trial.feed_id else ""
    console.print(f"{trial.file_name}{feed}: {STATUS_NB[trial.status]}")
    if trial.reason_nb:
        console.print(f"  {trial.reason_nb}", soft_wrap=True)
    if trial.read_as:
        _print_read_as(trial, trial.read_as)
    if trial.rows:
        _print_rows(trial, trial.rows)
    _print_columns(trial)
    _print_sums(trial)
    _print_set_aside(trial.set_aside)
    if trial.duplicates:
        rows = spans(trial.duplicates)
        console.print(say("cli.tried_printed.duplicates_at", rows=rows), soft_wrap=True)
    print_dropped(trial.dropped)
    for code in trial.unknown:
        found = f"«{code.found_nb.strip('«»')}»" if code.found_nb else ""
        console.print(
            say(
                "cli.tried_printed.unknown_code",
                column=code.column_name,
                found=found,
                counted=counted_nb(code.n_rows, "rad", "rader"),
                first_row=place_of(code.first_row),
            ),
            soft_wrap=True,
        )
    _print_lacking(trial)
    for note in trial.notes:
        console.print(f"Merknad: {note}", soft_wrap=True)
    console.print()


def spans(rows: Iterable[int]) -> str:
    """Return row numbers as text, runs of them as a span: ``4, 7-9, 15``."""
    ordered = sorted(set(rows))
    told = []
    for _, run in groupby(enumerate(ordered), key=lambda each: each[1] - each[0]):
        numbers = [row for _, row in run]
        one = place_of(numbers[0]).removeprefix("rad ")
        told.append(one if len(numbers) == 1 else f"{one}-{numbers[-1]}")
    more = len(told) - _SHOWN_SPANS
    shown = ", ".join(told[:_SHOWN_SPANS])
    return say("cli.tried_printed.rows_and_more", shown=shown, more=more) if more > 0 else shown


def _print_read_as(trial: Trial, read: ReadAs) -> None:
    separator = read["separator"]
    parts = [
        str(read["format"]),
        read["encoding"] or "",
        f"skilletegn {_SEPARATORS_NB.get(separator, f'«{separator}»')}" if separator else "",
        f"ark {', '.join(f'«{name}»' for name in read['sheets'])}" if read["sheets"] else "",
        f"overskrift i rad {spans(read['header_rows'])}" if read["header_rows"] else "",
        say(
            "cli.tried_printed.lines_read",
            lines_total=number(read["lines_total"], 0),
            left_out=number(read["lines_left_out"], 0),
        ),
    ]
    console.print(f"  Lest som:   {', '.join(part for part in parts if part)}", soft_wrap=True)
    if not trial.columns:
        named = ", ".join(f"«{name}»" for name in trial.headers)
        console.print(f"  Kolonner:   {named}", soft_wrap=True)


def _print_rows(trial: Trial, rows: RowsByFate) -> None:
    console.print(
        say(
            "cli.tried_printed.rows_by_fate",
            rows_in=number(rows["rows_in"], 0),
            rows_loaded=number(rows["rows_loaded"], 0),
            rows_quarantined=number(rows["rows_quarantined"], 0),
            rows_duplicate=number(rows["rows_duplicate"], 0),
        )
    )
    if rows["periods"]:
        console.print(f"  Perioder:   {rows['periods']}", soft_wrap=True)
    if trial.units_nb:
        console.print(f"  Enheter:    {trial.units_nb}", soft_wrap=True)


def _print_columns(trial: Trial) -> None:
    if not trial.columns:
        return
    counts = [(name, "right") for name in ("Fylt", "Tom", "Ulest")]
    shown = table(None, ["Kolonne", "Fra filen", "Type", *counts, "Slik det sto → slik det leses"])
    for column in trial.columns:
        shown.add_row(
            column.name + ("*" if column.is_required else ""),
            " + ".join(column.file_columns) or "fast verdi",
            column.type,
            *(number(n, 0) for n in (column.n_filled, column.n_empty, column.n_unreadable)),
            _samples(column),
        )
    console.print(shown)
    if any(sample.is_form for column in trial.columns for sample in column.samples):
        console.print(say("cli.tried_printed.forms_only"))


def _samples(column: TriedColumn) -> str:
    unread, empty = say("cli.tried_printed.unread"), say("cli.tried_printed.empty")
    nothing = unread if column.n_unreadable else empty
    lines = [_sample(sample, nothing) for sample in column.samples]
    if column.first_month:
        lines.append(f"({column.first_month} – {column.last_month})")
    return "\n".join(dict.fromkeys(lines))


def _sample(sample: Sample, nothing: str) -> str:
    parsed = nothing if sample.parsed is None else sample.parsed
    return parsed if sample.raw in ("", parsed) else f"{sample.raw} → {parsed}"


def _print_sums(trial: Trial) -> None:
    if not trial.sums:
        return
    titles = ("I radene", "Lastes", "Avvik", "Utelatt")
    shown = table("Summer", ["Kolonne i filen", "Leses som", *((name, "right") for name in titles)])
    for row in trial.sums:
        shown.add_row(
            row.file_column,
            row.column_name,
            *_figures((row.in_rows, row.loaded, row.difference, row.left_out)),
        )
    console.print(shown)


def _figures(values: Sequence[float]) -> list[str]:
    decimals = 0 if all(round(value, 6) == round(value) for value in values) else 2
    return [number(value, decimals) for value in values]


def _print_set_aside(found: Sequence[SetAsideRow]) -> None:
    groups: dict[tuple[str | None, ...], list[SetAsideRow]] = {}
    for row in found:
        groups.setdefault((row["column_name"], row["rule_id"], row["found_nb"]), []).append(row)
    for rows in sorted(groups.values(), key=lambda each: -len(each)):
        told = f" Fant: {rows[0]['found_nb']}." if rows[0]["found_nb"] else ""
        numbers = spans(row["source_row"] for row in rows)
        console.print(
            say(
                "cli.tried_printed.set_aside_at",
                reason=rows[0]["reason_nb"],
                found=told,
                counted=counted_nb(len({row["source_row"] for row in rows}), "rad", "rader"),
                rows=numbers,
            ),
            soft_wrap=True,
        )


def _print_lacking(trial: Trial) -> None:
    required = [each for each in trial.lacking if each["is_required"]]
    optional = [each["column_name"] for each in trial.lacking if not each["is_required"]]
    for each in required:
        names = ", ".join(f"«{name}»" for name in each["file_columns"]) or "ingen kolonne"
        console.print(
            say("cli.tried_printed.lacks_required", column=each["column_name"], names=names),
            soft_wrap=True,
        )
    if optional:
        told = say("cli.tried_printed.lacks_optional", columns=", ".join(optional))
        console.print(told, soft_wrap=True)
    if trial.unread:
        named = ", ".join(f"«{name}»" for name in trial.unread)
        console.print(say("cli.tried_printed.not_read", columns=named), soft_wrap=True)
