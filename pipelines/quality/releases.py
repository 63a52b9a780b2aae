"""A check that stops the night, let through by a person: until a day, for what was found.

Only what was delivered can be released (gate 1): a person may know why a delivery is odd. What
stands in gate 2 and in the models' promises guards our own faults and people's privacy, and nobody
can know that those are right. Which person and which words is in ``pipelines.warehouse.releases``.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime
from typing import Literal

import duckdb

from pipelines.desk.events import acting, log_event
from pipelines.desk.logged import Reader
from pipelines.errors import PukkError
from pipelines.quality.results import CheckResult
from pipelines.settings import Paths
from pipelines.warehouse.releases import Release, checked_reason, seen_by_two, today_in_norway
from pipelines.warehouse.replay import append
from pipelines.warehouse.transaction import transaction
from pipelines.words.messages import say

_NEVER = frozenset({"counts_reconcile"})
"""Rows that are in no count are lost, and nobody can release that."""
_KEY = "contract_id || '.' || table_name || '.' || rule_id"
_NEWEST = f"""
select gate, contract_id, table_name, rule_id, severity, success, n_failed, found
from ops.quality_results
where {_KEY} = ?
order by run_at desc
limit 1
"""
_DECIDED = f"""
select {_KEY} as name, decided_at, action, decided_by, proposed_by, reason, expires_on, n_failed,
    found
from ops.check_releases
where gate = ? and expires_on >= ?
order by decided_at
"""


@dataclass(frozen=True)
class Broken:
    """What stands of a check in the history: whether it may be released, and for what.

    Attributes:
        gate: Where it was checked.
        n_failed: Rows that broke it.
        found: Hashes of what was found, with commas between; empty where rows are only counted.
    """

    gate: str
    contract_id: str
    table_name: str
    rule_id: str
    n_failed: int
    found: str


@dataclass(frozen=True)
class Standing:
    """A decision about a check that still counts.

    Attributes:
        at: When, UTC without a zone.
        action: ``propose``, ``release`` or ``revoke``.
        by: The accounts behind it, with a comma between.
        release: What was said.
        n_failed: Rows it was about.
        found: What it was about.
    """

    at: datetime
    action: str
    by: str
    release: Release
    n_failed: int
    found: frozenset[str]

    def covers(self, n_failed: int, found: str) -> bool:
        """Return whether it was about all that is found now."""
        now = frozenset(found.split(",")) if found else frozenset()
        return now <= self.found if now else n_failed <= self.n_failed


def with_releases(
    con: duckdb.DuckDBPyConnection, results: Iterable[CheckResult], today: date
) -> list[CheckResult]:
    """Return the results, those that somebody has released with who, why and until when.

    Args:
        con: The open warehouse.
        results: What a gate found.
        today: The day in Norway.
    """
    standing: dict[str, Standing] | None = None
    told = []
    for result in results:
        if result.stops and may_be_released(result.gate, result.rule_id):
            if standing is None:
                standing = decided(con, result.gate, today)
            told.append(_released(result, standing.get(result.name)))
        else:
            told.append(result)
    return told


def decided(con: duckdb.DuckDBPyConnection, gate: str, today: date) -> dict[str, Standing]:
    """Return what stands about each check by its name: the newest that has not expired.

    A proposal that waits for a second person does not undo a release that counts.

    Args:
        con: The open warehouse.
        gate: Which gate's checks.
        today: The day in Norway.
    """
    found: dict[str, Standing] = {}
    for name, standing in _standing(con, gate, today):
        if standing.action != "propose":
            found[name] = standing
    return {name: each for name, each in found.items() if each.action == "release"}


def may_be_released(gate: str, rule_id: str) -> bool:
    """Return whether a person may let a check through when it is broken."""
    return gate == "inbound" and rule_id not in _NEVER


def release_check(
    con: duckdb.DuckDBPyConnection,
    paths: Paths,
    name: str,
    said: Release,
    *,
    four_eyes: bool = False,
) -> bool:
    """Let a broken check through until a day; the next run publishes what it held back.

    Args:
        con: The working warehouse.
        paths: The municipality's folders.
        name: ``contract.table.rule``.
        said: By whom, why, and the last day.
        four_eyes: Whether it waits until a second person has said the same.

    Returns:
        Whether it counts now; false when it waits for a second person.

    Raises:
        PukkError: there is no such check, it is not broken, it may not be released, no last day
            is given, the reason is empty or names a person by a number or an address, or the second
            person is the first.
    """
    said = replace(said, reason=checked_reason(said.reason))
    broken = _broken(con, name)
    if said.expires_on is None:
        raise PukkError(
            say("quality.releases.needs_last_day"), way_out=say("quality.releases.write_until")
        )
    first = _waiting(con, name, broken) if four_eyes else None
    if not four_eyes or first is None:
        _record(con, paths, broken, "propose" if four_eyes else "release", said)
        return not four_eyes
    _record(con, paths, broken, "release", seen_by_two(first, said), first.by)
    return True


def revoke_check(con: duckdb.DuckDBPyConnection, paths: Paths, name: str, said: Release) -> None:
    """Take a release back: from now on the check stops again.

    Args:
        con: The working warehouse.
        paths: The municipality's folders.
        name: ``contract.table.rule``.
        said: By whom, and why.

    Raises:
        PukkError: nothing is released or asked for, or the reason is not one.
    """
    said = replace(said, reason=checked_reason(said.reason))
    newest = [s for n, s in _standing(con, "inbound", today_in_norway()) if n == name][-1:]
    if not newest or newest[0].action == "revoke":
        raise PukkError(
            say("quality.releases.nothing_released"),
            where=name,
            way_out=say("quality.releases.see_checks"),
        )
    until = newest[0].release.expires_on
    _record(con, paths, _newest(con, name), "revoke", replace(said, expires_on=until))


def _released(result: CheckResult, standing: Standing | None) -> CheckResult:
    if standing is None or not standing.covers(result.n_failed, result.found):
        return result
    return replace(
        result,
        released_at=standing.at,
        released_by=standing.by,
        release_reason=standing.release.reason,
        release_expires_on=standing.release.expires_on,
    )


def _waiting(con: duckdb.DuckDBPyConnection, name: str, broken: Broken) -> Release | None:
    """Return what waits for a second person: nothing where more has been found since."""
    mine = [s for n, s in _standing(con, broken.gate, today_in_norway()) if n == name]
    if not mine or mine[-1].action != "propose":
        return None
    return mine[-1].release if mine[-1].covers(broken.n_failed, broken.found) else None


def _standing(
    con: duckdb.DuckDBPyConnection, gate: str, today: date
) -> Iterable[tuple[str, Standing]]:
    rows = con.execute(_DECIDED, [gate, today]).fetchall()
    for name, at, action, by, first, reason, expires_on, n_failed, found in rows:
        release = Release(by, reason, expires_on)
        persons = ", ".join(filter(None, (first, by)))
        hashes = frozenset(found.split(",")) if found else frozenset[str]()
        yield name, Standing(at, action, persons, release, n_failed, hashes)


def _broken(con: duckdb.DuckDBPyConnection, name: str) -> Broken:
    broken = _newest(con, name)
    if not may_be_released(broken.gate, broken.rule_id):
        raise PukkError(
            say("quality.releases.may_not"), where=name, way_out=say("quality.releases.mend_it")
        )
    if not broken.n_failed:
        raise PukkError(
            say("quality.releases.not_broken"),
            where=name,
            way_out=say("quality.releases.see_checks"),
        )
    return broken


def _newest(con: duckdb.DuckDBPyConnection, name: str) -> Broken:
    rows = con.execute(_NEWEST, [name]).fetchall()
    if not rows:
        raise PukkError(
            say("quality.releases.no_such_check"),
            where=name,
            way_out=say("quality.releases.see_checks"),
        )
    gate, contract_id, table_name, rule_id, severity, success, n_failed, found = rows[0]
    stops = severity == "error" and not success
    return Broken(gate, contract_id, table_name, rule_id, n_failed if stops else 0, found or "")


def _record(  # noqa: PLR0913 - what, by whom and who asked for it first
    con: duckdb.DuckDBPyConnection,
    paths: Paths,
    broken: Broken,
    action: Literal["propose", "release", "revoke"],
    said: Release,
    proposed_by: str | None = None,
) -> None:
    name = f"{broken.contract_id}.{broken.table_name}.{broken.rule_id}"
    row = {
        "decided_at": datetime.now(UTC).replace(tzinfo=None),
        "decided_by": said.by,
        "action": action,
        **asdict(broken),
        "reason": said.reason,
        "expires_on": said.expires_on,
        "proposed_by": proposed_by,
    }
    log_event(
        paths.state,
        action,
        name,
        who=Reader(said.by, acting().role),
        n_rows=broken.n_failed,
        detail=f"until {said.expires_on}",
    )
    with transaction(con):
        append(con, paths, "decision", {"check_releases": [row]})
