"""A process of its own that holds dbt: a command in, its events out.

Started by ``dbt_beside``, it answers a line for each line. When whoever asks is gone, however it
went, it ends at once, whatever it does: the warehouse is the next run's then. It ends too when
it has told that something failed.
"""

import json
import os
import sys
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import Any

from pipelines.defs.dbt_here import run_here, warm_up
from pipelines.desk.collecting import seldom_collected
from pipelines.settings import Paths


def main() -> None:
    """Answer until nobody asks any more."""
    # what dbt prints is no answer
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    asked: SimpleQueue[str] = SimpleQueue()
    Thread(target=_listen, args=(asked,), daemon=True).start()
    with seldom_collected():
        warm_up()
        while True:
            answer = _answer(**json.loads(asked.get()))
            print(json.dumps(answer), file=answers, flush=True)
            if _has_failed(answer):
                # what failed may hold the warehouse open; whoever asked looks into it next
                os._exit(0)


def _listen(asked: SimpleQueue[str]) -> None:
    for line in sys.stdin:
        asked.put(line)
    # nothing is closed: who asked may have been killed, and the file must be free at once
    os._exit(0)


def _has_failed(answer: dict[str, Any]) -> bool:
    nodes = (event["data"].get("node_info", {}) for event in answer["events"])
    return answer["failed"] is not None or any(n.get("node_status") == "error" for n in nodes)


def _answer(root: str, args: list[str], told: dict[str, str]) -> dict[str, Any]:
    try:
        events = run_here(Paths(Path(root)), args, told)
    except Exception as error:
        return {"events": [], "failed": str(error.__cause__ or error)}
    return {"events": events, "failed": None}


if __name__ == "__main__":
    main()
