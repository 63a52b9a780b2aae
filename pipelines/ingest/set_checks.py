"""Does a delivery make sense as a whole, or must a person look at it before it counts?

Every judgement lives in a module of its own and is called here; what it is given and answers with
is in ``delivered_set``. What becomes of a delivery that is held is in ``delivery``; rules about
single rows are in the contracts.
"""

from collections.abc import Callable

from pipelines.ingest.blank_units import told_blank_units
from pipelines.ingest.closed_months import judge_closed, told_closed
from pipelines.ingest.definitions import judge_definitions
from pipelines.ingest.delivered_set import DeliveredSet, Hold
from pipelines.ingest.half_file import judge_size
from pipelines.ingest.matched_share import unmatched_absences
from pipelines.ingest.missing_units import judge_units
from pipelines.ingest.other_period import other_period
from pipelines.ingest.percent_for_days import percent_for_days
from pipelines.ingest.plausible_time import judge_time
from pipelines.ingest.position_level import judge_positions
from pipelines.ingest.quarter_ledger import judge_quarter_periods
from pipelines.ingest.running_sums import judge_running_sums
from pipelines.ingest.shapes import Note
from pipelines.ingest.units_gone import told_units_gone
from pipelines.ingest.value_level import judge_cadence, judge_sizes
from pipelines.ingest.vanished import told_vanished, vanished_positions

__all__ = ["DeliveredSet", "Hold", "holds", "told"]

_JUDGES: tuple[Callable[[DeliveredSet], tuple[Hold, ...]], ...] = (
    judge_closed,
    judge_time,
    other_period,
    judge_size,
    judge_units,
    judge_sizes,
    judge_cadence,
    judge_quarter_periods,
    judge_running_sums,
    percent_for_days,
    judge_definitions,
    unmatched_absences,
    vanished_positions,
    judge_positions,
)
_TELLERS: tuple[Callable[[DeliveredSet], tuple[Note, ...]], ...] = (
    told_vanished,
    told_blank_units,
    told_units_gone,
    told_closed,
)


def holds(delivered: DeliveredSet) -> tuple[Hold, ...]:
    """Return every reason to hold a delivery; none when it may count.

    Args:
        delivered: The delivery.
    """
    return tuple(hold for judge in _JUDGES for hold in judge(delivered))


def told(delivered: DeliveredSet) -> tuple[Note, ...]:
    """Return what a user should know about a delivery as a whole when it counts.

    Args:
        delivered: The delivery.
    """
    return tuple(note for teller in _TELLERS for note in teller(delivered))
