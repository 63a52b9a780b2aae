"""Files that are older than they may be, each with the rule that says so.

How long things are kept is in ``pipelines.contracts.retention``; rows about persons are found in
``person_rows``, and deleting is done in ``carry_out``.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Literal

import duckdb

from pipelines.contracts.retention import (
    QUARANTINED,
    RAW,
    Own,
    Rule,
    rule_of_files,
    shortest_rule,
)
from pipelines.contracts.shapes import Contract
from pipelines.ingest.inbox import InboxFile, inbox_files, unfinished_files
from pipelines.publishing.files import file_of, list_generations, pointed_to
from pipelines.settings import Paths
from pipelines.words.messages import say

Kind = Literal[
    "raw_files",
    "quarantined_files",
    "unfinished_files",
    "editions",
    "reports",
    "error_traces",
    "warehouses_set_aside",
]
KIND_NB: dict[Kind, str] = {
    "raw_files": "Filer slik de kom",
    "quarantined_files": "Avviste filer",
    "unfinished_files": "Uferdige filer i innboksen",
    "editions": say("retention.found.editions_replaced"),
    "reports": "Kvalitetsrapporter",
    "error_traces": say("retention.found.traces_of_faults"),
    "warehouses_set_aside": say("retention.found.warehouses_set_aside"),
}
_ERASED = Rule("pukk person delete", 0, "d", say("retention.found.editions_before_erasure"))
_NEVER = Rule("", 0, "d", "")
_STAMP = re.compile(r"-(\d{8})T\d+")


@dataclass(frozen=True)
class Found:
    """One thing that is older than it may be.

    Attributes:
        kind: What kind of thing.
        files: What lies on the disk, deleted in this order.
        name: The file, below the municipality's folder or the inbox.
        sha256: Hash of its content, when it is known without reading it.
        dated: The day its age is counted from.
        rule: How long it may be kept.
        n_bytes: Its size on the disk.
    """

    kind: Kind
    files: tuple[Path, ...]
    name: str
    dated: date
    rule: Rule
    n_bytes: int
    sha256: str | None = None


def today() -> date:
    """Return the day age is counted from."""
    return datetime.now(UTC).date()


def old_files(
    con: duckdb.DuckDBPyConnection,
    paths: Paths,
    contracts: Mapping[str, Contract],
    own: Mapping[Own, Rule],
    today: date,
) -> list[Found]:
    """Return every file that is older than it may be, oldest first within its kind.

    Args:
        con: The working warehouse: its ledger says when a delivery came, and what became of it.
        paths: The municipality's folders.
        contracts: The source contracts by id.
        own: How long what Pukk makes itself is kept.
        today: The day age is counted from.

    Raises:
        ContractError: a contract does not say how long.
    """
    found = [
        *_deliveries(con, paths, contracts),
        *_unfinished(paths, own["unfinished_files"]),
        *_editions(paths, own["editions"], _erased_at(con)),
        *_made("reports", sorted(paths.reports.glob("*")), own["reports"], paths),
        *_made("error_traces", sorted(_errors(paths)), own["error_traces"], paths),
        *_made(
            "warehouses_set_aside",
            paths.warehouses_set_aside(),
            own["warehouses_set_aside"],
            paths,
        ),
    ]
    order = list(KIND_NB)
    old = [
        each for each in found if each.rule is _ERASED or each.dated < each.rule.keeps_from(today)
    ]
    return sorted(old, key=lambda each: (order.index(each.kind), each.dated, each.name))


def _deliveries(
    con: duckdb.DuckDBPyConnection, paths: Paths, contracts: Mapping[str, Contract]
) -> Iterator[Found]:
    received, taken = _received_on(con), _taken_by(con, contracts)
    for file in inbox_files(paths):
        sha256 = file.sha256()
        came = None if sha256 is None else received.get((sha256, file.name))
        if came is None:
            continue  # nothing has been read from it yet
        taken_by = taken.get(str(sha256), [])
        read_by = [contracts[name] for name, status in taken_by if status != "rejected"]
        kind: Kind = "raw_files" if read_by else "quarantined_files"
        known = read_by or [contracts[name] for name, _ in taken_by]
        rule = (
            rule_of_files(known, RAW if read_by else QUARANTINED)
            if known
            else shortest_rule(contracts.values(), QUARANTINED)
        )
        yield _file(kind, file, came, rule, sha256)


def _received_on(con: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], date]:
    """Return content and name -> the day they first came."""
    rows = con.execute(
        "select file_sha256, file_name, min(received_at) from ops.deliveries"
        " group by file_sha256, file_name"
    ).fetchall()
    return {(sha256, name): at.date() for sha256, name, at in rows if isinstance(at, datetime)}


def _taken_by(
    con: duckdb.DuckDBPyConnection, contracts: Mapping[str, Contract]
) -> dict[str, list[tuple[str, str]]]:
    """Return content -> contract and newest status of every feed that has read it."""
    rows = con.execute(
        "select file_sha256, contract_id, status from ops.deliveries as d"
        " where status <> 'duplicate' and contract_id is not null"
        " and not exists (select 1 from ops.deliveries as later"
        "  where later.file_sha256 = d.file_sha256 and later.feed_id = d.feed_id"
        "  and later.status <> 'duplicate' and later.seq > d.seq)"
        " order by file_sha256, contract_id, status"
    ).fetchall()
    found: dict[str, list[tuple[str, str]]] = {}
    for sha256, name, status in rows:
        if name in contracts:
            found.setdefault(sha256, []).append((name, status))
    return found


def _unfinished(paths: Paths, rule: Rule) -> Iterator[Found]:
    for file in unfinished_files(paths):
        yield _file("unfinished_files", file, _touched(file.path), rule)


def editions_with_erased(con: duckdb.DuckDBPyConnection, paths: Paths) -> list[Found]:
    """Return the editions from before somebody was deleted, but the one readers see.

    Held against a newer one, they would tell what that person's share was.

    Args:
        con: The working warehouse.
        paths: The municipality's folders.
    """
    found = _editions(paths, _NEVER, _erased_at(con))
    return [each for each in found if each.rule is _ERASED]


def _erased_at(con: duckdb.DuckDBPyConnection) -> datetime | None:
    # a warehouse from before there was such a table, opened for reading alone, has nobody
    is_there = con.execute(
        "select 1 from duckdb_tables() where schema_name = 'ops' and table_name = 'erasures'"
    ).fetchall()
    if not is_there:
        return None
    (erased,) = con.execute("select max(erased_at) from ops.erasures").fetchall()[0]
    return erased.replace(tzinfo=UTC) if isinstance(erased, datetime) else None


def _editions(paths: Paths, rule: Rule, erased: datetime | None) -> Iterator[Found]:
    pointed = pointed_to(paths)
    if pointed is None:
        return  # a pointer that cannot be read may point to any of them
    editions = list_generations(paths)
    newest = (
        {edition.number for edition in editions[-rule.keep_newest :]} if rule.keep_newest else ()
    )
    for edition in editions:
        at = datetime.fromisoformat(edition.published_at)
        is_outlived = erased is not None and at < erased
        if edition.number != pointed.number and (is_outlived or edition.number not in newest):
            file = file_of(paths, edition)
            both = (file, file.with_suffix(".json"))
            told = (_below(paths, file), at.date(), _ERASED if is_outlived else rule)
            yield Found("editions", both, *told, file.stat().st_size, edition.sha256)


def _made(kind: Kind, files: Sequence[Path], rule: Rule, paths: Paths) -> Iterator[Found]:
    dated = sorted((_made_on(file), file) for file in files if file.is_file())
    for day, file in dated[: -rule.keep_newest or None]:
        yield Found(kind, (file,), _below(paths, file), day, rule, file.stat().st_size)


def _file(kind: Kind, file: InboxFile, day: date, rule: Rule, sha256: str | None = None) -> Found:
    return Found(kind, (file.path,), file.name, day, rule, file.path.stat().st_size, sha256)


def _made_on(file: Path) -> date:
    stamp = _STAMP.search(file.name)
    return datetime.strptime(stamp.group(1), "%Y%m%d").date() if stamp else _touched(file)  # noqa: DTZ007 - a day alone


def _errors(paths: Paths) -> Iterator[Path]:
    return (paths.state / "errors").glob("*")


def _touched(file: Path) -> date:
    return datetime.fromtimestamp(file.stat().st_mtime, UTC).date()


def _below(paths: Paths, file: Path) -> str:
    return file.relative_to(paths.root).as_posix()
