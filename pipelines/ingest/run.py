"""Ingest: every file in the inbox to every feed that matches it, organisation first.

What happens to one file is in ``delivery``.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import PurePosixPath

import duckdb

from pipelines.contracts.organisation import FIRST_CONTRACT
from pipelines.contracts.shapes import Contract
from pipelines.errors import DeliveryRejectedError
from pipelines.ingest.catch_up import catch_up
from pipelines.ingest.codes_read import CodeBook
from pipelines.ingest.delivery import deliver
from pipelines.ingest.inbox import InboxFile, inbox_files
from pipelines.ingest.landing import sweep
from pipelines.ingest.large.spool import clear_spools
from pipelines.ingest.pseudonyms import Keys
from pipelines.ingest.reading import read_stable
from pipelines.ingest.rotation import check_keys
from pipelines.ingest.units import UnitIndex
from pipelines.ingest.weighing import Desk
from pipelines.municipality.feeds import Feed
from pipelines.municipality.model import Municipality
from pipelines.settings import Paths
from pipelines.warehouse.deliveries import DeliveryResult, next_seq, record_delivery
from pipelines.warehouse.transaction import transaction
from pipelines.words.messages import say


@dataclass(frozen=True)
class IngestContext:
    """What ingest needs.

    Attributes:
        municipality: Its feeds are read.
        contracts: The source contracts by id.
        paths: The municipality's folders.
        key: The keys for pseudonyms.
        con: The working warehouse.
        hold: Hold everything that is read for a person to look at.
    """

    municipality: Municipality
    contracts: Mapping[str, Contract]
    paths: Paths
    key: Keys
    con: duckdb.DuckDBPyConnection
    hold: bool = False


def ingest_contract(ctx: IngestContext, contract_id: str) -> list[DeliveryResult]:
    """Take in the files of one contract's feeds; files already taken in give no result.

    A re-read after a changed organisation needs organisation to be taken in first.
    """
    catch_up(ctx.con, ctx.paths)
    check_keys(ctx.con, ctx.key)
    sweep(ctx.paths, _recorded(ctx.con))
    clear_spools(ctx.paths)
    feeds = [feed for feed in ctx.municipality.feeds if feed.contract == contract_id]
    if not feeds:  # a source the municipality does not have asks for no units
        return []
    is_register = contract_id == FIRST_CONTRACT
    units = UnitIndex.load(ctx.con)
    if is_register:  # the register is not judged by itself
        units = replace(units, fingerprint="")
    book = CodeBook.of(units, ctx.key.first)
    files = inbox_files(ctx.paths)
    results = []
    for feed in feeds:
        desk = Desk(
            con=ctx.con,
            paths=ctx.paths,
            contract=ctx.contracts[contract_id],
            feed=feed,
            units=units,
            book=book,
            key=ctx.key,
            first_month=ctx.municipality.first_month,
            hold=ctx.hold,
        )
        for file in files:
            result = deliver(desk, file) if matches(feed, file) else None
            if result is not None:
                results.append(result)
    return results


def ingest_unmatched(ctx: IngestContext) -> list[DeliveryResult]:
    """Record every file that no feed knows as rejected with reason ``no_feed``, once."""
    feeds = ctx.municipality.feeds
    patterns = sorted({pattern for feed in feeds for pattern in feed.files})
    current = hashlib.sha256("\x1f".join(patterns).encode()).hexdigest()
    results = []
    for file in inbox_files(ctx.paths):
        if any(matches(feed, file) for feed in feeds):
            continue
        result = _unmatched(ctx.con, ctx.paths, file, patterns, current)
        if result is not None:
            results.append(result)
    return results


def matches(feed: Feed, file: InboxFile) -> bool:
    """Return whether a feed's patterns match a file, in any folder and whatever the case."""
    return patterns_match(feed, file.name)


def patterns_match(feed: Feed, file_name: str) -> bool:
    """Return whether a feed's patterns match a name, in any folder and whatever the case.

    Args:
        feed: The feed.
        file_name: Path below the inbox, or a name alone.
    """
    path = PurePosixPath(file_name.casefold())
    return any(path.match(pattern.casefold()) for pattern in feed.files)


def _unmatched(
    con: duckdb.DuckDBPyConnection,
    paths: Paths,
    file: InboxFile,
    patterns: list[str],
    current: str,
) -> DeliveryResult | None:
    try:
        raw = read_stable(file.path)
    except DeliveryRejectedError:
        return None  # it is looked at again when the copying is done
    sha256 = hashlib.sha256(raw).hexdigest()
    seen = con.execute(
        "select count(*) from ops.deliveries where feed_id is null and file_name = ? "
        "and file_sha256 = ? and fingerprint = ?",
        [file.name, sha256, current],
    ).fetchall()
    if seen[0][0]:
        return None
    seq = next_seq(con)
    refused = DeliveryRejectedError(
        "no_feed",
        say("ingest.run.no_feed_fits", patterns=", ".join(patterns) or "ingen"),
        where=file.name,
        way_out=say("ingest.run.fit_the_name"),
    )
    result = DeliveryResult(
        delivery_id=f"D{seq:06d}",
        seq=seq,
        contract_id=None,
        table_name=None,
        feed_id=None,
        file_name=file.name,
        file_sha256=sha256,
        size_bytes=len(raw),
        received_at=datetime.now(UTC).replace(tzinfo=None),
        contract_version=None,
        fingerprint=current,
        status="rejected",
        reason_code=refused.code,
        reason_nb=refused.text,
    )
    with transaction(con):
        record_delivery(con, paths, result)
    return result


def _recorded(con: duckdb.DuckDBPyConnection) -> set[str]:
    rows = con.execute("select delivery_id from ops.deliveries").fetchall()
    return {row[0] for row in rows}
