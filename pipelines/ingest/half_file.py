"""Is this the whole file? Judged by its number of rows, against what the feed usually holds.

Rows that are there but wrong are judged by the contract; people and units that vanish from a
register are judged where registers are.
"""

from collections.abc import Iterator

import polars as pl

from pipelines.ingest.delivered_set import DeliveredSet, Hold
from pipelines.ingest.periods import ALL
from pipelines.ingest.split import keeps_identical
from pipelines.ingest.usual_rows import MIN_MONTHS, Usual, is_fraction, is_month, usual
from pipelines.ingest.vanished import is_judged_by_position
from pipelines.ingest.versions import (
    PART_SQL,
    comparable,
    kinds_in,
    laid_over,
    parts,
    parts_in,
    same_kinds,
)
from pipelines.words.messages import say
from pipelines.words.numbers import counted_nb, number_nb

LINE_LIMITS = (65_536, 1_048_576)
"""Rows an Excel sheet holds: the old format and the one in use."""

FEW_SHARE = 0.8
"""With history: below the limits and below this share of the usual is few."""

PLAIN_SHARE = 0.5
"""Without history, or against the version a correction replaces: below this share is few."""

MANY_TIMES = 1.8
_DOUBLED_SHARE = 0.95
_SHOWN = 5
# a row by its hash: whole rows side by side would be as large as the file once more
_TWICE = """
select period_ym, sum(k) as n, coalesce(sum(k) filter (where k > 1), 0) as n_twice
from (
    select period_ym, hash({names}) as h, count(*) as k, min(source_row) as first_row
    from __delivered group by period_ym, h
)
group by period_ym order by min(first_row)
"""
_NO_FILE_ENDS_HERE = say("ingest.half_file.export_again_whole_file")


def judge_size(delivered: DeliveredSet) -> tuple[Hold, ...]:
    """Return the doubts about whether a delivery holds everything, and only once.

    Args:
        delivered: The delivery.
    """
    return (*at_a_limit(delivered), *_unlike_before(delivered), *_every_row_twice(delivered))


def at_a_limit(delivered: DeliveredSet) -> Iterator[Hold]:
    """Return the doubt about a file with exactly as many lines or rows as a sheet holds."""
    sheet = delivered.sheet
    lines, rows = sheet.lines_total, sheet.rows.height + len(sheet.broken)
    for limit in LINE_LIMITS:
        if lines != limit and rows not in {limit - 1, limit}:
            continue
        found = f"{_whole(lines)} linjer" if lines == limit else f"{_whole(rows)} datarader"
        yield Hold(
            "row_limit",
            say("ingest.half_file.exactly_at_a_limit", found=found, limit=_whole(limit)),
            say("ingest.half_file.export_without_spreadsheet"),
        )


def _unlike_before(delivered: DeliveredSet) -> Iterator[Hold]:
    few: list[str] = []
    many: list[str] = []
    asked = comparable(delivered.rows, delivered.table_path)
    compared = delivered.taken(asked.group_by("period_ym", *kinds_in(delivered.table_path)).len())
    counted = {str(p): int(n) for p, n in _count(compared).items()}
    before = {} if is_judged_by_position(delivered) else _before(delivered, compared)
    # a row in quarantine was in the file: it is not what is missing
    aside = delivered.split.n_quarantined
    for period, n in sorted(counted.items()):
        if period == ALL:
            few.extend(_smaller_register(delivered, n + aside))
        elif is_month(period) and period < f"{delivered.received_at:%Y-%m}":
            told, is_many = _month(period, n, aside, before, counted)
            (many if is_many else few).extend(told)
        elif period in before and not is_month(period):
            few.extend(_corrected(period, n + aside, before[period]))
    few.extend(_smaller_versions(delivered))
    if few:
        yield Hold("few_rows", say("ingest.half_file.rows_seem_missing", few=_listed(few)),
                   _NO_FILE_ENDS_HERE)  # fmt: skip
    if many:
        yield Hold("many_rows", say("ingest.half_file.far_more_rows", many=_listed(many)),
                   say("ingest.half_file.check_nothing_twice"))  # fmt: skip


def _month(
    period: str, n: int, aside: int, before: dict[str, int], counted: dict[str, int]
) -> tuple[list[str], bool]:
    """Return what is wrong with a month, and whether it is that there are too many rows."""
    history = {p: c for p, c in before.items() if is_month(p) and p != period}
    if len(history) < MIN_MONTHS:
        history = {p: c for p, c in counted.items() if is_month(p) and p != period} | history
    found = usual(history, period)
    previous = before.get(period, 0)
    if found is None:
        return _corrected(period, n + aside, previous), False
    if found.is_known and found.is_many(n, times=MANY_TIMES):
        return [_sentence(period, n, found)], True
    share = FEW_SHARE if found.is_known else PLAIN_SHARE
    # where the month before or after holds as few, that is the feed's level and no fault
    beside = (max((p for p in history if p < period), default=None),
              min((p for p in history if p > period), default=None))  # fmt: skip
    is_level = any(p is not None and n + aside >= share * history[p] for p in beside)
    if found.is_few(n + aside, share=share) and not is_level:
        return [_sentence(period, n, found)], False
    is_ordinary = found.is_known and n >= FEW_SHARE * found.centre
    return ([] if is_ordinary else _corrected(period, n + aside, previous)), False


def _corrected(period: str, n: int, previous: int) -> list[str]:
    if not is_fraction(n, previous, share=PLAIN_SHARE):
        return []
    return [
        say(
            "ingest.half_file.fewer_than_corrected",
            period=period,
            n=_rows(n),
            previous=_whole(previous),
        )
    ]


def _smaller_register(delivered: DeliveredSet, n: int) -> list[str]:
    if is_judged_by_position(delivered):
        return []
    earlier = delivered.con.execute(
        "select rows_loaded from ops.deliveries where feed_id = ? and table_name = ?"
        " and periods = ? and status in ('loaded', 'superseded') order by seq desc limit 1",
        [delivered.feed.id, delivered.table.name, ALL],
    ).fetchall()
    previous = int(earlier[0][0]) if earlier else 0
    if not is_fraction(n, previous, share=FEW_SHARE):
        return []
    return [
        say("ingest.half_file.smaller_than_last_register", n=_rows(n), previous=_whole(previous))
    ]


def _every_row_twice(delivered: DeliveredSet) -> Iterator[Hold]:
    """Where equal rows are kept, a file in which nearly all stand twice was put together twice."""
    if not keeps_identical(delivered.feed, delivered.table):
        return
    names = ", ".join(f'"{name}"' for name in delivered.table.column_names)
    for period, n, n_twice in delivered.told(_TWICE.format(names=names)):
        if n >= 2 * MIN_MONTHS and n_twice >= _DOUBLED_SHARE * n:
            yield Hold(
                "many_rows",
                say(
                    "ingest.half_file.rows_twice",
                    period=period,
                    is_twice=_whole(n_twice),
                    height=_whole(n),
                ),
                say("ingest.half_file.check_nothing_twice"),
            )
            return


def _smaller_versions(delivered: DeliveredSet) -> Iterator[str]:
    """What is laid over other versions is held against itself alone, as it was delivered before."""
    name = delivered.table_path
    of_parts = laid_over(delivered.rows, name).group_by("period_ym", *parts_in(name)).len()
    over = delivered.taken(of_parts)
    if over.is_empty():
        return
    rows = delivered.con.execute(
        f"select period_ym, {PART_SQL}, count(*) from {name} where feed_id = ? group by all",
        [delivered.feed.id],
    ).fetchall()
    before = {(period, part): int(n) for period, part, n in rows}
    named = over.with_columns(parts(over).alias("part"))
    counted = named.group_by("period_ym", "part").agg(pl.col("len").sum())
    for period, part, n in counted.sort("period_ym", "part").iter_rows():
        yield from _corrected(period, n, before.get((period, part), 0))


def _before(delivered: DeliveredSet, compared: pl.DataFrame) -> dict[str, int]:
    of_kinds, kinds = same_kinds(compared, delivered.table_path)
    rows = delivered.con.execute(
        f"select period_ym, count(*) from {delivered.table_path}"
        f" where feed_id = ? and {of_kinds} group by period_ym",
        [delivered.feed.id, *kinds],
    ).fetchall()
    return {str(period): int(n) for period, n in rows}


def _count(rows: pl.DataFrame) -> dict[str, int]:
    return dict(rows.group_by("period_ym").agg(pl.col("len").sum()).iter_rows())


def _sentence(period: str, n: int, found: Usual) -> str:
    said = f"{period}: {_rows(n)}, mot vanlig {_whole(found.centre)}"
    if not found.is_known:
        return f"{said}."
    low, high = _whole(found.lower), _whole(found.upper)
    return say(
        "ingest.half_file.outside_usual", said=said, low=low, high=high, n_months=found.n_months
    )


def _listed(sentences: list[str]) -> str:
    more = len(sentences) - _SHOWN
    rest = (
        say("ingest.half_file.more_periods", more=counted_nb(more, "periode", "perioder"))
        if more > 0
        else ""
    )
    return " ".join(sentences[:_SHOWN]) + rest


def _rows(n: int) -> str:
    return counted_nb(n, "rad", "rader")


def _whole(value: float) -> str:
    return number_nb(value, 0)
