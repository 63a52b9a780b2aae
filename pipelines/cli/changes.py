"""The command that tells what is new since the edition before: ``changes``."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Annotated, Any

import typer

from pipelines.cli.named_unit import unit_named
from pipelines.cli.output import console, marked, print_json
from pipelines.cli.published import current_generation
from pipelines.cli.take import Language
from pipelines.defs.context import RunContext, read_context
from pipelines.desk.atom import Entry, Feed, to_atom
from pipelines.desk.generations import Generation
from pipelines.desk.private_files import write_for_the_user
from pipelines.errors import PukkError
from pipelines.publishing.contents import read_rows
from pipelines.words.messages import say
from pipelines.words.news import GROUPS, counts, group_of, group_word, heading, since
from pipelines.words.sentences import SENTENCES
from pipelines.words.told_rows import Metric

_MOST = 10
_FIGURES = "figures"


def changes(
    unit: Annotated[
        str | None, typer.Option("--unit", help=say("cli.changes.unit_or_part_of_name"))
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help=say("cli.changes.as_json"))] = False,
    language: Annotated[
        Language | None, typer.Option("--lang", help=say("cli.take.language"))
    ] = None,
    atom: Annotated[Path | None, typer.Option(help=say("cli.changes.atom"))] = None,
) -> None:
    """Vis hva som er nytt siden forrige utgave: konklusjoner, signaler, rettede tall."""
    ctx = read_context()
    generation = current_generation(ctx)
    code = str(language or ctx.identity.language)
    unit_id = unit_named(ctx.paths, generation, unit) if unit else None
    edition, rows = _read(ctx, generation, code, unit_id)
    if atom is not None:
        _write(ctx, generation, code, rows, atom)
        return
    if as_json:
        print_json([{"edition": edition, "changes": rows}])
        return
    if ctx.identity.notice_nb:
        console.print(marked("[bold]{}[/]", ctx.identity.notice_nb))
    is_new = edition["is_comparable"]
    if is_new:
        console.print(marked("[bold]{}[/]", heading(_counts(rows), code)))
    console.print(_since(edition, code))
    if is_new and not rows:
        console.print(say("cli.changes.nothing_new"))
    for group, found in groupby(rows, key=lambda row: row["group"]):
        console.print(marked("\n[bold]{}[/]", group_word(group, code)))
        for line in _lines(group, list(found), is_one_unit=unit_id is not None):
            console.print(line, markup=False)


def _read(
    ctx: RunContext, generation: Generation, language: str, unit_id: str | None
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    there = {
        row["table_name"]
        for row in read_rows(ctx.paths, generation, "select table_name from duckdb_tables()")
    }
    if "mart_changes" not in there:
        raise PukkError(
            say("cli.changes.older_edition", number=generation.number),
            way_out=say("cli.changes.older_edition_way_out"),
        )
    (edition,) = read_rows(
        ctx.paths,
        generation,
        "select edition, previous_edition, previous_published_at, previous_last_month,"
        " is_comparable, last_month from mart_edition cross join mart_municipality",
    )
    metrics = {
        row["metric_id"]: Metric.of(row)
        for row in read_rows(ctx.paths, generation, "from dim_metrics")
    }
    files = {
        row["delivery_id"]: row["file_name"]
        for row in read_rows(
            ctx.paths, generation, "select delivery_id, file_name from mart_deliveries"
        )
    }
    asked, params = ("where unit_id = ?", [unit_id]) if unit_id else ("", [])
    sentence = SENTENCES["mart_changes", "sentence"]
    rows = [
        {
            **row,
            "group": group_of(row["change_kind"]),
            "sentence": sentence.text(
                {**row, "item_id": files.get(row["item_id"], row["item_id"])}, metrics, language
            ),
        }
        for row in read_rows(
            ctx.paths,
            generation,
            f"select * from mart_changes {asked} order by change_order, unit_name, change_id",
            params,
        )
    ]
    groups = list(GROUPS)
    return dict(edition), sorted(rows, key=lambda row: groups.index(row["group"]))


def _counts(rows: Sequence[Mapping[str, Any]]) -> Mapping[str, int]:
    return counts((row["change_kind"], row["n"]) for row in rows)


def _since(edition: Mapping[str, Any], language: str) -> str:
    return since(
        edition["previous_edition"],
        edition["previous_published_at"],
        (edition["previous_last_month"], edition["last_month"]),
        language,
        is_comparable=edition["is_comparable"],
    )


def _lines(group: str, rows: Sequence[Mapping[str, Any]], *, is_one_unit: bool) -> list[str]:
    if group == _FIGURES and not is_one_unit:
        n, units = sum(row["n"] for row in rows), len({row["unit_id"] for row in rows})
        return [say("cli.changes.new_figures", n=n, n_units=units)]
    shown = rows if is_one_unit else rows[:_MOST]
    lines = [f"- {_whose(row)}{row['sentence']}" for row in shown]
    if len(rows) > len(shown):
        lines.append(say("cli.changes.more", n=len(rows) - len(shown)))
    return lines


def _whose(row: Mapping[str, Any]) -> str:
    return f"{row['unit_name']}: " if row["unit_name"] else ""


def _write(
    ctx: RunContext,
    generation: Generation,
    language: str,
    rows: Sequence[Mapping[str, Any]],
    file: Path,
) -> None:
    entries = [
        Entry(
            row["change_id"], f"{_whose(row)}{group_word(row['group'], language)}", row["sentence"]
        )
        for row in rows
    ]
    feed = Feed(
        f"{ctx.identity.id}/{generation.number}",
        heading(_counts(rows), language),
        ctx.identity.name,
        datetime.fromisoformat(generation.published_at),
        language,
    )
    write_for_the_user(file, to_atom(feed, entries))
    console.print(say("cli.changes.written", file=file))
