"""Commands that show how things stand: status, quarantine, report."""

import webbrowser
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated, cast

import duckdb
import typer

from pipelines.cli.ledger import held_in, ledger, read_warehouse
from pipelines.cli.output import console, marked, moment, print_json, table
from pipelines.cli.released import as_rows, line_of
from pipelines.cli.unit_questions import ASKED, IS_THERE, words_of
from pipelines.contracts.retention import own_rules
from pipelines.defs.context import RunContext, read_context
from pipelines.defs.unchanged import already_published
from pipelines.desk.child_environment import for_browser, only
from pipelines.desk.generations import has_remains, standing
from pipelines.desk.standing_words import words_about
from pipelines.errors import DamagedError, PukkError
from pipelines.ingest.inbox import inbox_files, present_sha256, unfinished_files
from pipelines.ingest.nothing_delivered import nothing_delivered
from pipelines.notices.outbox import waiting as unsent
from pipelines.publishing.released import released_in
from pipelines.retention.found import old_files, today
from pipelines.warehouse.deliveries import list_losses, list_rejected
from pipelines.warehouse.quarantined import AMOUNTS, SetAside, quarantined_nb
from pipelines.warehouse.rows import rows_of
from pipelines.words.messages import say
from pipelines.words.numbers import counted_nb

_JSON = typer.Option("--json", help=say("cli.inspect.as_json"))


def status(as_json: Annotated[bool, _JSON] = False) -> None:
    """Vis hva som ligger i innboksen, hva som er publisert, og hva som venter på noen."""
    ctx = read_context()
    shown = standing(ctx.paths.published)
    now = shown.generation if shown else None
    words = words_about(shown) if shown else None
    files = inbox_files(ctx.paths)
    unfinished = [file.name for file in unfinished_files(ctx.paths)]
    up_to_date = already_published(ctx) is not None
    if not up_to_date:
        _ = ctx.municipality  # perhaps because it is wrong: then that is told
    waiting = replace(_waiting(ctx), unsent_messages=unsent(ctx.paths.state))
    released = released_in(ctx.paths, now) if now else []
    if as_json:
        print_json(
            {
                "municipality": ctx.identity.id,
                "home": str(ctx.paths.root),
                "inbox_files": len(files),
                "unfinished_files": unfinished,
                "nothing_delivered": nothing_delivered(ctx.paths),
                "generation": now.number if now else None,
                "published_at": now.published_at if now else None,
                "generation_wanted": shown.wanted if shown else None,
                "older_because": shown.reason or None if shown else None,
                "up_to_date": up_to_date,
                "released": as_rows(released),
                **vars(waiting),
            }
        )
        return
    console.print(marked("[bold]{}[/]  {}", ctx.identity.name, ctx.paths.root))
    if ctx.identity.notice_nb:
        console.print(f"  {ctx.identity.notice_nb}")
    console.print(
        marked("  Innboks:    {} i {}", counted_nb(len(files), "fil", "filer"), ctx.paths.inbox)
    )
    nothing_yet = nothing_delivered(ctx.paths)
    if nothing_yet:
        console.print(marked("  Mangler:    {}. Legg kommunens filer der.", nothing_yet))
    if unfinished:
        console.print(say("cli.inspect.unfinished", unfinished=", ".join(unfinished)))
    if now is None:
        is_damaged = has_remains(ctx.paths.published)
        nothing = (
            say("cli.inspect.no_whole_edition") if is_damaged else say("cli.inspect.nothing_yet")
        )
        console.print(say("cli.inspect.published_nothing", nothing=nothing))
    else:
        fresh = "à jour" if up_to_date else say("cli.inspect.something_changed")
        console.print(
            f"  Publisert:  generasjon {now.number}, {moment(now.published_at)} ({fresh})"
        )
    if words is not None:
        console.print(f"  Obs:        {words.whole()}")
    for line in (*map(line_of, released), *waiting.lines()):
        console.print(f"  {line}")


def quarantine(
    delivery: Annotated[
        str | None, typer.Argument(help="Leveransens nummer, f.eks. D000012.")
    ] = None,
    as_json: Annotated[bool, _JSON] = False,
) -> None:
    """Vis radene i karantene: hvor, hvorfor, hva som sto der, og hvor mye det er.

    Det som kan gjelde en person, vises aldri.
    """
    from pipelines.ingest.many_sheets import place_of

    ctx = read_context()
    rows = read_warehouse(
        ctx,
        "select delivery_id, file_name, source_row, column_name, rule_id, reason_nb, found_nb"
        " from ops.quarantine where ?1 is null or delivery_id = ?1"
        " order by delivery_id, source_row, rule_id",
        delivery,
    )
    if as_json:
        print_json(rows)
        return
    shown = table("Karantene", ["Leveranse", "Fil", ("Rad", "right"), "Kolonne", "Grunn", "Funnet"])
    for row in rows:
        shown.add_row(
            row["delivery_id"],
            row["file_name"],
            place_of(row["source_row"]).removeprefix("rad ") if row["source_row"] else "",
            row["column_name"] or "",
            row["reason_nb"],
            row["found_nb"] or "",
        )
    console.print(shown if rows else say("cli.inspect.nothing_in_quarantine"))
    for row in read_warehouse(
        ctx,
        f"select delivery_id, file_name, {AMOUNTS} from ops.deliveries"
        " where rows_quarantined > 0 and (?1 is null or delivery_id = ?1) order by seq",
        delivery,
    ):
        set_aside = cast("SetAside", row)
        console.print(f"{row['delivery_id']} {row['file_name']}: {quarantined_nb(set_aside)}.")


def report(
    show_path: Annotated[
        bool, typer.Option("--path", help=say("cli.inspect.only_the_path"))
    ] = False,
) -> None:
    """Åpne den nyeste datakvalitetsrapporten."""
    ctx = read_context()
    found = sorted(ctx.paths.reports.glob("*.html"), key=lambda file: file.stat().st_mtime)
    if not found:
        raise PukkError(say("cli.inspect.no_report_yet"), way_out=say("cli.inspect.run"))
    typer.echo(str(found[-1]))
    if not show_path:
        with only(for_browser()):
            webbrowser.open(found[-1].as_uri())


@dataclass(frozen=True)
class _Waiting:
    """What the restricted warehouse says waits for somebody, or what is wrong with it."""

    rejected: list[dict[str, str]]
    held: list[dict[str, str]]
    losses: list[str]
    unit_questions: list[str]
    warehouse_problem: str | None = None
    past_retention: int = 0
    unsent_messages: Sequence[tuple[str, str]] = ()

    def lines(self) -> list[str]:
        """Return it line by line, the gravest first."""
        problems = [self.warehouse_problem] if self.warehouse_problem else []
        return [
            *(f"Obs:        {problem}" for problem in (*problems, *self.losses)),
            *(f"Avvist:     {row['reason_nb']}" for row in self.rejected),
            *(f"Holdt tilbake: {row['delivery_id']} {row['reason_nb']}" for row in self.held),
            *(say("cli.inspect.question", question=question) for question in self.unit_questions),
            *self._past_retention(),
            *(
                say(
                    "cli.inspect.unsent_message",
                    channel=channel,
                    said=said or say("cli.inspect.not_tried"),
                )
                for channel, said in self.unsent_messages
            ),
        ]

    def _past_retention(self) -> list[str]:
        if not self.past_retention:
            return []
        n = counted_nb(self.past_retention, "fil", "filer")
        return [say("cli.inspect.past_retention", n=n)]


def _waiting(ctx: RunContext) -> _Waiting:
    if not ctx.paths.warehouse.exists():
        has_lived = any(ctx.paths.records.glob("*")) or any(ctx.paths.landing.glob("*"))
        lost = say("cli.inspect.warehouse_missing")
        return _Waiting([], [], [], [], lost if has_lived else None)
    try:
        with ledger(ctx) as con:
            rejected = list_rejected(con, present_sha256(ctx.paths))
            return _Waiting(
                [{"file_name": name, "reason_nb": reason} for name, reason in rejected],
                held_in(con),
                list_losses(con),
                _unit_questions(ctx, con),
                past_retention=len(old_files(con, ctx.paths, ctx.sources, own_rules(), today())),
            )
    except DamagedError as damaged:
        return _Waiting([], [], [], [], damaged.text)


def _unit_questions(ctx: RunContext, con: duckdb.DuckDBPyConnection) -> list[str]:
    if not con.execute(IS_THERE).fetchall():
        return []
    return [words_of(row, ctx.municipality) for row in rows_of(con, ASKED)]
