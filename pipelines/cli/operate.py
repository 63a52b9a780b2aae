"""Commands that do something: run, publish, check, example."""

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Annotated, cast

import duckdb
import typer
from rich.status import Status

from pipelines.cli.holding import read_and_show_held
from pipelines.cli.ledger import held_in, ledger
from pipelines.cli.output import console, marked, moment, number, print_json, table
from pipelines.defs.closed import close_home, refuse_open_home, refuse_open_keys
from pipelines.defs.context import RunContext, load_context, read_context
from pipelines.defs.lock import run_lock, warehouse
from pipelines.errors import ConfigError
from pipelines.ingest.inbox import inbox_files
from pipelines.settings import Settings
from pipelines.warehouse.not_shown import list_not_shown
from pipelines.warehouse.quarantined import SetAside, quarantined_nb
from pipelines.warehouse.rows import rows_of
from pipelines.words.messages import say
from pipelines.words.numbers import counted_nb


def run(
    inbox: Annotated[
        Path | None, typer.Option(help=say("cli.operate.another_inbox"), exists=True)
    ] = None,
    force: Annotated[bool, typer.Option("--force", help=say("cli.operate.run_anyway"))] = False,
    hold: Annotated[
        bool,
        typer.Option("--hold", help=say("cli.operate.read_and_hold")),
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help=say("cli.operate.outcome_as_json"))
    ] = False,
    with_example: Annotated[
        bool,
        typer.Option("--with-example", help=say("cli.operate.put_example_first")),
    ] = False,
    show: Annotated[
        bool, typer.Option("--show", help=say("cli.operate.show_conclusions_after"))
    ] = False,
) -> None:
    """Kjør hovedjobben: les leveranser, regn, kontroller, publiser."""
    settings = Settings()
    if inbox is not None:
        settings = replace(settings, inbox=inbox.resolve())
    ctx = read_context(settings)
    if with_example and not inbox_files(ctx.paths):
        _place_example(ctx, size=1)
    _run(ctx, force=force, hold=hold, as_json=as_json)
    if show:
        from pipelines.cli.results import result

        result(as_json=as_json)


def _run(ctx: RunContext, *, force: bool, hold: bool, as_json: bool) -> None:
    if hold:
        _ = ctx.municipality  # what is wrong with the configuration is told before anything is done
        read_and_show_held(ctx, as_json=as_json)
        return
    from pipelines.defs.run import run_nightly

    if as_json or not console.is_terminal:
        outcome = run_nightly(ctx, force=force, on_progress=None if as_json else _say)
    else:
        with Status("Starter", console=console) as status:
            outcome = run_nightly(ctx, force=force, on_progress=lambda text: _show(status, text))
    if as_json:
        print_json(
            {
                "generation": outcome.generation.number,
                "is_new": outcome.is_new,
                "run_id": outcome.run_id,
                "seconds": round(outcome.seconds, 2),
                "report": str(outcome.report) if outcome.report else None,
                "held": _held(ctx),
                "mended": list(outcome.mended),
            }
        )
        return
    _tell_what_was_read(ctx)
    number_ = outcome.generation.number
    if outcome.run_id is None:
        console.print(say("cli.operate.nothing_new", number=number_))
    elif outcome.is_new:
        console.print(f"Publisert: generasjon {number_} ({number(outcome.seconds)} s).")
    else:
        console.print(
            say("cli.operate.run_unchanged", seconds=number(outcome.seconds), number=number_)
        )


def _held(ctx: RunContext) -> list[dict[str, str]]:
    with ledger(ctx) as con:
        return held_in(con)


def _tell_what_was_read(ctx: RunContext) -> None:
    with ledger(ctx) as con:
        _tell_counts(con)
        for held in held_in(con):
            console.print(
                say(
                    "cli.operate.held_not_counted",
                    delivery_id=held["delivery_id"],
                    reason_nb=held["reason_nb"],
                ),
                markup=False,
            )


def _tell_counts(con: duckdb.DuckDBPyConnection) -> None:
    (row,) = rows_of(
        con,
        "select count(*) filter (where status = 'loaded') as files,"
        " sum(rows_loaded) filter (where status = 'loaded') as loaded,"
        " sum(rows_loaded) filter (where status = 'superseded') as replaced,"
        " sum(rows_quarantined) filter (where status = 'loaded') as rows_quarantined,"
        " sum(quarantined_nok) filter (where status = 'loaded') as quarantined_nok,"
        " sum(quarantined_days) filter (where status = 'loaded') as quarantined_days,"
        " null as quarantined_persons,"  # the same person may stand in several files
        " (select count(*) from ops.warnings) as notes from ops.deliveries",
    )
    files = counted_nb(row["files"], "leveranse", "leveranser")
    parts = [f"{files}, {counted_nb(row['loaded'] or 0, 'rad', 'rader')} som teller"]
    if row["replaced"]:
        # the report counts what was loaded, these too
        rows = counted_nb(row["replaced"], "rad", "rader")
        parts.append(say("cli.operate.replaced_rows", rows=rows))
    if row["rows_quarantined"]:
        set_aside = cast("SetAside", row)
        parts.append(f"{quarantined_nb(set_aside)} (pukk quarantine)")
    if row["notes"]:
        parts.append(f"{counted_nb(row['notes'], 'merknad', 'merknader')} (pukk deliveries)")
    console.print(", ".join(parts) + ".")
    for told in list_not_shown(con):
        console.print(told, markup=False)


def _say(text: str) -> None:
    console.print(f"  {text}")


def _show(status: Status, text: str) -> None:
    console.print(marked("  [dim]{}[/]", status.status))
    status.update(marked("{}", text))


def publish(
    list_: Annotated[
        bool, typer.Option("--list", help=say("cli.operate.show_generations"))
    ] = False,
    rollback: Annotated[
        bool, typer.Option("--rollback", help=say("cli.operate.point_back"))
    ] = False,
    to: Annotated[int | None, typer.Option(help=say("cli.operate.generation_to_point_to"))] = None,
    as_json: Annotated[bool, typer.Option("--json", help=say("cli.operate.as_json"))] = False,
) -> None:
    """Vis generasjonene, eller pek tilbake på en tidligere."""
    from pipelines.publishing.generation import current, list_generations
    from pipelines.publishing.generation import rollback as point_back

    ctx = load_context()
    if rollback:
        with run_lock(ctx.paths), warehouse(ctx.paths) as con:
            close_home(ctx)
            made = point_back(ctx.paths, con, to)
        console.print(say("cli.operate.readers_see_now", number=made.number))
        return
    if not list_:
        raise ConfigError(
            say("cli.operate.say_what_to_do"), way_out=say("cli.operate.use_list_or_rollback")
        )
    now = current(ctx.paths)
    found = list_generations(ctx.paths)
    if as_json:
        print_json([{**vars(g), "is_current": bool(now and g.number == now.number)} for g in found])
        return
    shown = table(
        "Generasjoner", [("Nr.", "right"), "Publisert", "Fil", ("MB", "right"), "SHA-256", "Leses"]
    )
    for g in found:
        is_current = now is not None and g.number == now.number
        size = (ctx.paths.published / g.file_name).stat().st_size / 1e6
        shown.add_row(
            str(g.number),
            moment(g.published_at),
            g.file_name,
            number(size),
            g.sha256[:12],
            "ja" if is_current else "",
        )
    console.print(shown if found else say("cli.operate.nothing_published_yet"))


def check() -> None:
    """Kontroller kontraktene, kommunens oppsett og hvem som kan lese dataene, uten å kjøre noe."""
    from pipelines.contracts.__main__ import check as check_from_contracts
    from pipelines.municipality.__main__ import check as check_schemas
    from pipelines.municipality.untouched import refuse_no_metrics, refuse_template

    ctx = load_context()
    refuse_template(ctx.identity.folder)
    refuse_no_metrics(ctx.municipality)
    console.print(
        say(
            "cli.operate.setup_is_in_order",
            name=ctx.municipality.name,
            n_feeds=counted_nb(len(ctx.municipality.feeds), "kilde", "kilder"),
            n_metrics=len(ctx.municipality.metrics),
            n_pilots=counted_nb(len(ctx.municipality.pilots), "pilot", "piloter"),
        )
    )
    console.print(
        say(
            "cli.operate.contracts_are_in_order",
            n_sources=len(ctx.sources),
            n_products=len(ctx.products),
        )
    )
    check_from_contracts()
    check_schemas()
    refuse_open_keys(ctx.paths)
    refuse_open_home(ctx.paths)
    console.print(say("cli.operate.nobody_else_can_read", root=_short(ctx.paths.root)))


def example(
    if_empty: Annotated[
        bool, typer.Option("--if-empty", help=say("cli.operate.nothing_when_inbox_has_files"))
    ] = False,
    size: Annotated[
        int,
        typer.Option("--size", help=say("cli.operate.so_many_times_larger"), min=1, max=100),
    ] = 1,
) -> None:
    """Legg eksempelets leveranser i innboksen."""
    ctx = read_context()
    if not if_empty or not inbox_files(ctx.paths):
        _place_example(ctx, size)


def _place_example(ctx: RunContext, size: int) -> None:
    kind = ctx.municipality.example.kind
    inbox = ctx.paths.create().inbox
    if kind == "generated":
        from pipelines.example.generate import generate

        files = generate(ctx.municipality.folder, inbox, ctx.paths.truth, size)
        _plant_locks(ctx)
    elif kind == "shipped" and size == 1:
        files = _copy_shipped(ctx, inbox)
    elif kind == "shipped":
        raise ConfigError(
            say("cli.operate.real_files_cannot_grow", name=ctx.municipality.name),
            way_out=say("cli.operate.leave_out_size"),
        )
    else:
        raise ConfigError(
            say("cli.operate.no_example", name=ctx.municipality.name),
            way_out=say("cli.operate.put_own_exports", inbox=inbox),
        )
    size_mb = sum(file.stat().st_size for file in files) / 1e6
    close_home(ctx)
    console.print(
        f"{counted_nb(len(files), 'fil', 'filer')} ({number(size_mb)} MB) ligger i {_short(inbox)}"
    )


def _plant_locks(ctx: RunContext) -> None:
    from pipelines.example.locks import plant_locks
    from pipelines.example.spec import load_spec

    spec = load_spec(ctx.municipality.folder)
    if spec.lean.locks:
        with run_lock(ctx.paths), warehouse(ctx.paths) as con:
            plant_locks(con, ctx.paths, spec, ctx.municipality.metrics)


def _copy_shipped(ctx: RunContext, inbox: Path) -> list[Path]:
    source = ctx.municipality.folder / (ctx.municipality.example.folder or "deliveries")
    made = []
    for file in sorted(f for f in source.rglob("*") if f.is_file() and f.suffix != ".md"):
        target = inbox / file.relative_to(source)
        target.parent.mkdir(parents=True, exist_ok=True)
        made.append(Path(shutil.copyfile(file, target)))
    return made


def _short(path: Path) -> str:
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)
