"""Dagster's entry point; everything is assembled in ``pipelines.defs``."""

from pipelines.defs.assemble import build_definitions
from pipelines.defs.context import load_context
from pipelines.desk.private_files import close_process

close_process()

defs = build_definitions(load_context())
