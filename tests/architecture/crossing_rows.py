"""Untyped rows that cross from one room to another, found in the syntax trees.

A row crosses when a public function, or a public field of a class, that another room imports has
it in its signature. What may cross untyped, and why, is in the test.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from tests.architecture.repo import REPO, python_files, syntax

_PACKAGES = ("pipelines", "dashboards")
_UNTYPED = re.compile(r"\b(?:dict|Mapping|MutableMapping)\[str, (?:Any|object)\]")


@dataclass(frozen=True)
class Crossing:
    """A name with an untyped row in its signature, and the rooms that import it."""

    name: str
    rooms: frozenset[str]


def crossing_rows() -> list[Crossing]:
    """Every public name whose untyped rows another room takes in, by full name."""
    imported = _imported()
    found = []
    for module, tree in _trees().items():
        aliases = _aliases(module)
        for name, annotations in _signatures(tree):
            first = name.partition(".")[0]
            rooms = frozenset(imported.get((module, first), ()))
            if rooms and any(_is_untyped(annotation, aliases) for annotation in annotations):
                found.append(Crossing(f"{module}.{name}", rooms))
    return sorted(found, key=lambda each: each.name)


def room_of(module: str) -> str:
    """The room a module stands in; ``effects`` is a room of rooms."""
    parts = module.split(".")
    return ".".join(parts[:3] if parts[1:2] == ["effects"] and len(parts) > 3 else parts[:2])


@cache
def _trees() -> dict[str, ast.Module]:
    trees = {}
    for file in python_files(*_PACKAGES):
        name = ".".join(file.relative_to(REPO).with_suffix("").parts)
        trees[name.removesuffix(".__init__")] = syntax(file)
    return trees


def _imports(tree: ast.Module) -> Iterator[tuple[str, str, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in _PACKAGES:
            for alias in node.names:
                yield str(node.module), alias.name, alias.asname or alias.name


def _imported() -> dict[tuple[str, str], set[str]]:
    """By module and name: the other rooms that import it, or the module as a whole."""
    trees, found = _trees(), dict[tuple[str, str], set[str]]()
    for module, tree in trees.items():
        for source, name, _ in _imports(tree):
            whole = trees.get(f"{source}.{name}")
            names = (
                [name] if whole is None else [n.partition(".")[0] for n, _ in _signatures(whole)]
            )
            target = source if whole is None else f"{source}.{name}"
            if room_of(target) != room_of(module):
                for each in names:
                    found.setdefault((target, each), set()).add(room_of(module))
    return found


@cache
def _own_aliases(module: str) -> frozenset[str]:
    return frozenset(
        target.id
        for node in _trees()[module].body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Subscript)
        if _UNTYPED.search(ast.unparse(node.value))
        for target in node.targets
        if isinstance(target, ast.Name)
    )


def _aliases(module: str) -> frozenset[str]:
    """Names in a module that stand for an untyped row, its own and those it imports."""
    taken = {
        known
        for source, name, known in _imports(_trees()[module])
        if source in _trees() and name in _own_aliases(source)
    }
    return _own_aliases(module) | taken


def _signatures(tree: ast.Module) -> Iterator[tuple[str, list[ast.expr | None]]]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            if not node.name.startswith("_"):
                yield node.name, _annotations(node)
        elif isinstance(node, ast.ClassDef):
            for part in node.body:
                if isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef):
                    if not part.name.startswith("_"):
                        yield f"{node.name}.{part.name}", _annotations(part)
                elif isinstance(part, ast.AnnAssign):
                    yield f"{node.name}.{ast.unparse(part.target)}", [part.annotation]


def _annotations(node: ast.FunctionDef | ast.AsyncFunctionDef) -> list[ast.expr | None]:
    given = node.args
    every = [*given.posonlyargs, *given.args, *given.kwonlyargs]
    return [*(argument.annotation for argument in every), node.returns]


def _is_untyped(annotation: ast.expr | None, aliases: frozenset[str]) -> bool:
    if annotation is None:
        return False
    text = ast.unparse(annotation).strip("'\"")
    return bool(_UNTYPED.search(text)) or any(re.search(rf"\b{name}\b", text) for name in aliases)
