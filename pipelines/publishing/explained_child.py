"""The process that explains one figure to a page, and ends: it alone opens the warehouse for it.

Reads one JSON request from stdin and writes a JSON answer, or nothing when there is no such figure.
Started by ``pipelines.desk.explaining``; what is told is decided in ``explained``.
"""

import json
import sys
from contextlib import ExitStack, suppress
from pathlib import Path

import duckdb

from pipelines.contracts.kept import kept_contracts
from pipelines.desk.child_limits import limit_process
from pipelines.errors import PukkError
from pipelines.publishing.asked_figure import asked
from pipelines.publishing.explained import explained
from pipelines.publishing.files import list_generations
from pipelines.settings import Paths

_LOCKED: dict[str, str | bool | int | float | list[str]] = {
    "enable_external_access": "false",
    "memory_limit": "512MB",
    "threads": "1",
    "temp_directory": "",
}


def main() -> None:
    """Answer the request on stdin."""
    request = json.loads(sys.stdin.buffer.read())
    limit_process(request["timeout_s"], address_space_mb=3072, open_files=128)
    paths = Paths(Path(request["home"]))
    generation = next(g for g in list_generations(paths) if g.file_name == request["file"])
    with ExitStack() as held:
        warehouse = None
        # a run holds it, or there is none: what is published is told all the same
        with suppress(duckdb.Error):
            warehouse = held.enter_context(
                duckdb.connect(str(paths.warehouse), read_only=True, config=_LOCKED)
            )
        try:
            what = asked(request["unit"], request["metric"], request["when"])
            found = explained(
                paths, generation, what, kept_contracts("sources", paths.state), warehouse
            )
        except PukkError:
            return
    told = {**found, "has_warehouse": warehouse is not None}
    told["figure"] = {"suppression_reason": None, "missing_reason": None, **found["figure"]}
    sys.stdout.write(json.dumps(told, default=str, ensure_ascii=True))


if __name__ == "__main__":
    main()
