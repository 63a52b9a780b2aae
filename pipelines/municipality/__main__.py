"""``python -m pipelines.municipality generate|check``: JSON Schemas, and the page of settings.

They are made from this room's models; what is made from the contracts lives in ``contracts``.
"""

from pathlib import Path

from pipelines.contracts.generated import Files, refuse_stale, run_command, write_stale
from pipelines.municipality.schemas import PROGRAM, json_schemas
from pipelines.municipality.settings_page import PAGE, settings_page
from pipelines.settings import REPO_ROOT


def generated_files(root: Path = REPO_ROOT) -> Files:
    """Return each schema's text and what it is made from, by path."""
    folder = root / "data_contracts" / "schemas"
    schemas = {
        folder / name: (text, "pipelines/municipality") for name, text in json_schemas().items()
    }
    return schemas | {root / PAGE: (settings_page(), "pipelines/municipality/feed_settings.yml")}


def generate(root: Path = REPO_ROOT) -> list[Path]:
    """Write the schemas that differ; return which were written."""
    return write_stale(generated_files(root))


def check(root: Path = REPO_ROOT) -> None:
    """Do nothing when every schema is fresh.

    Raises:
        ContractError: names the first stale file, what it is made from and the command to run.
    """
    refuse_stale(generated_files(root), root, f"{PROGRAM} generate")


if __name__ == "__main__":
    raise SystemExit(run_command(PROGRAM, generated_files))
