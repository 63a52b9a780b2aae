"""Entries of the store found again: in the store itself, or in any warehouse that holds them.

Nothing is deleted: a damaged file gets another name. What cannot be found is left to ``gaps``.
"""

import hashlib
from collections.abc import Iterable
from pathlib import Path

import duckdb

from pipelines.errors import DamagedError
from pipelines.settings import Paths
from pipelines.warehouse import records
from pipelines.warehouse.records import NOTHING, Entry
from pipelines.words.messages import say

_ASIDE = ".utelatt"


def whole_entries(files: Iterable[Path]) -> list[Entry]:
    """Return the entries that are what was written, in order; the others are left out."""
    found = []
    for file in files:
        try:
            found.append(records.read(file))
        except DamagedError:
            continue
    return found


def set_aside(file: Path) -> Path:
    """Give a damaged file a name that nothing reads; returns where it is now."""
    aside = file.with_name(f"{file.name}{_ASIDE}")
    n_before = len(list(file.parent.glob(f"{aside.name}*")))
    return file.rename(aside.with_name(f"{aside.name}{n_before or ''}"))


def written_back(paths: Paths, number: int) -> str | None:
    """Write a lost entry back from the first warehouse that holds it; returns what was done.

    Args:
        paths: The municipality's folders; warehouses that were set aside are asked too.
        number: The entry's number.
    """
    for file in sorted(paths.root.glob("warehouse*.duckdb")):
        entry = _entry_in(file, number)
        if entry is None or not _fits(paths, entry):
            continue
        for damaged in paths.records.glob(f"{number:08d}-*.json"):
            set_aside(damaged)
        records.write(paths, entry)
        return say("ingest.salvage.journal_file_written_again", number=number, name=file.name)
    return None


def _entry_in(file: Path, number: int) -> Entry | None:
    try:
        with duckdb.connect(str(file), read_only=True) as con:
            found = con.execute(
                "select number, kind, sha256, text from ops.records where number = ?", [number]
            ).fetchall()
    except duckdb.Error:
        return None
    return Entry(*found[0]) if found else None


def _fits(paths: Paths, entry: Entry) -> bool:
    """Return whether an entry is whole and stood between its neighbours, as far as they tell."""
    files = records.files(paths)
    before = whole_entries(f for f in files if records.number_of(f) == entry.number - 1)
    after = whole_entries(f for f in files if records.number_of(f) == entry.number + 1)
    expected = [each.sha256 for each in before] or ([NOTHING] if entry.number == 1 else [])
    return (
        hashlib.sha256(entry.text.encode()).hexdigest() == entry.sha256
        and entry.previous in (expected or [entry.previous])
        and all(each.previous == entry.sha256 for each in after)
        and bool(before or after)
    )
