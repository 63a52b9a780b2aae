"""``python -m pipelines.evidence generate|check``: the JSON Schemas of a pack and a pooled table.

They are made from this room's models, so that whoever writes a pack otherwise can hold it to them.
"""

import json
from pathlib import Path

from pydantic import BaseModel

from pipelines.contracts.generated import Files, run_command
from pipelines.evidence.pack import Pack
from pipelines.evidence.table import PooledTable
from pipelines.settings import REPO_ROOT

PROGRAM = "python -m pipelines.evidence"
_FILES: dict[str, tuple[type[BaseModel], str]] = {
    "evidence_pack.schema.json": (Pack, "pukk-evidence/1: what one municipality tells"),
    "evidence_table.schema.json": (PooledTable, "samlet.json: what they say together"),
}


def generated_files(root: Path = REPO_ROOT) -> Files:
    """Return each schema's text and what it is made from, by path."""
    folder = root / "data_contracts" / "schemas"
    return {
        folder / name: (_schema(model, title), "pipelines/evidence")
        for name, (model, title) in _FILES.items()
    }


def _schema(model: type[BaseModel], title: str) -> str:
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$comment": f"GENERATED from pipelines/evidence, do not edit. Run: {PROGRAM} generate",
        **model.model_json_schema(),
        "title": title,
    }
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    raise SystemExit(run_command(PROGRAM, generated_files))
