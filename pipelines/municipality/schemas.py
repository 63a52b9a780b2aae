"""JSON Schemas of the YAML files, so that an editor completes and marks errors while typing."""

import json

from pydantic import BaseModel

from pipelines.municipality.feeds import SourceFile
from pipelines.municipality.metrics import MetricsFile, StandardMetrics
from pipelines.municipality.model import PilotsFile, Profile

PROGRAM = "python -m pipelines.municipality"

_FILES: dict[str, tuple[type[BaseModel], str]] = {
    "municipality.schema.json": (Profile, "municipality.yml: who the municipality is"),
    "pilots.schema.json": (PilotsFile, "pilots.yml: units that started early"),
    "metrics.schema.json": (MetricsFile, "metrics.yml: which metrics are followed"),
    "source.schema.json": (SourceFile, "sources/<contract>.yml: files and their columns"),
    "standard_metrics.schema.json": (StandardMetrics, "metrics/standard.yml: shared metrics"),
}


def json_schemas() -> dict[str, str]:
    """Return the text of each schema by file name."""
    out: dict[str, str] = {}
    for name, (model, title) in _FILES.items():
        schema = {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "$comment": "GENERATED from pipelines/municipality, do not edit. "
            f"Run: {PROGRAM} generate",
            **model.model_json_schema(by_alias=True),
            "title": title,
        }
        out[name] = json.dumps(schema, ensure_ascii=False, indent=2) + "\n"
    return out
