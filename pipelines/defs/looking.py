"""Reading without publishing: what is new in the inbox is read, judged and held for a person.

What is held, and how it is released, is in ``pipelines.ingest``.
"""

from pipelines.contracts.organisation import in_reading_order
from pipelines.defs.closed import close_home
from pipelines.defs.context import RunContext, tell
from pipelines.defs.ingest import ingest_context
from pipelines.defs.lock import run_lock, warehouse
from pipelines.defs.sound import mend_warehouse
from pipelines.defs.started import log_start
from pipelines.ingest.run import ingest_contract, ingest_unmatched
from pipelines.warehouse.deliveries import DeliveryResult


def read_and_hold(ctx: RunContext) -> list[DeliveryResult]:
    """Take in what is new in the inbox and hold it; returns every delivery that was recorded.

    Args:
        ctx: The run's context.

    Raises:
        BusyError: Another run holds the lock.
        DamagedError: Something that cannot be computed again is damaged; nothing is done.
    """
    with run_lock(ctx.paths.create()):
        close_home(ctx)
        mend_warehouse(ctx)
        log_start(ctx, "hold")
        with warehouse(ctx.paths) as con:
            work = ingest_context(ctx, con, hold=True)
            found = []
            for contract_id in in_reading_order(ctx.sources):
                tell(f"Leser {ctx.sources[contract_id].name}")
                found += ingest_contract(work, contract_id)
            return found + ingest_unmatched(work)
