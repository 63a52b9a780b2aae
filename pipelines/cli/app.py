"""``pukk``: the command line. Commands are named here and written beside, each in its module."""

import io
import sys

import typer

from pipelines.cli import stops
from pipelines.cli.ending import code_of, end
from pipelines.cli.on_demand import GROUP, Place, group_of
from pipelines.cli.output import fail
from pipelines.cli.who import reader
from pipelines.desk.events import acting_as
from pipelines.desk.private_files import closed_to_others

COMMANDS = {
    "init": Place("init", "init"),
    "try": Place("try_files", "try_files"),
    "run": Place("operate", "run"),
    "status": Place("inspect", "status"),
    "quarantine": Place("inspect", "quarantine"),
    "result": Place("results", "result"),
    "changes": Place("changes", "changes"),
    "explain": Place("explain", "explain"),
    "gains": Place("gains", "gains"),
    "baselines": Place("cycles", "baselines"),
    "sql": Place("sql", "sql"),
    "report": Place("inspect", "report"),
    "rebuild": Place("rebuild", "rebuild"),
    "prune": Place("prune", "prune"),
    "retention": Place("retention", "retention"),
    "publish": Place("operate", "publish"),
    "check": Place("operate", "check"),
    "backup": Place("backup", "backup"),
    "restore": Place("backup", "restore"),
    "doctor": Place("doctor", "doctor"),
    "sbom": Place("supply", "sbom"),
    "audit": Place("supply", "audit"),
    "example": Place("operate", "example"),
    "notify": Place("notify", "notify"),
    "watch": Place("notify", "watch_nights"),
    "serve": Place("serve", "serve"),
    "pdf": Place("take", "pdf"),
    "deliver": Place("deliver", "deliver"),
    "figures": Place("figures", "figures"),
    "deliveries": Place("deliveries", GROUP),
    "quality": Place("quality", GROUP),
    "log": Place("log", GROUP),
    "person": Place("person", GROUP),
    "key": Place("key", GROUP),
    "privacy": Place("privacy", GROUP),
    "evidence": Place("evidence", GROUP),
    "fleet": Place("fleet", GROUP),
    "plan": Place("plan", GROUP),
}
"""Every command and where it is written, in the order they are shown."""

app = typer.Typer(
    name="pukk",
    cls=group_of(COMMANDS),
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


@app.callback()
def pukk() -> None:
    """Pukk: virker Lean her? Fra kommunens uttrekk til et før/etter-svar per enhet.

    PUKK_MUNICIPALITY velger kommune (id eller mappe), PUKK_HOME hvor dataene ligger.
    """


def main() -> None:
    """Run the command line; whatever happens is told in a sentence, never traced."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    with closed_to_others(), acting_as(reader()), stops.noted() as last_stop:
        try:
            app(standalone_mode=True)
        except KeyboardInterrupt:
            sys.exit(stops.tell(last_stop()))
        except SystemExit as ended:
            if ended.code != stops.INTERRUPTED:
                raise
            sys.exit(stops.tell(last_stop()))
        except Exception as error:
            # a library may hand over a stop as an error of its own: DuckDB does, in a query
            stop = last_stop()
            from pipelines.cli.failures import explain  # what went wrong decides what it needs

            sys.exit(stops.tell(stop) if stop else fail(explain(error)).exit_code)


def entry() -> None:
    """Run the command line as a process of its own, and end it."""
    try:
        main()
    except SystemExit as ended:
        end(code_of(ended))
    end(0)


if __name__ == "__main__":
    entry()
