"""What becomes of a delivery when it is judged as a whole: held until a person says, or told about.

The judgements themselves are called from ``set_checks``.
"""

from collections.abc import Sequence
from dataclasses import replace

from pipelines.ingest.delivered_set import DeliveredSet, Hold
from pipelines.ingest.known import accepted_codes, held_codes
from pipelines.ingest.set_checks import holds, told
from pipelines.ingest.shapes import Note
from pipelines.warehouse.deliveries import DeliveryResult
from pipelines.words.messages import say

_ASKED = Hold(
    "asked",
    say("ingest.holding.asked_to_be_held"),
    say("ingest.holding.compare_with_what_counts"),
)


def judged(
    result: DeliveryResult, delivered: DeliveredSet, *, asked: bool = False
) -> tuple[DeliveryResult, tuple[Note, ...]]:
    """Return the delivery as loaded or held, and what a user should know when it is loaded.

    Args:
        result: The delivery as loaded.
        delivered: The same delivery for those who judge.
        asked: Whether a person asked for it to be held, whatever the judgements say.
    """
    settled = accepted_codes(delivered.con, result)
    # what a person asked to see is not let in by being read again in another way
    asked |= _ASKED.code in held_codes(delivered.con, result)
    found = (*holds(delivered), *((_ASKED,) if asked else ()))
    doubts = [hold for hold in found if hold.code not in settled]
    if doubts:
        return _held(result, doubts), ()
    return result, told(delivered)


def _held(result: DeliveryResult, doubts: Sequence[Hold]) -> DeliveryResult:
    found = " ".join(f"{doubt.message_nb} {doubt.way_out}" for doubt in doubts)
    show = say("ingest.holding.see_it_with", delivery_id=result.delivery_id)
    accept = say("ingest.holding.accept_it_with", delivery_id=result.delivery_id)
    return replace(
        result,
        status="held",
        reason_code=",".join(sorted({doubt.code for doubt in doubts})),
        reason_nb=f"{result.file_name}: {found} {show} {accept}",
    )
