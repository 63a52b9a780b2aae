"""Write a report to a file: ``python -m dashboards.reports``; ``pukk pdf`` starts it.

Whoever can start this can read the published file, so it sees all units. The log has the entry
before the file is written.
"""

import argparse
import logging
from datetime import date
from pathlib import Path

from dashboards.access import LOCAL_VIEWER
from dashboards.context import Context
from dashboards.reports.make import make_quality_report, make_report, period_code
from dashboards.reports.quality_files import months
from dashboards.reports.unit import NoSuchUnitError
from pipelines.desk.generations import standing
from pipelines.desk.logged import Reader
from pipelines.desk.private_files import closed_to_others, write_for_the_user
from pipelines.desk.standing_words import words_about
from pipelines.words.catalogue import DEFAULT_LANGUAGE, codes
from pipelines.words.messages import say


def main() -> None:
    """Read the arguments and write the file."""
    parser = argparse.ArgumentParser(prog="python -m dashboards.reports")
    for name in ("generation", "state", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    for name in ("actor", "role"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--language", choices=codes(), default=DEFAULT_LANGUAGE)
    parser.add_argument("--unit", default="")
    parser.add_argument("--quality", help="YYYY-MM, latest or all: the data behind that month")
    given = parser.parse_args()
    # outside a server the page's cache says so at every read
    logging.disable(logging.WARNING)
    now = standing(given.generation.parent)
    is_now = now is not None and now.generation.file_name == given.generation.name
    caution = words_about(now) if now is not None and is_now else None
    context = Context(str(given.generation), given.language, LOCAL_VIEWER, caution)
    reader = Reader(given.actor, given.role)
    try:
        if given.quality:
            wanted = _month(context, given.quality)
            content = make_quality_report(context, given.state, reader, wanted)
        else:
            content = make_report(context, given.state, reader, given.unit)
    except NoSuchUnitError:
        raise SystemExit(say("site.reports.__main__.no_such_unit", unit=given.unit)) from None
    write_for_the_user(given.out, content)


def _month(context: Context, code: str) -> date | None:
    if code == "all":
        return None
    known = {period_code(month): month for month in months(context)}
    wanted = next(iter(known)) if code == "latest" else code
    if wanted not in known:
        raise SystemExit(
            say(
                "site.reports.__main__.no_figures_for",
                code=code,
                known=min(known),
                known_2=max(known),
            )
        )
    return known[wanted]


if __name__ == "__main__":
    with closed_to_others():
        main()
