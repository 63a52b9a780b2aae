"""What is typed wrong is said in bokmål, of every command, and so is the help."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from pipelines.cli.app import app
from pipelines.cli.usage import in_words

ENGLISH = re.compile(
    r"\b(?:Usage|Error|Missing|Invalid|No such|Options|Arguments|Commands|OPTIONS|ARGS|COMMAND"
    r"|required|default|env var|Show this|should|requires|unexpected|Biblioteket)\b"
)


def commands(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    yield path, command
    for name in getattr(command, "commands", ()):
        yield from commands(command.commands[name], (*path, name))


EVERY = list(commands(get_command(app)))


def said(*args: str) -> str:
    found = CliRunner().invoke(app, list(args), env={"PUKK_FLEET": None})
    assert found.exit_code == 2
    assert found.stdout == ""
    return found.stderr


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["nosuch"], "Det er ingen kommando som heter «nosuch»."),
        (["rum"], "Mente du run?"),
        (["deliveries", "shwo"], "Mente du show?"),
        (["result", "--foo"], "Det er ikke noe valg som heter --foo."),
        (["run", "--forse"], "Mente du --force?"),
        (["explain"], "Argumentet «unit» mangler."),
        (["run", "--force=3"], "Valget --force skal ikke ha noen verdi."),
        (["example", "--size"], "Valget --size skal ha en verdi etter seg."),
        (["example", "--size", "0"], "tallet skal være minst 1."),
        (["example", "--size", "101"], "tallet skal være høyst 100."),
        (["example", "--size", "x"], "det skal være et helt tall."),
        (["fleet", "example", "--tau", "x"], "det skal være et tall."),
        (["run", "--inbox", "/finnes/ikke"], "«/finnes/ikke» finnes ikke."),
        (["gains", "a", "b"], "Det er skrevet mer enn kommandoen tar imot: a b"),
        (["result", "--lang", "xx"], "«xx» er ikke blant nb, "),
        (["fleet", "run"], "Valget --fleet mangler. Det kan også settes med miljøvariabelen"),
    ],
)
def test_what_is_typed_wrong_is_said_in_bokmaal(args: list[str], words: str) -> None:
    text = said(*args)
    assert text.startswith("Feil\n")
    assert words in text
    assert "Gjør slik: Se hva som kan skrives: pukk" in text
    assert not ENGLISH.search(text)


def test_every_command_says_in_bokmaal_that_an_option_is_unknown() -> None:
    assert len(EVERY) > 50
    for path, _ in EVERY:
        text = said(*path, "--finnes-ikke")
        assert "Det er ikke noe valg som heter --finnes-ikke." in text, path
        assert not ENGLISH.search(text), path


def test_every_command_says_in_bokmaal_that_a_value_is_no_number() -> None:
    asked = [
        (*path, option.opts[0])
        for path, command in EVERY
        for option in command.params
        if option.type_descriptor.annotation is int and option.opts[0].startswith("-")
    ]
    assert len(asked) > 5
    for args in asked:
        text = said(*args, "mange")
        assert "det skal være et helt tall." in text, args
        assert not ENGLISH.search(text), args


def test_the_help_of_every_command_has_its_headings_in_bokmaal() -> None:
    for path, _ in EVERY:
        text = CliRunner().invoke(app, [*path, "--help"], terminal_width=200).stdout
        assert text.startswith("Skriv: pukk"), path
        assert "Vis denne teksten og avslutt." in text, path
        assert not ENGLISH.search(text), path


def test_a_sentence_that_is_not_known_is_shown_as_it_stands() -> None:
    assert in_words("Something else went wrong.").endswith("Something else went wrong.")
