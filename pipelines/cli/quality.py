"""Commands on checks: which stop the night, and letting one through with name, reason and day.

What is released is decided in ``pipelines.quality.releases``.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from pipelines.cli.ledger import ledger, read_warehouse
from pipelines.cli.output import console, print_json
from pipelines.cli.sound import sound_warehouse
from pipelines.cli.who import reader
from pipelines.defs.context import RunContext, read_context
from pipelines.desk.accounts import person
from pipelines.desk.generations import standing
from pipelines.desk.logged import Kind, take
from pipelines.desk.private_files import write_for_the_user
from pipelines.errors import PukkError
from pipelines.warehouse.releases import Release, checked_expiry, today_in_norway
from pipelines.words.messages import say

app = typer.Typer(
    invoke_without_command=True,
    rich_markup_mode=None,
)

_CHECK = typer.Argument(help=say("cli.quality.name_of_check"))
_REASON = typer.Option("--reason", help=say("cli.quality.why"))
_JSON = typer.Option("--json", help=say("cli.quality.as_json"))
_BROKEN = """
select contract_id || '.' || table_name || '.' || rule_id as name, gate, severity, promised_nb,
    measured_nb, n_rows, n_failed, run_at, released_at, released_by, release_reason,
    release_expires_on
from ops.quality_results
where not success and run_id = (
    select max_by(run_id, run_at) from ops.quality_results
)
order by severity, gate, name
"""


@app.callback()
def quality(context: typer.Context, as_json: Annotated[bool, _JSON] = False) -> None:
    """Vis kontrollene som ikke holdt sist, frigi en til en dag, og ta resultatene ut som fil."""
    if context.invoked_subcommand is not None:
        return
    ctx = read_context()
    _refuse_older(ctx)
    rows = read_warehouse(ctx, _BROKEN)
    if as_json:
        print_json(rows)
        return
    for row in rows:
        # the name on a line of its own: it is copied into the next command
        console.print(f"{row['name']} ({_outcome(row)})", markup=False, soft_wrap=True)
        told = f"  {row['promised_nb']} {row['measured_nb']}"
        console.print(told, markup=False, soft_wrap=True)
    if not rows:
        console.print(say("cli.quality.all_held"))


@app.command("release")
def release(
    check: Annotated[str, _CHECK],
    reason: Annotated[str, _REASON],
    until: Annotated[str, typer.Option(help=say("cli.quality.last_day"))],
    as_json: Annotated[bool, _JSON] = False,
) -> None:
    """Frigi en kontroll som stopper kjøringen, for det som er funnet og til en dag."""
    from pipelines.quality.releases import release_check

    said = Release(person(), reason, checked_expiry(until, today_in_norway()))
    with sound_warehouse(_nothing_yet(check)) as (ctx, con):
        counts = release_check(
            con, ctx.paths, check, said, four_eyes=ctx.municipality.releases.four_eyes
        )
    if as_json:
        print_json({"check": check, "is_released": counts, "until": said.expires_on})
    elif counts:
        console.print(say("cli.quality.is_released", check=check, day=said.expires_on))
    else:
        console.print(say("cli.quality.waits_for_second", check=check))


@app.command("export")
def export(
    junit: Annotated[bool, typer.Option("--junit", help=say("cli.quality.as_junit"))] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help=say("cli.quality.as_export_json"))
    ] = False,
    out: Annotated[
        Path | None, typer.Option(help=say("cli.quality.to_file"), dir_okay=False)
    ] = None,
) -> None:
    """Ta ut resultatene av siste kjøring: nye, fortsatte og rettede funn siden forrige utgave."""
    if junit and as_json:
        raise PukkError(say("cli.quality.one_form"), way_out=say("cli.quality.choose_one"))
    ctx = read_context()
    shown = standing(ctx.paths.published)
    edition = Path(shown.generation.file_name if shown else "")
    kind: Kind = "xml" if junit else "json"
    content = take(
        ctx.paths.create().state, reader(), edition, "quality_results",
        lambda: _results(ctx, junit=junit), kind=kind,
    )  # fmt: skip
    if out is None:
        typer.echo(content.decode(), nl=False)
        return
    write_for_the_user(out, content)


def _results(ctx: RunContext, *, junit: bool) -> bytes:
    from pipelines.quality.export import as_json, as_junit, results_of
    from pipelines.quality.findings import findings, newest_run

    if not ctx.paths.warehouse.exists():
        raise _nothing_yet(str(ctx.paths.warehouse))
    _refuse_older(ctx)
    with ledger(ctx) as con:
        run = newest_run(con)
        if run is None:
            raise _nothing_yet(str(ctx.paths.warehouse))
        results = results_of(ctx.identity.id, run, findings(con, run.run_id))
    return as_junit(results) if junit else as_json(results)


@app.command("revoke")
def revoke(check: Annotated[str, _CHECK], reason: Annotated[str, _REASON]) -> None:
    """Ta en frigivelse tilbake: kontrollen stopper kjøringen igjen."""
    from pipelines.quality.releases import revoke_check

    with sound_warehouse(_nothing_yet(check)) as (ctx, con):
        revoke_check(con, ctx.paths, check, Release(person(), reason))
    console.print(say("cli.quality.is_revoked", check=check))


def _outcome(row: Mapping[str, Any]) -> str:
    if row["released_by"]:
        day = row["release_expires_on"]
        return say("cli.quality.released_by", by=row["released_by"], day=day)
    return "stopper" if row["severity"] == "error" else "advarsel"


def _refuse_older(ctx: RunContext) -> None:
    """Refuse a warehouse that no run of this version has opened: what is asked is not there yet."""
    there = read_warehouse(
        ctx,
        "select 1 as is_there from duckdb_columns() where schema_name = 'ops'"
        " and table_name = 'judged_results' and column_name = 'check_change'",
    )
    if not there and ctx.paths.warehouse.exists():
        raise PukkError(
            say("cli.quality.older_warehouse"),
            where=str(ctx.paths.warehouse),
            way_out=say("cli.quality.run"),
        )


def _nothing_yet(check: str) -> PukkError:
    return PukkError(
        say("cli.quality.nothing_checked"), where=check, way_out=say("cli.quality.run")
    )
