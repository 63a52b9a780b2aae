"""Which functions a question may call: the allow list, and whether it fits DuckDB as installed.

The list is ``query_functions.toml``. ``python -m pipelines.publishing.query_catalogue`` names the
functions that DuckDB has and the list does not, and the other way round. Judging a statement is
done in ``query_guard``.
"""

import sys
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

_FILE = Path(__file__).with_name("query_functions.toml")
_TABLE_KINDS = ("table", "table_macro")


@dataclass(frozen=True)
class Catalogue:
    """What may be called, in lower case.

    Attributes:
        functions: In expressions: scalar, aggregate and window functions, and macros.
        table_functions: Behind ``from``.
        refused: Every other name that DuckDB has, as patterns.
    """

    functions: frozenset[str]
    table_functions: frozenset[str]
    refused: tuple[str, ...]

    def is_refused(self, name: str) -> bool:
        """Return whether a name is a function of DuckDB's that may not be called."""
        return _matches(name.lower(), self.refused)


@cache
def catalogue() -> Catalogue:
    """Return the allow list."""
    listed = _listed()
    functions, table_functions = listed["functions"], listed["table_functions"]
    return Catalogue(
        frozenset((*functions["allowed"], *functions["parser"])),
        frozenset(table_functions["allowed"]),
        (*_patterns(functions["refused"]), *_patterns(table_functions["refused"])),
    )


def differences(con: duckdb.DuckDBPyConnection) -> list[str]:
    """Return where the list and DuckDB's own catalogue do not agree, one line each.

    Args:
        con: Any connection to the DuckDB that is installed, with its built-in functions only.
    """
    listed = _listed()
    found = _installed(con)
    problems = []
    if listed["duckdb"] != duckdb.__version__:
        problems.append(f"duckdb: the list is for {listed['duckdb']}, not {duckdb.__version__}")
    for part, installed in found.items():
        allowed = listed[part].get("allowed", [])
        refused = _patterns(listed[part]["refused"])
        problems += [
            f"{part}: {name} is neither allowed nor refused"
            for name in sorted(installed)
            if name not in allowed and not _matches(name, refused)
        ]
        problems += [
            f"{part}: {name} is both allowed and refused"
            for name in allowed
            if _matches(name, refused)
        ]
        problems += [
            f"{part}: {name} is listed, and DuckDB has it no more"
            for name in (*allowed, *refused)
            if not any(fnmatchcase(own, name) for own in installed)
        ]
    return problems


def _installed(con: duckdb.DuckDBPyConnection) -> dict[str, set[str]]:
    rows = con.execute(
        "select distinct function_type, lower(function_name) from duckdb_functions()"
    ).fetchall()
    found: dict[str, set[str]] = {"functions": set(), "table_functions": set(), "pragmas": set()}
    for kind, name in rows:
        part = "table_functions" if kind in _TABLE_KINDS else "functions"
        found["pragmas" if kind == "pragma" else part].add(name)
    return found


def _patterns(refused: Any) -> list[str]:  # noqa: ANN401 - a list, or a table of lists by reason
    groups: Iterable[list[str]] = refused.values() if isinstance(refused, dict) else [refused]
    return [name for group in groups for name in group]


def _matches(name: str, patterns: Iterable[str]) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns)


@cache
def _listed() -> dict[str, Any]:
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))


def main() -> int:
    """Print every difference; 1 when there is one."""
    with duckdb.connect() as con:
        problems = differences(con)
    sys.stdout.write("".join(f"{line}\n" for line in problems))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
