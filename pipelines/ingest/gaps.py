"""What is damaged or gone and nothing else holds: set aside, stated as lost, and gone on without.

A statement is an entry of its own at the end of the store: who, when, why and what is lost. The
chain of entries then holds with the gap in it, and a lost file in landing counts as withdrawn for
its period. Nothing is deleted, and a file that is found again heals what it left.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from pipelines.errors import PukkError
from pipelines.ingest import landing
from pipelines.ingest.rows_back import Landed, recorded, rows_written_back
from pipelines.ingest.salvage import set_aside, whole_entries, written_back
from pipelines.settings import Paths
from pipelines.warehouse import records
from pipelines.warehouse.records import NOTHING
from pipelines.warehouse.releases import checked_reason
from pipelines.words.messages import say
from pipelines.words.numbers import counted_nb

_ENTRY = re.compile(r"(\d{1,8})(?:-[a-z]+)?(?:\.json)?")
_LANDED = re.compile(r"[^/]+/[^/]+/ym=(?P<period>[^/]+)/(?P<delivery>D\d+)\.parquet")
_KIND_NB = {
    "delivery": say("ingest.gaps.a_delivery"),
    "decision": say("ingest.gaps.a_decision"),
    "lock": say("ingest.gaps.locked_targets"),
    "frozen": say("ingest.gaps.frozen_figures"),
    "publication": say("ingest.gaps.an_edition"),
    "deletion": say("ingest.gaps.deleted_files"),
    "rewrite": say("ingest.gaps.rewritten_rows"),
    "quality": say("ingest.gaps.check_results"),
    "loss": say("ingest.gaps.earlier_losses"),
}
_UNKNOWN_NB = say("ingest.gaps.unknown_event")


class _Lost(NamedTuple):
    """One file that is damaged or gone.

    Attributes:
        file: Where it lies, or should have lain.
        number: The entry's number; None for a file in landing.
        place: Its place in landing; None for an entry.
    """

    file: Path
    number: int | None = None
    place: str | None = None


def stated_gaps(files: Iterable[Path]) -> frozenset[int]:
    """Return the numbers of the entries that somebody has said are lost.

    Args:
        files: The files of the store.

    Raises:
        DamagedError: such a statement is damaged itself.
    """
    stated = (records.read(file) for file in files if file.stem.endswith("-loss"))
    rows = (row for entry in stated for row in entry.tables.get("losses", ()))
    return frozenset(n for row in rows if (n := row.get("entry_number")) is not None)


def go_without(paths: Paths, names: Sequence[str], reason: str, decided_by: str) -> tuple[str, ...]:
    """State that files are lost, so that the rest can be built without them.

    What a warehouse, also one that was set aside, still holds of it is written back instead.

    Args:
        paths: The municipality's folders.
        names: Files of the store or of landing, as paths, as names, or as an entry's number.
        reason: Why, in the person's own words.
        decided_by: The account that decides.

    Returns:
        What is lost, or was found after all, in bokmål.

    Raises:
        PukkError: a file is whole, or was never there, or the reason is empty.
    """
    why = checked_reason(reason)
    lost = [_found(paths, name) for name in names]
    told = []
    for one in lost:
        found = (
            written_back(paths, one.number) if one.number else rows_written_back(paths, one.file)
        )
        told.append(found or _state(paths, one, why, decided_by))
    return tuple(told)


def _found(paths: Paths, name: str) -> _Lost:
    file = Path(name)
    match = _ENTRY.fullmatch(file.name)
    if match:
        return _lost_entry(paths, name, int(match.group(1)))
    for start in (Path(), paths.landing, paths.root):
        whole = (start / file).resolve()
        if whole.is_relative_to(paths.landing.resolve()):
            place = whole.relative_to(paths.landing.resolve()).as_posix()
            if _LANDED.fullmatch(place):
                return _lost_landing(paths, place)
    raise PukkError(
        say("ingest.gaps.neither_journal_nor_landing"),
        where=name,
        way_out=say("ingest.gaps.write_name_as_told"),
    )


def _lost_entry(paths: Paths, name: str, number: int) -> _Lost:
    files = {records.number_of(file): file for file in records.files(paths)}
    file = files.get(number)
    if file is None:
        if number in stated_gaps(files.values()) or not 0 < number < max(files, default=0):
            raise PukkError(
                say("ingest.gaps.journal_lacks_no_such_number"),
                where=name,
                way_out=say("ingest.gaps.see_what_is_missing"),
            )
        return _Lost(paths.records / f"{number:08d}", number)
    if whole_entries([file]):
        raise PukkError(say("ingest.gaps.journal_file_is_whole"), where=str(file))
    return _Lost(file, number)


def _lost_landing(paths: Paths, place: str) -> _Lost:
    file = paths.landing / place
    landed, _ = _recorded_at(paths, place)
    if file.exists():
        if landing.is_whole(file, landed["sha256"] if landed else None):
            raise PukkError(say("ingest.gaps.landing_file_is_whole"), where=str(file))
    elif landed is None:
        raise PukkError(
            say("ingest.gaps.journal_knows_no_such_file"),
            where=str(file),
            way_out=say("ingest.gaps.write_landing_name_as_told"),
        )
    return _Lost(file, place=place)


def _state(paths: Paths, lost: _Lost, reason: str, decided_by: str) -> str:
    """Set the file aside, write the statement, and return it."""
    what = _entry_nb(lost.file) if lost.place is None else _landing_nb(paths, lost.place)
    aside = set_aside(lost.file) if lost.file.exists() else None
    message = " ".join(
        (
            say(
                "ingest.gaps.stated_lost",
                place=lost.place or f"Journalfil {lost.number:08d}",
                decided_by=decided_by,
                reason=reason,
                what=what,
            ),
            say("ingest.gaps.damaged_file_set_aside", name=aside.name) if aside else "",
        )
    ).strip()
    row = {
        "found_at": datetime.now(UTC).replace(tzinfo=None),
        "message_nb": message,
        "entry_number": lost.number,
        "landing_file": lost.place,
        "decided_by": decided_by,
        "reason": reason,
    }
    last = whole_entries(records.files(paths))[-1:]
    previous = last[0].sha256 if last else NOTHING
    number = max((int(f.name[:8]) for f in paths.records.glob("[0-9]*-*")), default=0) + 1
    records.write(paths, records.make(number, "loss", previous, {"losses": [row]}))
    return message


def _entry_nb(file: Path) -> str:
    told = _KIND_NB.get(file.stem.partition("-")[2], _UNKNOWN_NB)
    readable = _as_far_as_readable(file)
    return (
        say("ingest.gaps.as_far_as_readable", told=told, readable=_delivery_nb(readable))
        if readable
        else told
    )


def _as_far_as_readable(file: Path) -> Mapping[str, Any] | None:
    # the checksum is broken, so what is told from it is said with that reservation
    try:
        text = file.read_bytes().decode().partition("\n")[2]
        return records.Entry(0, "delivery", "", text).tables["deliveries"][0]
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return None


def _landing_nb(paths: Paths, place: str) -> str:
    landed, delivery = _recorded_at(paths, place)
    match = _LANDED.fullmatch(place)
    period = match["period"] if match else ""
    if landed is None or delivery is None:
        return say("ingest.gaps.rows_for_period", period=period)
    rows = counted_nb(landed["row_count"], "rad", "rader")
    return say(
        "ingest.gaps.rows_for_period_of_delivery",
        rows=rows,
        period=period,
        delivery=_delivery_nb(delivery),
    )


def _recorded_at(paths: Paths, place: str) -> Landed:
    match = _LANDED.fullmatch(place)
    return recorded(paths, match["delivery"], match["period"]) if match else Landed(None, None)


def _delivery_nb(row: Mapping[str, Any]) -> str:
    n = row.get("rows_loaded")
    loaded = (
        counted_nb(n, "rad", "rader") if isinstance(n, int) else say("ingest.gaps.unknown_rows")
    )
    periods = str(row.get("periods") or say("ingest.gaps.no_period")).replace(",", ", ")
    return (
        f"{row.get('delivery_id')}, {row.get('contract_id')}.{row.get('table_name')}, "
        f"{row.get('file_name')}, {periods}, {loaded}"
    )
