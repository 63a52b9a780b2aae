"""What is said of a command that is typed wrong, and the headings of its help, in bokmål.

The library that reads the command line writes English. Its sentences are few: each is known here
and said in ours, and one that is not known is shown as it stands under a sentence of ours.
"""

import re
from collections.abc import Callable, Sequence
from typing import Any

import typer
from typer.exceptions import TyperException

from pipelines.cli.output import fail
from pipelines.errors import PukkError
from pipelines.words.messages import say

_HEADINGS = {
    "Options": say("cli.usage.options"),
    "Arguments": say("cli.usage.arguments"),
    "Commands": say("cli.usage.commands"),
}
_ALWAYS = "Show this message and exit."
_NOTES = (
    (re.compile(r"\bdefault: "), say("cli.usage.default")),
    (re.compile(r"\benv var: "), say("cli.usage.environment")),
    (re.compile(r"(?<=[\[ ])required\]"), say("cli.usage.required")),
)
_NOTED = re.compile(r"\s{2}\[[^\[\]]*\]$")
"""What the library adds after the text of an option."""


_Theirs: Any = typer.Context.formatter_class


class _Formatter(_Theirs):  # type: ignore[misc] # its type is read as it runs
    """Help with headings in bokmål."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, args, prefix or f"{say('cli.usage.how')} ")

    def write_heading(self, heading: str) -> None:
        super().write_heading(_HEADINGS.get(heading, heading))

    def write_dl(self, rows: Sequence[tuple[str, str]], *args: Any, **more: Any) -> None:  # noqa: ANN401 - passed on
        told = [(name, _noted(text)) for name, text in rows]
        super().write_dl(told, *args, **more)


class _Context(typer.Context):
    """A command's context, whose help is in bokmål."""

    formatter_class = _Formatter


def _noted(text: str) -> str:
    if text == _ALWAYS:
        return say("cli.usage.show_help")
    return _NOTED.sub(lambda found: _in_words(found.group()), text)


def _in_words(note: str) -> str:
    for pattern, words in _NOTES:
        note = pattern.sub(words, note)
    return note


def in_bokmaal(command: Any) -> Any:  # noqa: ANN401 - Typer's own classes have no public name
    """Return a command, and those under it, with help that is written in bokmål."""
    command.context_class = _Context
    command.options_metavar = say("cli.usage.options_place")
    if hasattr(command, "subcommand_metavar"):
        command.subcommand_metavar = say("cli.usage.command_place")
    if isinstance(getattr(command, "commands", None), dict):
        for each in command.commands.values():
            in_bokmaal(each)
    return command


def told(error: TyperException) -> int:
    """Say what is wrong with a command as it was typed; returns the code to end with."""
    context = getattr(error, "ctx", None)
    if context is not None and error.message == context.get_help():
        typer.echo(error.message, err=True)
        return error.exit_code
    way_out = say("cli.usage.see_help")
    if context is not None:
        path, pieces = context.command_path, context.command.collect_usage_pieces(context)
        way_out = say("cli.usage.way_out", command=path, form=" ".join([path, *pieces]))
    fail(PukkError(in_words(error.format_message()), way_out=way_out))
    return error.exit_code


def in_words(text: str) -> str:
    """Return a sentence of the library in bokmål; one that is not known is quoted as it stands."""
    for pattern, words in _SENTENCES:
        found = pattern.fullmatch(text)
        if found:
            return words(*found.groups(""))
    return say("cli.usage.not_understood", text=text)


def _what(value: str) -> str:
    """What is wrong with a value, after the option or argument it was given to."""
    for pattern, words in _VALUES:
        found = pattern.search(value)
        if found:
            return words(*found.groups(""))
    return value


def _names(listed: str) -> str:
    return listed.replace("'", "").strip()


def _similar(listed: str) -> str:
    return say("cli.usage.similar", names=_names(listed)) if listed else ""


def _count(words: str) -> str:
    number = words.split()[0]
    return say("cli.usage.n_values", n=number) if number.isdigit() else say("cli.usage.one_value")


_Said = Callable[..., str]
_SENTENCES: tuple[tuple[re.Pattern[str], _Said], ...] = (
    (
        re.compile(r"No such command '(.*?)'\.?(?: Did you mean (.*)\?)?", re.DOTALL),
        lambda name, near: say("cli.usage.no_command", name=name, similar=_similar(near)),
    ),
    (re.compile(r"Missing command\."), lambda: say("cli.usage.command_missing")),
    (
        re.compile(r"No such option: (\S+)(?: \(Possible options: (.*)\))?", re.DOTALL),
        lambda name, near: say("cli.usage.no_option", name=name, similar=_similar(near)),
    ),
    (
        re.compile(r"Option '(.*)' does not take a value\."),
        lambda name: say("cli.usage.takes_no_value", name=name),
    ),
    (
        re.compile(r"Option '(.*)' requires (.*)\."),
        lambda name, n: say("cli.usage.takes_a_value", name=name, values=_count(n)),
    ),
    (
        re.compile(r"Got unexpected extra arguments?(?:\(s\))? \((.*)\)", re.DOTALL),
        lambda values: say("cli.usage.too_many", values=values),
    ),
    (
        re.compile(r"Missing (?:argument|parameter) (.+?)\.(?: .*)?", re.DOTALL),
        lambda name: say("cli.usage.argument_missing", name=_names(name)),
    ),
    (
        re.compile(r"Missing option (.+?)(?: \(env var: '(.*?)'\))?\.(?: .*)?", re.DOTALL),
        lambda name, variable: (
            say("cli.usage.option_missing", name=_names(name))
            + (say("cli.usage.or_variable", name=variable) if variable else "")
        ),
    ),
    (
        re.compile(r"Invalid value for (.+?)(?: \(env var: '(.*?)'\))?: (.*)", re.DOTALL),
        lambda name, _, value: say("cli.usage.value_wrong", name=_names(name), what=_what(value)),
    ),
    (
        re.compile(r"Invalid value: (.*)", re.DOTALL),
        lambda value: say("cli.usage.a_value_wrong", what=_what(value)),
    ),
)
_VALUES: tuple[tuple[re.Pattern[str], _Said], ...] = (
    (
        re.compile(r"'(.*)' is not one of (.*?)\.?$", re.DOTALL),
        lambda given, known: say("cli.usage.one_of", given=given, known=_names(known)),
    ),
    (re.compile(r"valid integer"), lambda: say("cli.usage.whole_number")),
    (re.compile(r"valid number|valid decimal"), lambda: say("cli.usage.number")),
    (re.compile(r"valid boolean"), lambda: say("cli.usage.yes_or_no")),
    (
        re.compile(r"greater than or equal to (\S+)"),
        lambda least: say("cli.usage.at_least", limit=least),
    ),
    (re.compile(r"less than or equal to (\S+)"), lambda most: say("cli.usage.at_most", limit=most)),
    (
        re.compile(r"'(.*)' does not exist", re.DOTALL),
        lambda path: say("cli.usage.no_such_path", path=path),
    ),
)
