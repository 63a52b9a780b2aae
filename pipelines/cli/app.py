"""``pukk``: the command line. Commands are registered here and written beside."""

import io
import sys

import typer

from pipelines.cli import (
    cycles,
    deliveries,
    gains,
    inspect,
    key,
    log,
    operate,
    person,
    privacy,
    rebuild,
    results,
    retention,
    serve,
    sql,
    stops,
    take,
)
from pipelines.cli.failures import explain
from pipelines.cli.output import fail
from pipelines.cli.sql import reader
from pipelines.desk.events import acting_as
from pipelines.desk.private_files import closed_to_others

app = typer.Typer(
    name="pukk",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help=(
        "Pukk: virker Lean her? Fra kommunens uttrekk til et før/etter-svar per enhet. "
        "PUKK_MUNICIPALITY velger kommune (id eller mappe), PUKK_HOME hvor dataene ligger."
    ),
)
app.command("run")(operate.run)
app.command("status")(inspect.status)
app.add_typer(deliveries.app, name="deliveries")
app.command("quarantine")(inspect.quarantine)
app.command("result")(results.result)
app.command("gains")(gains.gains)
app.command("baselines")(cycles.baselines)
app.command("sql")(sql.sql)
app.command("report")(inspect.report)
app.command("rebuild")(rebuild.rebuild)
app.command("retention")(retention.retention)
app.command("publish")(operate.publish)
app.command("check")(operate.check)
app.command("example")(operate.example)
app.command("serve")(serve.serve)
app.command("pdf")(take.pdf)
app.add_typer(log.app, name="log")
app.add_typer(person.app, name="person")
app.add_typer(key.app, name="key")
app.add_typer(privacy.app, name="privacy")


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
            sys.exit(stops.tell(stop) if stop else fail(explain(error)).exit_code)


if __name__ == "__main__":
    main()
