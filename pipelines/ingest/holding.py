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

_ASKED = Hold(
    "asked",
    "Lest inn med --hold, for å bli sett på før den teller.",
    "Sammenlign den med det som teller i dag.",
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
    show = f"Se den med: pukk deliveries show {result.delivery_id}."
    accept = f'Er den riktig: pukk deliveries accept {result.delivery_id} --reason "…"'
    return replace(
        result,
        status="held",
        reason_code=",".join(sorted({doubt.code for doubt in doubts})),
        reason_nb=f"{result.file_name}: {found} {show} {accept}",
    )
