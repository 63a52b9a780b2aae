"""Publishing a generation and pointing back to an earlier one.

The order is what makes a kill harmless: build aside, verify, name, point. Until the pointer is
replaced, readers see what they saw.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import duckdb

from pipelines.contracts.model import Contract
from pipelines.desk.access_log import head
from pipelines.desk.events import log_event
from pipelines.desk.log_chain import length_of
from pipelines.desk.on_disk import sha256_of, sync
from pipelines.errors import PublishError
from pipelines.publishing.build import build_file
from pipelines.publishing.contents import (
    content_sha256,
    export_sorted,
    open_generation,
    read_rows,
    table_names,
)
from pipelines.publishing.files import (
    Generation,
    current,
    is_whole,
    list_generations,
    name_of,
    next_number,
    point_to,
    pointed_to,
    put_in_place,
    remove_old,
    sweep,
)
from pipelines.settings import Paths
from pipelines.warehouse.replay import append
from pipelines.warehouse.transaction import transaction
from pipelines.words.messages import say

__all__ = [
    "Generation",
    "current",
    "export_sorted",
    "list_generations",
    "publish",
    "read_rows",
    "rollback",
]


def publish(  # noqa: PLR0913 - six things that only the run knows
    con: duckdb.DuckDBPyConnection,
    paths: Paths,
    products: Mapping[str, Contract],
    run_id: str,
    input_fingerprint: str | None,
    published_at: datetime,
) -> Generation:
    """Build, verify and point to a new generation; keep the current one if nothing has changed.

    Args:
        con: The open warehouse, outside a transaction.
        paths: The municipality's folders.
        products: Product contracts by id: what is published, table by table.
        run_id: The run that built the marts.
        input_fingerprint: Of the deliveries, configuration and code; ``None`` when only a part of
            the job was run, so that nobody can say what the marts were made from.
        published_at: Aware time of publication.

    Returns:
        The generation readers now see.

    Raises:
        PublishError: The new generation is not what the contracts promise, or holds person data,
            or could not be written. Readers see what they saw.
    """
    paths.published.mkdir(parents=True, exist_ok=True)
    sweep(paths)
    _record_if_missing(con, paths, pointed_to(paths))
    number = next_number(paths)
    building = paths.published / f"{name_of(number)}.tmp"
    try:
        counts = build_file(con, building, products)
        sync(building)
        content = _verify(building, counts)
        standing = current(paths, verify=True)
        if standing is not None and standing.content_sha256 == content:
            return _confirm(paths, standing, input_fingerprint)
        noted = head(paths.state)
        made = Generation(
            number=number,
            file_name=name_of(number),
            sha256=sha256_of(building),
            size_bytes=building.stat().st_size,
            content_sha256=content,
            published_at=published_at.astimezone(UTC).isoformat(timespec="seconds"),
            run_id=run_id,
            input_fingerprint=input_fingerprint or f"a part of the job, run {run_id}",
            log_head=noted,
            log_length=length_of(noted),
        )
        put_in_place(paths, building, made)
        point_to(paths, made)
    except OSError as error:
        raise PublishError(
            say("publishing.generation.cannot_be_written", strerror=error.strerror),
            where=str(paths.published),
            way_out=say("publishing.generation.check_disk_and_rights"),
        ) from error
    finally:
        sweep(paths)
    _log(paths, made, "publish")
    _record(con, paths, made, "publish", published_at)
    remove_old(paths)
    return made


def rollback(paths: Paths, con: duckdb.DuckDBPyConnection, number: int | None = None) -> Generation:
    """Point readers to an earlier generation; nothing is built and nothing is deleted.

    Args:
        paths: The municipality's folders.
        con: The open warehouse, for the ledger.
        number: Which generation; the one before the current by default.

    Raises:
        PublishError: There is no such generation, or its file is damaged.
    """
    standing = pointed_to(paths)
    chosen = [
        g
        for g in list_generations(paths)
        if (g.number == number if number is not None else _is_before(g, standing, paths))
    ]
    if not chosen:
        asked = (
            say("publishing.generation.an_earlier_generation")
            if number is None
            else f"generasjon {number}"
        )
        raise PublishError(
            say("publishing.generation.not_found", asked=asked),
            way_out=say("publishing.generation.see_generations"),
        )
    _record_if_missing(con, paths, standing)
    _log(paths, chosen[-1], "rollback")
    try:
        point_to(paths, chosen[-1])
    except (OSError, PublishError):
        _log(paths, chosen[-1], "rollback", outcome="failed")
        raise
    _record(con, paths, chosen[-1], "rollback", datetime.now(UTC))
    return chosen[-1]


def _is_before(generation: Generation, standing: Generation | None, paths: Paths) -> bool:
    if standing is not None and generation.number >= standing.number:
        return False
    return is_whole(paths, generation, verify=True)


def _verify(building: Path, counts: Mapping[str, int]) -> str:
    """Open the closed file as a reader would, read every row, and return the content's SHA-256."""
    try:
        with open_generation(building) as con:
            content = content_sha256(con)
            found = {
                name: int(con.execute(f"select count(*) from {name}").fetchall()[0][0])
                for name in table_names(con)
            }
    except duckdb.Error as error:
        raise PublishError(
            say("publishing.generation.cannot_be_read", error=error),
            way_out=say("publishing.generation.run_again"),
        ) from error
    if found != counts:
        raise PublishError(
            say("publishing.generation.other_row_count"),
            way_out=say("publishing.generation.run_again"),
        )
    return content


def _confirm(paths: Paths, standing: Generation, input_fingerprint: str | None) -> Generation:
    # the same content from other inputs, e.g. a file delivered twice: remember that it was seen
    confirmed = replace(standing, input_fingerprint=input_fingerprint or standing.input_fingerprint)
    point_to(paths, confirmed)
    return confirmed


def _record_if_missing(
    con: duckdb.DuckDBPyConnection, paths: Paths, generation: Generation | None
) -> None:
    # a run killed between the pointer and the ledger has published all the same
    if generation is None:
        return
    known = con.execute(
        "select count(*) from ops.publications where generation = ?", [generation.number]
    ).fetchall()[0][0]
    if not known:
        _log(paths, generation, "publish")
        _record(con, paths, generation, "publish", datetime.fromisoformat(generation.published_at))


def _log(
    paths: Paths,
    generation: Generation,
    action: Literal["publish", "rollback"],
    outcome: str = "ok",
) -> None:
    log_event(
        paths.state,
        action,
        "generation",
        generation=generation.file_name,
        outcome=outcome,
        detail=f"sha256:{generation.sha256} run {generation.run_id}",
    )


def _record(
    con: duckdb.DuckDBPyConnection, paths: Paths, generation: Generation, action: str, at: datetime
) -> None:
    row = {
        "generation": generation.number,
        "run_id": generation.run_id,
        "published_at": at.astimezone(UTC).replace(tzinfo=None),
        "file_name": generation.file_name,
        "file_sha256": generation.sha256,
        "input_fingerprint": generation.input_fingerprint,
        "action": action,
    }
    with transaction(con):
        append(con, paths, "publication", {"publications": [row]})
    con.complete()
