"""How the command line shows things: Norwegian numbers, tables, JSON, errors.

Names come from files: what is printed here is text, and never a mark, a colour or a command to the
terminal. No command lives here, and nothing here reads data.
"""

import json
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from pipelines.errors import PukkError
from pipelines.settings import environment
from pipelines.words.messages import say
from pipelines.words.numbers import exactly, number_nb

# in a file or a pipe there is no screen to fit
_NO_SCREEN_WIDTH = 140
# what a terminal obeys instead of showing (tab and line feed are for layout), what turns text
# around, and halves of characters that no stream can write
_CONTROLS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)


def clean(text: object) -> str:
    """Return a text with control characters written out, so that a terminal only shows it."""
    return _CONTROLS.sub(lambda found: _written_out(found.group()), str(text))


def _written_out(character: str) -> str:
    code = ord(character)
    return f"\\x{code:02x}" if code <= _LAST_BYTE else f"\\u{code:04x}"


_LAST_BYTE = 0xFF


class Terminal(Console):
    """A console in which every string is text: only ``marked`` makes anything bold."""

    def render_str(self, text: str, **options: Any) -> Text:  # noqa: ANN401 - passed on
        """Return the text as it stands, whatever a caller wanted to have read into it."""
        plain = {"markup": False, "emoji": False, "highlight": False}
        return super().render_str(clean(text), **{**options, **plain})


def _terminal(**options: Any) -> Terminal:  # noqa: ANN401 - passed on
    return Terminal(highlight=False, markup=False, emoji=False, **options)


console = _terminal(soft_wrap=False)
if not console.is_terminal and "COLUMNS" not in environment():
    console = _terminal(soft_wrap=False, width=_NO_SCREEN_WIDTH)
errors = _terminal(stderr=True)


def marked(template: str, *values: object) -> Text:
    """Return a line with our own marks (``[bold]…[/]``) and others' words, which mark nothing.

    Args:
        template: Our words with marks, and ``{}`` where a value goes.
        values: The values.
    """
    return Text.from_markup(template.format(*(escape(clean(value)) for value in values)))


OSLO = ZoneInfo("Europe/Oslo")
_HIDDEN = ":"


def number(value: float | Decimal | int | None, decimals: int = 1, *, signed: bool = False) -> str:
    """Return a number as ``1 234,5``; missing is an empty string, never zero.

    Args:
        value: The number, or ``None``.
        decimals: Digits after the comma.
        signed: Write a plus sign before positive numbers.
    """
    return number_nb(value, decimals, signed=signed)


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
        # on a narrow screen a long code goes over two lines; cut short it could be another
        made.add_column(name, justify="right" if justify == "right" else "left", overflow="fold")
    return made


def print_json(rows: Iterable[Mapping[str, Any]] | Mapping[str, Any]) -> None:
    """Print rows (or one object) as JSON on standard output; what is no number is ``null``."""
    data = _for_json(rows if isinstance(rows, Mapping) else list(rows))
    text = json.dumps(data, ensure_ascii=False, indent=2, allow_nan=False)
    # JSON itself escapes only the first 32; all of these can only be inside strings
    typer.echo(_CONTROLS.sub(lambda found: _as_json(found.group()), text))


def _as_json(character: str) -> str:
    return character if character in "\r\n" else f"\\u{ord(character):04x}"


def _for_json(value: object) -> object:
    if isinstance(value, Mapping):
        return {str(key): _for_json(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_for_json(each) for each in value]
    if isinstance(value, float | Decimal):
        return exactly(value) if math.isfinite(value) else None
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return value if value is None or isinstance(value, str | int | bool) else str(value)


def warn(text: str) -> None:
    """Print a caution for a person on standard error."""
    errors.print(marked("[bold yellow]Obs[/] {}", text), soft_wrap=True)


def fail(error: PukkError) -> typer.Exit:
    """Print an error for a person and return the exit to raise."""
    where = f" {error.where}" if error.where else ""
    errors.print(marked("[bold red]Feil[/]{}", where), soft_wrap=True)
    errors.print(marked("  {}", error.message), soft_wrap=True)
    if error.way_out:
        errors.print(marked(say("cli.output.do_this"), error.way_out), soft_wrap=True)
    return typer.Exit(error.exit_code)
