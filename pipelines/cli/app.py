"""``pukk``: the command line. Commands are registered here and written beside."""

import sys

import typer

from pipelines.cli import cycles, deliveries, gains, inspect, log, operate, results, sql, take
from pipelines.cli.output import fail
from pipelines.errors import PukkError

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
app.command("publish")(operate.publish)
app.command("check")(operate.check)
app.command("example")(operate.example)
app.command("serve")(operate.serve)
app.command("pdf")(take.pdf)
app.add_typer(log.app, name="log")


def main() -> None:
    """Run the command line; errors a person can act on are told, not traced."""
    try:
        app(standalone_mode=True)
    except PukkError as error:
        sys.exit(fail(error).exit_code)


if __name__ == "__main__":
    main()
