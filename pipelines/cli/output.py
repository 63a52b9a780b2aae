"""How the command line shows things: Norwegian numbers, tables, JSON, errors.

No command lives here, and nothing here reads data.
"""

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.table import Table

from pipelines.desk import figures
from pipelines.errors import PukkError

# in a file or a pipe there is no screen to fit
_NO_SCREEN_WIDTH = 140
console = Console(highlight=False, soft_wrap=False)
if not console.is_terminal and "COLUMNS" not in os.environ:
    console = Console(highlight=False, soft_wrap=False, width=_NO_SCREEN_WIDTH)
errors = Console(stderr=True, highlight=False)

OSLO = ZoneInfo("Europe/Oslo")
_HIDDEN = ":"


def number(value: float | Decimal | int | None, decimals: int = 1, *, signed: bool = False) -> str:
    """Return a number as ``1 234,5``; missing is an empty string, never zero.

    Args:
        value: The number, or ``None``.
        decimals: Digits after the comma.
        signed: Write a plus sign before positive numbers.
    """
    return figures.number(value, decimals, signed=signed)


def moment(value: str) -> str:
    """Return an ISO moment as ``31.12.2017 14:05`` in Oslo time."""
    return datetime.fromisoformat(value).astimezone(OSLO).strftime("%d.%m.%Y %H:%M")


def hidden_or(value: str, reason: str | None) -> str:
    """Return ``:`` where a value is hidden for privacy, else the value."""
    return _HIDDEN if reason else value


def table(title: str | None, columns: Sequence[str | tuple[str, str]]) -> Table:
    """Return an empty Rich table; a column is a name or ``(name, justify)``."""
    made = Table(title=title, title_justify="left", title_style="bold", header_style="bold")
    for column in columns:
        name, justify = (column, "left") if isinstance(column, str) else column
        made.add_column(name, justify="right" if justify == "right" else "left")
    return made


def print_json(rows: Iterable[Mapping[str, Any]] | Mapping[str, Any]) -> None:
    """Print rows (or one object) as JSON on standard output."""
    data = rows if isinstance(rows, Mapping) else list(rows)
    typer.echo(json.dumps(data, ensure_ascii=False, indent=2, default=_plain))


def _plain(value: object) -> object:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    return str(value)


def warn(text: str) -> None:
    """Print a caution for a person on standard error."""
    errors.print(f"[bold yellow]Obs[/] {_escape(text)}")


def fail(error: PukkError) -> typer.Exit:
    """Print an error for a person and return the exit to raise."""
    errors.print(f"[bold red]Feil[/] {_escape(error.where or '')}".rstrip())
    errors.print(f"  {_escape(error.message)}")
    if error.way_out:
        errors.print(f"  [bold]Gjør slik:[/] {_escape(error.way_out)}")
    return typer.Exit(error.exit_code)


def _escape(text: str) -> str:
    return text.replace("[", "\\[")
