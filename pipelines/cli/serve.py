"""The command that serves the results and Dagster's page: ``serve``."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.output import console
from pipelines.cli.services import Service, check_ports, keep_running
from pipelines.defs.closed import close_home
from pipelines.defs.context import RunContext, load_context
from pipelines.desk.addresses import is_loopback
from pipelines.desk.child_environment import for_dagster, for_pages
from pipelines.desk.private_files import why_refused
from pipelines.desk.programs import DAGSTER_PAGE, PAGES
from pipelines.errors import ConfigError
from pipelines.settings import Settings
from pipelines.words.messages import say

_LOCAL = "127.0.0.1"
_PROGRAMS = Path(sys.executable).parent


def serve(
    host: Annotated[
        str,
        typer.Option(help=say("cli.serve.address_of_pages")),
    ] = _LOCAL,
    port: Annotated[
        int, typer.Option("--port", "--dashboard-port", help=say("cli.serve.port_of_pages"))
    ] = 8501,
    dagster_port: Annotated[int, typer.Option(help=say("cli.serve.port_of_dagster"))] = 3000,
) -> None:
    """Start Dagsters nettside og resultatsiden; Ctrl+C stopper begge.

    Dagsters adresse har en nøkkel, ny ved hver start, som bare denne kontoen kan lese.

    Miljø: PUKK_AUTH er TOML-filen med innloggingen (OpenID Connect), og PUKK_ACCESS er CSV-filen
    med hvem som har tilgang til hva. Uten dem vises alt, men bare på denne maskinen.
    PUKK_ALLOWED_HOSTS er vertsnavnene siden svarer på, med komma mellom. Se docs/operations.md.
    """
    settings = Settings()
    if not is_loopback(host) and not (settings.login and settings.access):
        raise ConfigError(
            say("cli.serve.login_not_set_up", host=host),
            way_out=say("cli.serve.set_login_or_drop_host"),
        )
    from pipelines.defs.dagster_home import dagster_home, made_address

    ctx = load_context(settings)
    home = dagster_home(ctx.paths)
    services = (_dagster(ctx, home, dagster_port), _dashboard(ctx, host, port))
    check_ports(services)
    _refuse_open_login(settings.login)
    close_home(ctx)
    address = made_address(home, _LOCAL, dagster_port)
    _tell_of_dagster(address)
    console.print(f"Resultatsiden: http://{host}:{port}")
    if not (settings.login and settings.access):
        console.print(say("cli.serve.open_to_the_machine"), soft_wrap=True)
    console.print("Ctrl+C stopper begge.")
    keep_running(services, {})
    console.print(say("cli.serve.both_stopped"))


def _refuse_open_login(login: Path | None) -> None:
    why = why_refused(login) if login is not None and login.exists() else None
    if why:
        raise ConfigError(why, where="PUKK_AUTH")


def _tell_of_dagster(address: Path) -> None:
    if console.is_terminal:
        told = address.read_text(encoding="utf-8")
        console.print(f"Dagster:       {told}", soft_wrap=True)
    else:
        # what is not a terminal is a log, and others may read that
        console.print(say("cli.serve.address_of_dagster", file=address), soft_wrap=True)


def _dagster(ctx: RunContext, home: Path, port: int) -> Service:
    from pipelines.defs.dagster_home import ADDRESS_FILE

    command = [sys.executable, "-m", DAGSTER_PAGE.module, str(home / ADDRESS_FILE)]
    # it starts in another folder: what was said relative to this one is said in full
    own = {
        "PUKK_MUNICIPALITY": str(ctx.municipality.folder),
        "PUKK_HOME": str(ctx.paths.root.parent),
        "DAGSTER_HOME": str(home),
    }
    if ctx.settings.automation:
        own["PUKK_AUTOMATION"] = ",".join(ctx.settings.automation)
    if ctx.paths.inbox_override is not None:
        own["PUKK_INBOX"] = str(ctx.paths.inbox_override)
    return Service("Dagster", command, _LOCAL, port, "--dagster-port", for_dagster(own))


def _dashboard(ctx: RunContext, host: str, port: int) -> Service:
    # without the names only this machine's own are answered
    command = [
        *(str(_PROGRAMS / "streamlit"), "run", PAGES.file),
        *("--server.address", host, "--server.port", str(port)),
        *[f"--server.allowedHosts={name}" for name in ctx.settings.allowed_hosts],
    ]
    own = {
        "PUKK_PUBLISHED": str(ctx.paths.published),
        "PUKK_STATE": str(ctx.paths.state),
        # how files are read, for who tries one on the page
        "PUKK_MUNICIPALITY": str(ctx.municipality.folder),
        "PUKK_INBOX": str(ctx.paths.inbox),
    }
    given = {"PUKK_AUTH": ctx.settings.login, "PUKK_ACCESS": ctx.settings.access}
    files = {name: str(file.resolve()) for name, file in given.items() if file is not None}
    return Service("Resultatsiden", command, host, port, "--port", for_pages(own | files))
