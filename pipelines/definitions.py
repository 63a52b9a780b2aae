"""Dagster's entry point; everything is assembled in ``pipelines.defs``."""

from pipelines.desk.algebra import one_thread
from pipelines.desk.private_files import close_process

close_process()
one_thread()

from pipelines.defs.assemble import build_definitions  # noqa: E402 - imports what looks for it
from pipelines.defs.context import load_context  # noqa: E402 - after the one above

defs = build_definitions(load_context())
