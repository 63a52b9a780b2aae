"""What the documents tell people to type, and what they say the program answers, exists.

Read as text from documents, configuration and our own messages: a command that was renamed is
found wherever it is still named.
"""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import click
import pytest
import yaml
from typer.main import get_command

from pipelines.cli.app import app
from tests.architecture.repo import REPO, syntax, tracked

# words of other programs, which the documents tell people to look for
OTHER_PROGRAMS = {"Accounts in this organizational directory only"}
PRODUCT = ("pipelines", "dashboards", "data_contracts", "dbt_project")
COMMAND = re.compile(r"\bpukk((?: [a-z][a-z-]*)+)((?: --?[a-z][a-z-]*| [A-Z][A-Z_]*| «[^»]*»)*)")
TARGET = re.compile(r"(?:^|[`:] ?|\b[Kk]jør |\b[Rr]un )make ([a-z][a-z-]+)\b")
QUOTED = re.compile(r"«([^«»]+)»")
WORDS_OF_A_MESSAGE = 4
HOLE = "\0"


def ours(*suffixes: str) -> list[Path]:
    """Return the files of the product with those suffixes; tests say what they like."""
    return [f for f in tracked(*suffixes) if f.relative_to(REPO).parts[0] in PRODUCT]


def told() -> Iterator[tuple[Path, str]]:
    """Every line that people read: documents, what they write in, and what the program says."""
    for file in [*tracked(".md"), *ours(".yml", ".yaml", ".toml", ".typ")]:
        for line in file.read_text(encoding="utf-8").splitlines():
            yield file, line
    for file in ours(".py"):
        for text in said_in(file):
            yield file, text


@cache
def said_in(file: Path) -> tuple[str, ...]:
    """Every string of a Python file, joined as it is said, with a hole for each figure in it."""
    return tuple(text for node in ast.walk(syntax(file)) if (text := _text(node)))


def _text(node: ast.AST) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(_text(part) or HOLE for part in node.values)
    return ""


@cache
def messages() -> str:
    """Return all that the program can say, each line of its own, figures as holes."""
    found = [text for file in ours(".py") for text in said_in(file)]
    for file in ours(".yml", ".yaml"):
        if not file.name.startswith("__"):  # generated
            found += leaves(yaml.load(file.read_text(encoding="utf-8"), yaml.CSafeLoader))
    found += [file.read_text(encoding="utf-8") for file in ours(".csv", ".typ", ".sql")]
    return "\n".join(re.sub(r"\{[^{}]*\}", HOLE, " ".join(text.split())) for text in found)


def leaves(node: object) -> list[str]:
    if isinstance(node, dict):
        return [text for each in node.values() for text in leaves(each)]
    if isinstance(node, list):
        return [text for each in node for text in leaves(each)]
    return [node] if isinstance(node, str) else []


def as_pattern(quote: str) -> str:
    """Return a pattern for a quoted message: … is anything, and a figure may be a hole."""
    parts = re.split(r"(…|\d+(?: \d{3})*)", " ".join(quote.split()).strip("… "))
    return "".join(_as_pattern(part) for part in parts)


def _as_pattern(part: str) -> str:
    if part == "…":
        return "[^\n]{0,200}?"
    if part[:1].isdigit():
        return f"(?:{part}|{HOLE})"
    return re.sub(r"(?=[\\,;:])", f"{HOLE}?", re.escape(part))  # what is only sometimes said


def refused(path: list[str], options: list[str]) -> str | None:
    """Return what of a command does not exist, None when all of it does."""
    command, context = get_command(app), click.Context(click.Command("pukk"))
    for name in path:
        if not hasattr(command, "get_command"):
            break  # an argument of the command
        found = command.get_command(context, name)
        if found is None:
            return f"pukk {' '.join(path)}"
        command = found
    known = {option for each in command.params for option in each.opts + each.secondary_opts}
    return next(
        (f"pukk {' '.join(path)} {o}" for o in options if o not in known | {"--help"}), None
    )


def test_every_command_that_people_are_told_exists() -> None:
    wrong, n_read = [], 0
    for file, line in told():
        for path, rest in COMMAND.findall(line):
            n_read += 1
            problem = refused(path.split(), re.findall(r"--?[a-z][a-z-]*", rest))
            if problem:
                wrong.append(f"{file.relative_to(REPO)}: {problem}")
    assert n_read > 100
    assert wrong == []


def test_every_target_and_module_that_people_are_told_exists() -> None:
    makefile = (REPO / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z][a-z-]*):", makefile, re.MULTILINE))
    wrong = []
    for file, line in told():
        wrong += [
            f"{file.relative_to(REPO)}: make {target}"
            for target in TARGET.findall(line)
            if target not in targets
        ]
        wrong += [
            f"{file.relative_to(REPO)}: python -m {module}"
            for module in re.findall(
                r"python -m ((?:pipelines|dashboards|tests|benchmarks)[\w.]*)", line
            )
            if not module_exists(module.rstrip("."))
        ]
        wrong += [
            f"{file.relative_to(REPO)}: {found}"
            for found in re.findall(r"(?:[`:] ?|^)(just [a-z][a-z-]*)\b", line)
        ]
    assert wrong == []


def module_exists(name: str) -> bool:
    path = REPO / Path(*name.split("."))
    return path.with_suffix(".py").is_file() or (path / "__main__.py").is_file()


@pytest.mark.parametrize("file", tracked(".md"), ids=lambda file: file.relative_to(REPO).as_posix())
def test_every_message_that_a_document_quotes_is_said(file: Path) -> None:
    text = " ".join(file.read_text(encoding="utf-8").split())
    quotes = {
        quote
        for quote in QUOTED.findall(text)
        if len(quote.split()) >= WORDS_OF_A_MESSAGE or "…" in quote
    }
    never_said = {
        quote
        for quote in quotes - OTHER_PROGRAMS
        if not re.search(as_pattern(quote), messages(), re.IGNORECASE)
    }
    assert never_said == set()


def test_the_reading_finds_a_message_that_nobody_says() -> None:
    assert re.search(as_pattern("Kolonnen «x» …"), "Kolonnen «x» mangler.")
    assert re.search(as_pattern("venter inntil 60 s"), f"venter inntil {HOLE} s")
    assert not re.search(as_pattern("Ingen har sagt dette noen gang"), messages())
    assert refused(["deliveries", "shwo"], []) == "pukk deliveries shwo"
    assert refused(["run"], ["--no-such-option"]) == "pukk run --no-such-option"
    assert refused(["run"], ["--force"]) is None
