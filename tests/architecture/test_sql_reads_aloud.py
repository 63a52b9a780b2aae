"""SQL one can read aloud: short when compiled, and macros that are given what they read."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.settings import DBT_DIR
from tests.dbt_fixture import NO_FILE, run_dbt

COMPILED_LINES = 200
"""What a person reads in `target/compiled`, whatever macros it is made of."""

_MACRO = re.compile(r"{%-? macro (\w+)\(.*?\) -?%}(.*?){%-? endmacro", re.DOTALL)
_COMMENT = re.compile(r"{#.*?#}", re.DOTALL)
_READ = re.compile(r"\b(?:from|join)\s+([a-z_]\w*)(?!\w*[.(])")
_CTE = re.compile(r"(?:\bwith|,)\s+([a-z_]\w*) as \(")
_TARGET = DBT_DIR.parent / ".pytest_cache" / "dbt_compiled"


@pytest.fixture(scope="module")
def compiled_models() -> dict[str, str]:
    """Every model's SQL as dbt writes it; no warehouse is asked."""
    quiet = ("--no-introspect", "--no-populate-cache")
    done = run_dbt(NO_FILE, "compile", "--select", "resource_type:model", *quiet, target=_TARGET)
    return {result.node.name: result.node.compiled_code for result in done.results}


def test_a_model_is_short_when_compiled(compiled_models: dict[str, str]) -> None:
    lines = {name: len(sql.strip().splitlines()) for name, sql in compiled_models.items()}
    assert len(lines) > 200
    assert {name: n for name, n in lines.items() if n > COMPILED_LINES} == {}


def _read_by_name(text: str) -> Iterator[tuple[str, str]]:
    """What the macros of a file read that is neither given to them nor made by themselves."""
    for macro in _MACRO.finditer(_COMMENT.sub("", text)):
        name, body = macro.groups()
        own = set(_CTE.findall(body))
        if own and not re.search(r"\bwith\b", body):
            yield name, "a chain of CTEs that is no query"
        for read in sorted(set(_READ.findall(body)) - own):
            yield name, read


def _macro_files() -> list[Path]:
    return sorted((DBT_DIR / "macros").rglob("*.sql"))


def test_a_macro_is_given_what_it_reads() -> None:
    files = _macro_files()
    assert len(files) > 50
    found = [
        (file.name, *read) for file in files for read in _read_by_name(file.read_text("utf-8"))
    ]
    assert found == []


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("select a from {{ cells }} as cells", []),
        ("with b as (\n select 1\n)\n\nselect a from b", []),
        ("select a from cells", [("m", "cells")]),
        ("select a from {{ b }} as b\nleft join cells\n on true", [("m", "cells")]),
        (
            "b as (\n select 1\n),\n\nc as (\n select 2\n)",
            [("m", "a chain of CTEs that is no query")],
        ),
    ],
)
def test_what_a_macro_takes_for_granted_is_found(body: str, found: list[tuple[str, str]]) -> None:
    assert list(_read_by_name(f"{{% macro m(cells, b) -%}}\n{body}\n{{%- endmacro %}}")) == found
