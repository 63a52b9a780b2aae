"""The process that compares two published editions for a page, and ends: it alone opens the older.

Reads one JSON request from stdin and writes a JSON answer, or nothing when one of the files is not
whole. Started by ``pipelines.desk.comparing``; what is told is decided in ``edition_changes``.
"""

import json
import sys
from pathlib import Path

from pipelines.desk.child_limits import limit_process
from pipelines.desk.generations import is_whole, list_generations
from pipelines.publishing.edition_changes import changes_between


def main() -> None:
    """Answer the request on stdin."""
    request = json.loads(sys.stdin.buffer.read())
    limit_process(request["timeout_s"], address_space_mb=3072, open_files=128)
    folder = Path(request["folder"])
    known = {each.number: each for each in list_generations(folder)}
    before, now = known.get(request["before"]), known.get(request["now"])
    if before is None or now is None or not (is_whole(folder, before) and is_whole(folder, now)):
        return
    found = changes_between(folder / now.file_name, folder / before.file_name)
    told = {"is_comparable": found is not None, "published_at": before.published_at}
    told["last_month"], told["rows"] = found or (None, [])
    sys.stdout.write(json.dumps(told, default=str, ensure_ascii=True))


if __name__ == "__main__":
    main()
