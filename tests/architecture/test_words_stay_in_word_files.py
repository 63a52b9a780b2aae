"""What is said to people stands in word files: no Norwegian letter in a string of Python.

Held over the syntax tree, so that docstrings and comments say what they like. Keys of messages are
held to the calls that use them: each exists, is used, and gets the places its text has.
"""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from string import Formatter

from pipelines.words.catalogue import leaves, read_words
from pipelines.words.messages import FOLDER, SUFFIX
from tests.architecture.repo import REPO, syntax, tracked

SAYING = {"say", "template", "_refused"}  # the last is the word files' own
NORWEGIAN = re.compile("[æøåÆØÅ]")


def code() -> list[Path]:
    """Return the Python files of the program."""
    return [
        f for f in tracked(".py") if f.relative_to(REPO).parts[0] in ("pipelines", "dashboards")
    ]


def literals(file: Path) -> Iterator[tuple[int, str]]:
    """Yield each string of a file but docstrings, with its line."""
    nodes = list(ast.walk(syntax(file)))
    documents = {
        id(statement.value)
        for node in nodes
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        for statement in node.body
        if isinstance(statement, ast.Expr)
    }
    for node in nodes:
        is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
        if is_text and id(node) not in documents:
            yield node.lineno, node.value


def spoken() -> Iterator[tuple[str, ast.Call, Path]]:
    """Yield each call that says a message, with the message's key."""
    for file in code():
        calls = (node for node in ast.walk(syntax(file)) if isinstance(node, ast.Call))
        for call in calls:
            name = call.func.id if isinstance(call.func, ast.Name) else ""
            if name in SAYING and isinstance(call.args[0], ast.Constant):
                yield str(call.args[0].value), call, file


@cache
def messages() -> dict[str, str]:
    return {
        f"{file.name.removesuffix(SUFFIX)}.{key}": text
        for file in sorted(FOLDER.glob(f"*{SUFFIX}"))
        for key, text in leaves(read_words(file))
    }


def test_no_string_of_the_program_is_norwegian() -> None:
    found = [
        f"{file.relative_to(REPO)}:{line}"
        for file in code()
        for line, text in literals(file)
        if NORWEGIAN.search(text)
    ]
    assert found == []


def test_every_message_that_is_said_exists_and_every_message_is_said() -> None:
    said = {key for key, _, _ in spoken()}
    assert said - set(messages()) == set()
    assert set(messages()) - said == set()


def test_every_message_gets_the_places_it_has() -> None:
    wrong = []
    for key, call, file in spoken():
        asked = {name for _, name, _, _ in Formatter().parse(messages()[key]) if name is not None}
        given = {keyword.arg for keyword in call.keywords}
        if isinstance(call.func, ast.Name) and call.func.id == "say" and asked != given:
            wrong.append(f"{file.relative_to(REPO)}: {key}: {asked ^ given}")
    assert wrong == []


def test_the_reading_sees_parts_of_sentences_and_no_docstrings(tmp_path: Path) -> None:
    file = tmp_path / "some.py"
    file.write_text(
        '"""Blåbær."""\nA = f"{1} rømme"\n\ndef b():\n    """Lefse på norsk."""\n', "utf-8"
    )
    assert [text for _, text in literals(file) if NORWEGIAN.search(text)] == [" rømme"]
