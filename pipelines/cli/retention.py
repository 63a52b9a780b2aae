"""The command that shows, and deletes, what is older than it may be: ``retention``."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated

import typer

from pipelines.cli.output import console, number, print_json, table
from pipelines.cli.who import reader
from pipelines.defs.care import Old, Summary, delete_old, look, summed
from pipelines.defs.context import load_context
from pipelines.errors import ConfigError
from pipelines.retention.found import KIND_NB, Found, today
from pipelines.warehouse.closed import ABSENCES, POSITIONS
from pipelines.words.messages import say

_CLOSED_NB = {
    ABSENCES: say("cli.retention.absences"),
    POSITIONS: say("cli.retention.positions"),
}


def retention(
    delete: Annotated[
        bool, typer.Option("--delete", help=say("cli.retention.delete_what_is_shown"))
    ] = False,
    files: Annotated[
        bool, typer.Option("--files", help=say("cli.retention.show_each_file"))
    ] = False,
    as_of: Annotated[str | None, typer.Option(help=say("cli.retention.another_day"))] = None,
    as_json: Annotated[bool, typer.Option("--json", help=say("cli.retention.as_json"))] = False,
) -> None:
    """Vis hva som er eldre enn kontraktene tillater; slett det med --delete.

    Uten --delete endres ingenting. Dagene står under retention i data_contracts/sources og i
    data_contracts/retention.yml. Slettingen skrives i journalen (records) og i tilgangsloggen.
    """
    ctx = load_context()
    day = _day(as_of)
    if delete and as_of:
        raise ConfigError(say("cli.retention.only_by_today"), way_out="Bruk --as-of uten --delete.")
    found = delete_old(ctx, reader()) if delete else look(ctx, day)
    summary = summed(found.files, day)
    if as_json:
        rows = [vars(each) for each in summary]
        named = [_shown(each) for each in found.files] if files else []
        counts = {"person_rows": found.n_rows, "person_rows_needed": found.n_needed}
        counts["log_entries"] = found.n_log_entries
        print_json({"deleted": delete, "as_of": day, "found": rows, "files": named, **counts})
        return
    if summary:
        _print(summary, found.files if files else (), deleted=delete)
    for line in _about_rows(found, ctx.municipality.first_month, deleted=delete):
        console.print(line)
    if found.n_log_entries:
        done = say("cli.retention.is_deleted") if delete else say("cli.retention.can_be_deleted")
        console.print(
            say("cli.retention.log_entries", n_log_entries=found.n_log_entries, done=done)
        )
    if not found.is_any:
        console.print(say("cli.retention.nothing_too_old"))
    elif not delete:
        console.print(say("cli.retention.nothing_deleted"))


def _about_rows(found: Old, first_month: date, *, deleted: bool) -> list[str]:
    rules = {each.rule.length_nb for each in found.rows}
    length = " eller ".join(sorted(rules))
    lines = []
    if found.n_rows:
        done = say("cli.retention.is_deleted") if deleted else say("cli.retention.can_be_deleted")
        lines.append(
            say(
                "cli.retention.person_rows_old",
                length=length,
                n_rows=number(found.n_rows, 0),
                done=done,
            )
        )
    for source, closing in found.closes.items():
        what, day = _CLOSED_NB[source], closing.open_from
        lines.append(
            say("cli.retention.closed", what=what, open_from=day)
            if deleted
            else say("cli.retention.will_close", what=what, open_from=day)
        )
    if found.n_needed:
        oldest = min(each.oldest for each in found.rows if each.n_needed)
        lines.append(
            say(
                "cli.retention.person_rows_kept",
                length=length,
                n_needed=number(found.n_needed, 0),
                oldest=oldest,
                first_month=first_month,
            )
        )
    return lines


def _day(text: str | None) -> date:
    try:
        return date.fromisoformat(text) if text else today()
    except ValueError:
        raise ConfigError(
            say("cli.retention.not_a_date"), where=text, way_out=say("cli.retention.date_form")
        ) from None


def _print(summary: Sequence[Summary], found: Sequence[Found], *, deleted: bool) -> None:
    title = "Slettet" if deleted else say("cli.retention.older_than_allowed")
    right = [(name, "right") for name in ("Antall", "MB")]
    shown = table(
        title, ["Hva", *right, "Eldste", "Beholdes", say("cli.retention.from_and_with"), "Regel"]
    )
    for each in summary:
        shown.add_row(
            KIND_NB[each.kind],
            str(each.n),
            number(each.n_bytes / 1e6),
            f"{each.oldest:%d.%m.%Y}",
            each.length_nb,
            f"{each.keeps_from:%d.%m.%Y}",
            each.rule,
        )
    console.print(shown)
    for file in found:
        console.print(f"{file.dated:%d.%m.%Y}  {file.name}", soft_wrap=True)


def _shown(found: Found) -> dict[str, object]:
    return {
        "kind": found.kind,
        "name": found.name,
        "dated": found.dated,
        "n_bytes": found.n_bytes,
        "rule": found.rule.source,
    }
