"""The command that asks the published tables: ``sql``."""

import math
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from pipelines.cli.output import clean, console, print_json, table
from pipelines.cli.published import current_generation
from pipelines.cli.who import reader
from pipelines.defs.context import read_context
from pipelines.desk.logged import ask_logged
from pipelines.desk.private_files import write_for_the_user
from pipelines.desk.questions import questions
from pipelines.desk.table_files import to_csv, to_xlsx
from pipelines.errors import ConfigError
from pipelines.words.messages import say

if TYPE_CHECKING:
    from pipelines.desk.ask import Answer
    from pipelines.publishing.query import QueryResult


class SqlFormat(StrEnum):
    """How a query's rows are written."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"
    XLSX = "xlsx"


def sql(
    query: Annotated[
        str | None, typer.Argument(help="Én SELECT over de publiserte tabellene.")
    ] = None,
    example: Annotated[str | None, typer.Option(help=say("cli.sql.run_an_example"))] = None,
    examples: Annotated[
        bool, typer.Option("--examples", help=say("cli.sql.show_examples"))
    ] = False,
    format_: Annotated[SqlFormat, typer.Option("--format", help="Hvordan svaret skrives.")] = (
        SqlFormat.TABLE
    ),
    out: Annotated[Path | None, typer.Option(help=say("cli.sql.file_for_answer"))] = None,
    max_rows: Annotated[int, typer.Option(help=say("cli.sql.most_rows"), min=1)] = 10_000,
) -> None:
    """Spør de publiserte tabellene; bare lesing, med grenser for tid, minne og rader."""
    if examples:
        console.print(_list_of_examples())
        return
    asked, title = _asked(query, example)
    ctx = read_context()
    file = ctx.paths.published / current_generation(ctx).file_name
    is_file = out is not None or format_ in (SqlFormat.CSV, SqlFormat.XLSX)
    with ThreadPoolExecutor(1) as beside:
        # what reads the rows is imported while the process that asks starts
        reading = beside.submit(_reader_of_rows)
        given = ask_logged(
            ctx.paths.state, reader(), file, asked, is_export=is_file, max_rows=max_rows
        )
    answer = reading.result()(given)
    columns, rows = answer.frame.columns, answer.frame.rows()
    if format_ is SqlFormat.XLSX:
        about = [(say("cli.sql.query"), asked), ("Generasjon", file.name)]
        _write(to_xlsx(columns, rows, title=title, about=about), out)
    elif format_ is SqlFormat.CSV:
        _write(to_csv(columns, rows), out)
    elif format_ is SqlFormat.JSON:
        print_json(answer.frame.to_dicts())
    else:
        console.print(_as_table(columns, rows))
    if answer.truncated:
        typer.echo(say("cli.sql.answer_cut", max_rows=max_rows), err=True)


def _reader_of_rows() -> "Callable[[Answer], QueryResult]":
    from pipelines.publishing.query import as_result

    return as_result


def _asked(query: str | None, example: str | None) -> tuple[str, str]:
    if example is not None:
        found = questions().get(example)
        if found is None:
            raise ConfigError(
                say("cli.sql.no_such_example", example=example),
                way_out=say("cli.sql.see_examples_list"),
            )
        return found.sql, found.title()
    if query is None:
        raise ConfigError(say("cli.sql.say_what_to_ask"), way_out=say("cli.sql.see_examples"))
    return query, say("cli.sql.query_word")


def _write(content: bytes, out: Path | None) -> None:
    if out is not None:
        write_for_the_user(out, content)
    elif sys.stdout.isatty() and content[:2] == b"PK":
        raise ConfigError(say("cli.sql.xlsx_not_in_terminal"), way_out=say("cli.sql.use_out"))
    else:
        is_read_by_someone = sys.stdout.isatty()
        sys.stdout.buffer.write(clean(content.decode()).encode() if is_read_by_someone else content)


def _list_of_examples() -> Table:
    shown = table("Eksempler", ["Navn (--example)", say("cli.sql.question")])
    for question in questions().values():
        shown.add_row(question.question_id, question.title())
    return shown


def _as_table(columns: list[str], rows: list[tuple[Any, ...]]) -> Table:
    shown = table(None, columns)
    for row in rows:
        shown.add_row(*[_cell(value) for value in row])
    return shown


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        # a zero that came out below zero is a zero, and what is no number is missing
        return str(value + 0.0) if math.isfinite(value) else ""
    return str(value)
