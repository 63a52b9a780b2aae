"""Rows of another month or year than the one in their file's name.

The name decides what a file replaces and which month has been delivered, so last year's absences
under this year's name would be a month in which nobody was ill. How a name is read is in
``periods``; times that cannot be right at all are in ``plausible_time``.
"""

from collections.abc import Iterator

import polars as pl

from pipelines.contracts.times import PERIOD, YEAR
from pipelines.ingest.columns import yaml_place
from pipelines.ingest.delivered_set import DeliveredSet, Hold
from pipelines.ingest.periods import FilePeriod, file_period
from pipelines.municipality.feeds import FileNamePeriod
from pipelines.words.messages import say
from pipelines.words.numbers import counted_nb

CODE = "other_period"
_MONTH, _MONTHS = "month", 12
_LEAST_ROWS = 3
_NEARLY_ALL, _FEW = 0.9, 0.5
_SHOWN = 6


def other_period(delivered: DeliveredSet) -> tuple[Hold, ...]:
    """Return the doubt about a file whose rows tell of another period than its name, at most one.

    A row that states its month or year belongs to it and to no other. A row with a day, or with a
    first and a last day, may have been reported late: there, nearly all rows must lie in one other
    month, and few in the file's own.

    Args:
        delivered: The delivery.
    """
    feed = delivered.feed
    if not isinstance(feed.period, FileNamePeriod):
        return ()
    named = file_period(feed, delivered.file_name)
    stated = _stated(delivered, named)
    if stated is not None:
        labels = delivered.rows.select(stated.alias("label")).group_by("label").len()
        return _of_stated(delivered, named, delivered.taken(labels))
    return _of_days(delivered, named)


def _stated(delivered: DeliveredSet, named: FilePeriod) -> pl.Expr | None:
    """Return each row's own label, as exact as the name's; None where rows have days or nothing."""
    columns, mapped = set(delivered.table.column_names), delivered.feed.columns
    if _MONTH in columns:
        return pl.col(_MONTH).dt.strftime("%Y-%m" if named.month else "%Y-00")
    if YEAR not in columns or YEAR not in mapped:
        return None
    year = pl.col(YEAR).cast(pl.String).str.zfill(4)
    if not named.month or PERIOD not in mapped:
        month = pl.lit(f"{named.month or 0:02d}")
    else:
        # what closes the year is delivered with its last month
        month = pl.col(PERIOD).clip(1, _MONTHS).cast(pl.String).str.zfill(2)
    return pl.concat_str(year, pl.lit("-"), month)


def _of_stated(
    delivered: DeliveredSet, named: FilePeriod, labels: pl.DataFrame
) -> tuple[Hold, ...]:
    others = labels.filter(pl.col("label") != named.label)
    if others.is_empty():
        return ()
    periods = sorted(others["label"].unique().to_list())
    place = yaml_place(delivered.feed, "period")
    return (
        _hold(
            delivered,
            named,
            f"{_n(others)} av {counted_nb(_n(labels), 'rad', 'rader')}",
            periods,
            say("ingest.other_period.name_after_stated_period", place=place),
        ),
    )


def _of_days(delivered: DeliveredSet, named: FilePeriod) -> tuple[Hold, ...]:
    spans = _spans(delivered)
    if spans is None or _n(spans) < _LEAST_ROWS:
        return ()
    exact = "%Y-%m" if named.month else "%Y-00"
    begins = spans.group_by(pl.col("first").dt.strftime(exact)).agg(pl.col("len").sum())
    usual = min(begins.filter(pl.col("len") == pl.col("len").max())["first"])
    touching = {label: _touching(spans, label) for label in (usual, named.label)}
    is_elsewhere = touching[usual] >= _NEARLY_ALL * _n(spans)
    if usual == named.label or not is_elsewhere or touching[named.label] >= _FEW * _n(spans):
        return ()
    return (
        _hold(
            delivered,
            named,
            f"{touching[usual]} av {counted_nb(_n(spans), 'rad', 'rader')}",
            [usual],
            say("ingest.other_period.name_after_days"),
        ),
    )


def _spans(delivered: DeliveredSet) -> pl.DataFrame | None:
    """Return ``first`` and ``last`` day of what rows tell has happened, and how many tell it.

    None when rows tell none.
    """
    columns = delivered.table.columns
    days = [c.name for c in columns if c.time == "measured" and c.name != YEAR]
    if not days:
        return None
    ends = [c.name for c in columns if c.time == "open"]
    last = pl.col(ends[0]) if ends else pl.col(days[0])
    rows = delivered.rows.select(
        pl.col(days[0]).cast(pl.Date).alias("first"), last.cast(pl.Date).alias("last")
    )
    known = rows.filter(pl.col("first").is_not_null())
    return delivered.taken(known.group_by("first", "last").len())


def _n(counted: pl.DataFrame) -> int:
    return int(counted["len"].sum())


def _touching(spans: pl.DataFrame, label: str) -> int:
    exact = "%Y-00" if label.endswith("-00") else "%Y-%m"
    first, last = (pl.col(name).dt.strftime(exact) for name in ("first", "last"))
    is_open = pl.col("last").is_null()
    return _n(spans.filter((first <= label) & (is_open | (last >= label))))


def _hold(
    delivered: DeliveredSet, named: FilePeriod, how_many: str, found: list[str], way_out: str
) -> Hold:
    return Hold(
        CODE,
        say(
            "ingest.other_period.name_says_other_period",
            label=_nb(named.label),
            how_many=how_many,
            found=", ".join(_listed(found)),
            table_path=delivered.table_path,
        ),
        way_out,
    )


def _listed(labels: list[str]) -> Iterator[str]:
    yield from (_nb(label) for label in labels[:_SHOWN])
    if len(labels) > _SHOWN:
        yield say("ingest.other_period.and_more", n_labels=len(labels) - _SHOWN)


def _nb(label: str) -> str:
    return label.removesuffix("-00")
