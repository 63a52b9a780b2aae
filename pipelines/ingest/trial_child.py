"""The process that tries files for a page, and ends: it can write no file, and keeps nothing.

Reads a JSON line and after it the files' bytes from stdin, and writes a JSON answer. Started by
``pipelines.desk.trying``; what would become of the files is found out in ``trial``.
"""

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from pipelines.contracts.model import load_contracts
from pipelines.desk.child_limits import limit_process
from pipelines.errors import PukkError
from pipelines.ingest.trial import registers_in, try_files
from pipelines.ingest.tried import TriedFile
from pipelines.municipality.load import load_municipality
from pipelines.settings import Paths


def main() -> None:
    """Answer the request on stdin."""
    head, _, body = sys.stdin.buffer.read().partition(b"\n")
    request = json.loads(head)
    limit_process(request["timeout_s"], address_space_mb=6144, open_files=256)
    try:
        answer: dict[str, Any] = {"trials": _tried(request, body)}
    except PukkError as error:
        answer = {"said": error.text}
    sys.stdout.write(json.dumps(answer, default=str, ensure_ascii=True))


def _tried(request: dict[str, Any], body: bytes) -> list[dict[str, Any]]:
    folder = Path(request["municipality"])
    municipality = load_municipality(folder)
    tried = try_files(
        municipality,
        load_contracts(),
        list(_files(request["files"], body)),
        feed_id=request["feed"],
        registers=registers_in(municipality, Paths(folder, Path(request["inbox"]))),
    )
    return [asdict(trial) for trial in tried]


def _files(sizes: Sequence[tuple[str, int]], body: bytes) -> Iterator[TriedFile]:
    start = 0
    for name, size in sizes:
        yield TriedFile(name, body[start : start + size])
        start += size


if __name__ == "__main__":
    main()
