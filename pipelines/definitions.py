"""Dagster's entry point; everything is assembled in ``pipelines.defs``."""

from pipelines.defs.assemble import build_definitions
from pipelines.defs.context import load_context

defs = build_definitions(load_context())
