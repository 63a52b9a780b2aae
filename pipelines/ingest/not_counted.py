"""The words of a delivery that is refused as a whole; those of one that is held are in ``holding``.

Whether it is refused is decided in ``weighing``.
"""

from dataclasses import replace

from pipelines.errors import DeliveryRejectedError
from pipelines.ingest.split import Split
from pipelines.municipality.feeds import Feed
from pipelines.warehouse.deliveries import DeliveryResult
from pipelines.words.messages import say
from pipelines.words.numbers import number_nb


def reason_of(file_name: str, refused: DeliveryRejectedError) -> str:
    """Return why a file is refused, with the file's name first."""
    where = f"{file_name}, {refused.where}" if refused.where else file_name
    return DeliveryRejectedError(
        refused.code, refused.message, where=where, way_out=refused.way_out
    ).text


def too_many(record: DeliveryResult, feed: Feed, found: Split) -> DeliveryResult:
    """Return a delivery as refused because too many of its rows break the contract.

    Args:
        record: The delivery.
        feed: Says how many may.
        found: The fates of its rows.
    """
    share = 100 * found.n_quarantined / found.n_in
    limit = f"{feed.max_quarantined_pct:g}".replace(".", ",")
    refused = DeliveryRejectedError(
        "too_many_quarantined",
        say(
            "ingest.not_counted.too_many_quarantined",
            n_quarantined=found.n_quarantined,
            n_in=found.n_in,
            share=number_nb(share, 1),
            limit=limit,
        ),
        way_out=say("ingest.not_counted.see_quarantine"),
    )
    return replace(
        record,
        reason_code=refused.code,
        reason_nb=reason_of(record.file_name, refused),
        rows_in=found.n_in,
        rows_quarantined=found.n_in,
    )
