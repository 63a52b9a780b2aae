"""Write a report to a file: ``python -m dashboards.reports``; ``pukk pdf`` starts it.

Whoever can start this can read the published file, so it sees all units. The log has the entry
before the file is written.
"""

import argparse
import logging
from pathlib import Path

from dashboards.access import LOCAL_VIEWER
from dashboards.context import Context
from dashboards.reports.make import make_report
from dashboards.reports.unit import NoSuchUnitError
from pipelines.desk.logged import Reader


def main() -> None:
    """Read the arguments and write the file."""
    parser = argparse.ArgumentParser(prog="python -m dashboards.reports")
    for name in ("generation", "state", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    for name in ("actor", "role"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--language", choices=("nb", "en"), default="nb")
    parser.add_argument("--unit", default="")
    given = parser.parse_args()
    # outside a server the page's cache says so at every read
    logging.disable(logging.WARNING)
    context = Context(str(given.generation), given.language, LOCAL_VIEWER)
    try:
        content = make_report(context, given.state, Reader(given.actor, given.role), given.unit)
    except NoSuchUnitError:
        raise SystemExit(f"Ingen enhet har id «{given.unit}».") from None
    given.out.write_bytes(content)


if __name__ == "__main__":
    main()
