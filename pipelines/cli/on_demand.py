"""Commands whose modules are imported when they are asked for.

What a command imports, only that command waits for. The list of commands is shown without importing
any of them: a command says what it does in its docstring, a group in that of its callback, and both
are read of the source.
"""

import ast
import importlib
import sys
from collections.abc import Iterator, MutableMapping
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.exceptions import TyperException
from typer.main import get_command, get_group

from pipelines.cli.usage import in_bokmaal, told
from pipelines.words.messages import say

GROUP = "app"
"""What the Typer of a group of commands is called in its module."""


@dataclass(frozen=True)
class Place:
    """Where a command is written.

    Attributes:
        module: The module beside this one.
        name: The function, or ``app`` for a group of commands.
    """

    module: str
    name: str

    def load(self, called: str) -> Any:  # noqa: ANN401 - Typer's own classes have no public name
        """Return the command, its module imported.

        Args:
            called: What the command is called on the command line.
        """
        found = getattr(importlib.import_module(f"{__package__}.{self.module}"), self.name)
        if self.name != GROUP:
            single = typer.Typer(
                add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False
            )
            single.command(called)(found)
            return in_bokmaal(get_command(single))
        command = get_group(found)
        command.name = called
        return in_bokmaal(command)

    def summary(self) -> str:
        """Return what the command says it does, read of its source."""
        for node in _parsed(self.module).body:
            if isinstance(node, ast.FunctionDef) and self._is_told_by(node):
                return ast.get_docstring(node) or ""
        raise LookupError(f"{self.module}.{self.name}")

    def _is_told_by(self, function: ast.FunctionDef) -> bool:
        if self.name != GROUP:
            return function.name == self.name
        return any(ast.unparse(each) == f"{GROUP}.callback()" for each in function.decorator_list)


class Commands(MutableMapping[str, Any]):
    """Commands by name, each imported the first time it is taken out."""

    def __init__(self, places: dict[str, Place]) -> None:
        self.places = places
        self._loaded: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401 - as Place.load
        """Return a command; KeyError if there is none."""
        place = self.places[name]
        if name not in self._loaded:
            self._loaded[name] = place.load(name)
        return self._loaded[name]

    def __setitem__(self, name: str, command: Any) -> None:  # noqa: ANN401 - as Place.load
        """Put a command in another's place."""
        self._loaded[name] = command

    def __delitem__(self, name: str) -> None:
        """Forget a command."""
        del self.places[name]

    def __iter__(self) -> Iterator[str]:
        """Return the names in the order they are shown."""
        return iter(self.places)

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.places)


def group_of(places: dict[str, Place]) -> type[TyperGroup]:
    """Return the class of a group with these commands.

    Args:
        places: Where each is written, by the name it is called by, in the order they are shown.
    """

    class OnDemand(TyperGroup):
        """A group that imports a command when it is asked for."""

        def __init__(self, **options: Any) -> None:  # noqa: ANN401 - passed on
            super().__init__(**{**options, "commands": {}})
            self.commands = Commands(places)
            in_bokmaal(self)

        def main(self, *args: Any, **more: Any) -> Any:  # noqa: ANN401 - passed on
            """Run what was typed; what is typed wrong is said in our words."""
            is_alone = more.pop("standalone_mode", True)
            run = partial(super().main, *args, **more)
            if not is_alone:
                return run(standalone_mode=False)
            try:
                code = run(standalone_mode=False)
            except TyperException as error:
                sys.exit(told(error))
            except typer.Abort:
                typer.echo(say("cli.usage.interrupted"), err=True)
                sys.exit(1)
            sys.exit(code if isinstance(code, int) else 0)

        def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401 - passed on
            """Write the list of commands from what their sources say."""
            self.commands, kept = _summaries(places), self.commands
            try:
                super().format_commands(ctx, formatter)
            finally:
                self.commands = kept

    return OnDemand


def _summaries(places: dict[str, Place]) -> dict[str, Any]:
    return {name: TyperCommand(name, help=place.summary()) for name, place in places.items()}


@cache
def _parsed(module: str) -> ast.Module:
    file = Path(__file__).with_name(f"{module}.py")
    return ast.parse(file.read_text(encoding="utf-8"))
