"""A drafted folder written and tried: the one place here that writes to disk."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pipelines.contracts.model import load_contracts
from pipelines.contracts.times import CALENDAR_FIRST
from pipelines.desk.personal_identifiers import masked
from pipelines.errors import DeliveryRejectedError
from pipelines.ingest.drafting.draft import FeedDraft
from pipelines.ingest.drafting.feeds import drafted, grouped
from pipelines.ingest.drafting.folder import (
    Named,
    fed_metrics,
    metrics_text,
    own_measures,
    profile_text,
    source_texts,
)
from pipelines.ingest.drafting.sheets import FoundTable, tables_in
from pipelines.ingest.not_counted import reason_of
from pipelines.ingest.trial import try_files
from pipelines.ingest.tried import Trial, TriedFile
from pipelines.municipality.identity import PROFILE
from pipelines.municipality.load import load_municipality, load_standard_metrics
from pipelines.words.messages import say

_UNFINISHED = ".utkast"
_USUAL_FIRST = "2016-01"


@dataclass(frozen=True)
class Written:
    """A folder that was drafted.

    Attributes:
        feeds: Its feeds.
        silent: Files that got none, and why.
        metrics: The standard metrics they can feed.
        trials: What would become of the files.
    """

    feeds: tuple[FeedDraft, ...]
    silent: tuple[str, ...]
    metrics: tuple[str, ...]
    trials: tuple[Trial, ...]


def write_folder(
    folder: Path, named: Named, files: Sequence[TriedFile], *, schemas: Path
) -> Written:
    """Write a municipality's folder with a draft of how its files are read, and try them.

    Args:
        folder: Where; it is made.
        named: Who the municipality is.
        files: Its files.
        schemas: Where the JSON schemas lie.
    """
    tables, silent = _tables(files)
    feeds, without = drafted(grouped(tables))
    contracts = load_contracts()
    metrics = fed_metrics(feeds, contracts, load_standard_metrics())
    building = folder.with_name(f".{folder.name}{_UNFINISHED}")
    shutil.rmtree(building, ignore_errors=True)
    (building / "sources").mkdir(parents=True)
    try:
        earliest = f"{CALENDAR_FIRST:%Y-%m}"  # nothing is too old while the first month is unknown
        _write(building / PROFILE, profile_text(named, earliest, str(schemas), is_known=False))
        _write(building / "metrics.yml", metrics_text(metrics, own_measures(feeds), str(schemas)))
        for name, text in source_texts(feeds, str(schemas)).items():
            _write(building / "sources" / name, text)
        # of a file that got no feed it is said why; that no feed knows it is not more
        trials = [
            trial
            for trial in try_files(load_municipality(building), contracts, files)
            if trial.status != "no_feed"
        ]
        months = sorted(month for trial in trials if (month := _first_month(trial)))
        first = months[0] if months else _USUAL_FIRST
        text = profile_text(named, first, str(schemas), is_known=bool(months))
        _write(building / PROFILE, text)
        if folder.exists():
            folder.rmdir()  # empty, or it would have been refused
        building.rename(folder)
    finally:
        shutil.rmtree(building, ignore_errors=True)
    return Written(tuple(feeds), (*silent, *without), tuple(metrics), tuple(trials))


def _tables(files: Sequence[TriedFile]) -> tuple[list[FoundTable], list[str]]:
    tables: list[FoundTable] = []
    silent: list[str] = []
    for file in files:
        try:
            found = tables_in(file.name, file.raw)
        except DeliveryRejectedError as refused:
            silent.append(reason_of(masked(file.name), refused))
            continue
        if not found:
            silent.append(say("ingest.drafting.no_table", file=masked(file.name)))
        tables += found
    return tables, silent


def _first_month(trial: Trial) -> str | None:
    """Return the first month a trial has rows for; a whole year begins in January."""
    told = trial.rows["periods"] if trial.rows else None
    periods = [p for p in (told or "").split(",") if p and p != "all"]
    return min(periods).replace("-00", "-01") if periods else None


def _write(file: Path, text: str) -> None:
    file.write_text(text, encoding="utf-8")
