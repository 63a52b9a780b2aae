"""A published figure explained on a page: asked of a process that alone opens the warehouse.

What is told of it, and what is not, is decided by the program (``publishing.explained``), the same
as for the command line. Whose units a reader may ask about is the page's to hold.
"""

import json
from pathlib import Path

from pipelines.desk.children import answer_of
from pipelines.desk.figure_told import FigureTold
from pipelines.desk.logged import Reader, log_seen
from pipelines.desk.programs import EXPLAINING
from pipelines.desk.shaped import shaped

_TIMEOUT_S = 20.0
ACTION = "explain"
"""What the log calls it, on a page as on the command line."""


def explain_logged(  # noqa: PLR0913 - who, where, and which figure
    state: Path, reader: Reader, generation_file: Path, unit: str, metric: str, when: str
) -> FigureTold | None:
    """Log that a figure is explained, and return what is behind it; ``None`` when it has none.

    Args:
        state: The municipality's state folder.
        reader: Who asks.
        generation_file: The edition the figure stands in.
        unit: The unit's id, which the reader may see.
        metric: The metric's id.
        when: ``2017-03``, ``2017``, ``before`` or ``after``.

    Raises:
        sqlite3.Error: The log could not be written; nothing is told.
    """
    log_seen(state, reader, generation_file, ACTION, unit)
    request = {
        "home": str(generation_file.resolve().parent.parent),
        "file": generation_file.name,
        "unit": unit,
        "metric": metric,
        "when": when,
        "timeout_s": _TIMEOUT_S,
    }
    out, _ = answer_of(EXPLAINING, json.dumps(request).encode(), _TIMEOUT_S + 1.0)
    return shaped(FigureTold, json.loads(out)) if out else None
