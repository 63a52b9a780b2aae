"""``python -m pipelines.contracts generate|check``: write, or compare, the generated files.

An entry point: the only module of this room that knows the municipality's models.
"""

import argparse
import sys
from pathlib import Path

from pipelines.contracts.fields import require_used
from pipelines.contracts.model import load_contracts
from pipelines.contracts.to_dbt import PRODUCTS_FROM, SOURCES_FROM, render_products, render_sources
from pipelines.errors import ContractError, PukkError
from pipelines.municipality.schemas import json_schemas
from pipelines.settings import REPO_ROOT

COMMAND = "python -m pipelines.contracts generate"


def generated_files(root: Path = REPO_ROOT) -> dict[Path, tuple[str, str]]:
    """Return each generated file's text and what it is made from, by path.

    Raises:
        ContractError: when a contract cannot be read.
    """
    contracts = root / "data_contracts"
    models = root / "dbt_project" / "models"
    sources, products = load_contracts(contracts, "sources"), load_contracts(contracts, "products")
    require_used(contracts, [*sources.values(), *products.values()])
    files = {
        models / "staging" / "__sources.yml": (
            render_sources(sources, products),
            SOURCES_FROM,
        ),
        models / "marts" / "__products.yml": (
            render_products(products),
            PRODUCTS_FROM,
        ),
    }
    for name, text in json_schemas().items():
        files[contracts / "schemas" / name] = (text, "pipelines/municipality")
    return files


def generate(root: Path = REPO_ROOT) -> list[Path]:
    """Write the files that differ; return which were written."""
    written = []
    for path, (text, _) in generated_files(root).items():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
            written.append(path)
    return written


def check(root: Path = REPO_ROOT) -> None:
    """Do nothing when every generated file is fresh.

    Raises:
        ContractError: names the first stale file, what it is made from and the command to run.
    """
    for path, (text, source) in generated_files(root).items():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            raise ContractError(
                f"Filen er ikke lik det {source} gir.",
                where=path.relative_to(root).as_posix(),
                way_out=f"Kjør: {COMMAND}",
            )


def main(arguments: list[str] | None = None) -> int:
    """Run one of the two commands; return the exit code: 0 fine, 1 stale or unreadable."""
    parser = argparse.ArgumentParser(prog="python -m pipelines.contracts", description=__doc__)
    parser.add_argument("command", choices=("generate", "check"))
    command = parser.parse_args(arguments).command
    try:
        if command == "check":
            check()
            sys.stdout.write("Alle genererte filer er ferske.\n")
        else:
            for path in generate():
                sys.stdout.write(f"skrev {path.relative_to(REPO_ROOT).as_posix()}\n")
    except PukkError as problem:
        sys.stderr.write(f"{problem.text}\n")
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
