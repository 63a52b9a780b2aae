"""``python -m pipelines.contracts generate|check``: what is made from the contracts.

The JSON Schemas of a municipality's files are made by ``python -m pipelines.municipality``.
"""

from pathlib import Path

from pipelines.contracts.fields import require_used
from pipelines.contracts.generated import Files, refuse_stale, run_command, write_stale
from pipelines.contracts.model import load_contracts
from pipelines.contracts.seed_words import word_files
from pipelines.contracts.to_dbt import PRODUCTS_FROM, SOURCES_FROM, render_products, render_sources
from pipelines.contracts.to_models import model_files
from pipelines.settings import REPO_ROOT

PROGRAM = "python -m pipelines.contracts"


def generated_files(root: Path = REPO_ROOT) -> Files:
    """Return each generated file's text and what it is made from, by path.

    Raises:
        ContractError: when a contract cannot be read.
    """
    contracts = root / "data_contracts"
    models = root / "dbt_project" / "models"
    sources, products = load_contracts(contracts, "sources"), load_contracts(contracts, "products")
    require_used(contracts, [*sources.values(), *products.values()])
    return {
        models / "staging" / "__sources.yml": (
            render_sources(sources, products),
            SOURCES_FROM,
        ),
        models / "marts" / "__products.yml": (
            render_products(products),
            PRODUCTS_FROM,
        ),
        **model_files(root / "dbt_project", sources),
        **word_files(root / "dbt_project"),
    }


def generate(root: Path = REPO_ROOT) -> list[Path]:
    """Write the files that differ; return which were written."""
    return write_stale(generated_files(root))


def check(root: Path = REPO_ROOT) -> None:
    """Do nothing when every generated file is fresh.

    Raises:
        ContractError: names the first stale file, what it is made from and the command to run.
    """
    refuse_stale(generated_files(root), root, f"{PROGRAM} generate")


if __name__ == "__main__":
    raise SystemExit(run_command(PROGRAM, generated_files))
