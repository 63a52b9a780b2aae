"""A process of its own that holds Great Expectations: promises and counts in, verdicts out.

Importing Great Expectations takes seconds and 0.2 GB; here it takes them beside a run. Started by
``beside``, it answers a line for each line, and ends when whoever asks is gone, however it went.
"""

import json
import os
import sys
from typing import Any

from pipelines.contracts.to_expectations import ExpectationSpec
from pipelines.desk.collecting import seldom_collected
from pipelines.quality.engine import judge_here, warm_up
from pipelines.quality.scan import Counted


def main() -> None:
    """Answer until nobody asks any more."""
    # what a library prints is no answer
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    with seldom_collected():
        warm_up()
        for line in sys.stdin:
            outcomes = judge_here([_promise(**asked) for asked in json.loads(line)])
            print(json.dumps([vars(outcome) for outcome in outcomes]), file=answers, flush=True)


def _promise(
    kind: str, kwargs: dict[str, Any], meta: dict[str, str], counted: list[Any]
) -> tuple[ExpectationSpec, Counted]:
    return ExpectationSpec(kind, kwargs, meta, "error", "", ()), Counted(*counted)


if __name__ == "__main__":
    main()
