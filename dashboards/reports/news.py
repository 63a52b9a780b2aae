"""What is new since the edition before: changes as told, within the reader's scope.

Rows and figures only; how they look is in ``components``.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from dashboards.context import Context
from dashboards.marts import allowed_units, description
from dashboards.reports.quality_checks import checks, this_run
from dashboards.reports.shown import Shown, shown
from dashboards.reports.told import HIDDEN_CLASS, put_into_words, told
from pipelines.desk.atom import Entry, Feed, to_atom
from pipelines.desk.comparing import Compared, compared
from pipelines.desk.generations import list_generations
from pipelines.words.news import GROUPS, counts, group_of, group_word, heading
from pipelines.words.news import since as since_words
from pipelines.words.sentences import SENTENCES

Row = dict[str, Any]
MART = "mart_changes"
_COLUMNS = (
    "change_id", "change_kind", "change_order", "scope_type", "unit_id", "unit_name", "metric_id",
    "cycle_id", "item_id", "old_month", "month", "old_value", "new_value", "n", "colour",
    "reason_codes", "old_code", "new_code",
)  # fmt: skip
_EDITION = ("previous_edition", "previous_published_at", "previous_last_month", "is_comparable")
_BY_SIDE = {"concern": 0, "improvement": 1}


@dataclass(frozen=True)
class News:
    """What an edition brings a reader.

    Attributes:
        edition: The row of ``mart_edition``.
        groups: Changes by group, the groups in order; each row with its ``sentence``.
        until: The words on what is compared with what.
        title: What it comes to, in two sentences.
    """

    edition: Row
    groups: Mapping[str, Sequence[Row]]
    until: str
    title: str

    @property
    def is_comparable(self) -> bool:
        """Whether there is an edition before that could be compared with."""
        return bool(self.edition["is_comparable"])

    @property
    def counts(self) -> Mapping[str, int]:
        """How much is new of each group: figures are counted by month."""
        return _counts(row for rows in self.groups.values() for row in rows)

    @property
    def most(self) -> list[Row]:
        """Every change, the most important first, without new figures and files."""
        left_out = ("figures", "deliveries")
        return [row for name, rows in self.groups.items() if name not in left_out for row in rows]


def news(context: Context, unit_id: str | None = None, since: int | None = None) -> News | None:
    """Return what is new; ``None`` where the edition does not say it.

    Args:
        context: The frame's message.
        unit_id: Only of this unit.
        since: Number of the edition to compare with; by default the one before.

    Raises:
        LookupError: The edition asked for is not there any more, or could not be read in time.
    """
    if not context.has(MART):
        return None
    (edition,) = context.rows("mart_edition", _EDITION)
    if since is None or since == edition["previous_edition"]:
        where = {"unit_id": unit_id} if unit_id else {}
        order = ("change_order", "unit_name", "change_id")
        rows = told(context, MART, _COLUMNS, ("sentence",), order_by=order, **where)
    else:
        edition, rows = _since(context, since)
    return _news(context, edition, rows)


@dataclass(frozen=True)
class Edition:
    """An edition from before that can be compared with.

    Attributes:
        number: Its number.
        published_at: When it was published.
    """

    number: int
    published_at: datetime


def editions_before(context: Context) -> list[Edition]:
    """Return the editions from before that are still there, the newest first."""
    now = Path(context.generation)
    return [
        Edition(each.number, datetime.fromisoformat(each.published_at))
        for each in reversed(list_generations(now.parent))
        if each.file_name < now.name
    ]


def _since(context: Context, since: int) -> tuple[Row, list[Row]]:
    found = _compared(context.generation, since)
    scope = context.viewer.scope
    mine = () if scope.is_everything else allowed_units(context.generation, scope)
    # of groups a reader of some units is told by the edition alone, which knows whom they give away
    rows = [dict(row) for row in found.rows if scope.is_everything or row["unit_id"] in mine]
    edition = {
        "previous_edition": since, "previous_published_at": found.published_at,
        "previous_last_month": found.last_month, "is_comparable": found.is_comparable,
    }  # fmt: skip
    return edition, put_into_words(context, MART, rows, ("sentence",))


@lru_cache(maxsize=8)
def _compared(generation: str, since: int) -> Compared:
    file = Path(generation)
    now = next(
        (each for each in list_generations(file.parent) if each.file_name == file.name), None
    )
    found = compared(file.parent, now.number, since) if now is not None else None
    if found is None:
        raise LookupError(since)
    return found


def _news(context: Context, edition: Row, rows: Sequence[Row]) -> News:
    kept = _of_the_set(context, rows)
    groups = {
        group: found
        for group in GROUPS
        if (found := [row for row in kept if group_of(row["change_kind"]) == group])
    }
    for group in ("signals", "signals_gone"):
        groups.get(group, []).sort(key=lambda row: _BY_SIDE.get(row["colour"], 2))
    if "deliveries" in groups:
        groups["deliveries"] = _with_files(context, groups["deliveries"])
    (who,) = context.rows("mart_municipality", ("last_month",))
    until = since_words(
        edition["previous_edition"], edition["previous_published_at"],
        (edition["previous_last_month"], who["last_month"]), context.language,
        is_comparable=edition["is_comparable"],
    )  # fmt: skip
    return News(edition, groups, until, heading(_counts(kept), context.language))


def _counts(rows: Iterable[Row]) -> Mapping[str, int]:
    return counts((row["change_kind"], row["n"]) for row in rows)


def _of_the_set(context: Context, rows: Sequence[Row]) -> list[Row]:
    # a metric that is another turned round, or a part of one, is the same news twice
    found = shown(context)
    if not found.rows:
        return list(rows)
    return [
        row
        for row in rows
        if row["metric_id"] is None or found.holds(row["unit_id"], row["metric_id"])
    ]


def _with_files(context: Context, rows: Sequence[Row]) -> list[Row]:
    names = {
        row["delivery_id"]: row["file_name"]
        for row in context.rows("mart_deliveries", ("delivery_id", "file_name"))
    }
    sentence = SENTENCES[MART, "sentence"]
    columns = (*sentence.columns, "metric_id")
    every = context.rows(MART, columns, change_kind="delivery")
    named = {row["item_id"]: row | {"item_id": names.get(row["item_id"])} for row in every}
    return [
        row | {"sentence": sentence.text(named[row["item_id"]], {}, context.language)}
        for row in rows
    ]


def conclusions(found: Shown) -> Mapping[tuple[str, str], Row]:
    """Return the conclusions now by unit and metric; what is hidden is none."""
    return {
        (row["unit_id"], row["metric_id"]): row
        for row in found.rows
        if row["verdict_class"] != HIDDEN_CLASS
    }


def broken_promises(context: Context) -> int | None:
    """Return how many promises are broken now and were not in the edition before.

    ``None`` for a reader of some units, who does not see the checks.
    """
    if not context.viewer.scope.is_everything:
        return None
    found = checks(context)
    return sum(row["change"] == "new" for row in this_run(found)) if found else 0


def courses(
    context: Context, rows: Sequence[Row], months: int
) -> Mapping[tuple[str, str], Sequence[float | None]]:
    """Return the last months as measured of each change's series, by cycle and metric.

    Args:
        context: The frame's message.
        rows: Changes of series.
        months: How many at most.
    """
    wanted = {(row["cycle_id"], row["metric_id"]) for row in rows}
    if not wanted:
        return {}
    found: dict[tuple[str, str], list[float | None]] = {}
    for point in context.rows(
        "mart_control_chart_points", ("cycle_id", "metric_id", "measured_value"),
        order_by=("series_id", "month"), series="value",
        unit_id=tuple(sorted({row["unit_id"] for row in rows})),
        metric_id=tuple(sorted({row["metric_id"] for row in rows})),
    ):  # fmt: skip
        key = (point["cycle_id"], point["metric_id"])
        if key in wanted:
            found.setdefault(key, []).append(point["measured_value"])
    return {key: values[-months:] for key, values in found.items()}


def news_feed(context: Context, found: News) -> bytes:
    """Return what is new as an Atom feed: an entry a change, new figures and files left out."""
    (who,) = context.rows("mart_municipality", ("municipality_id", "name"))
    about = description(context.generation)
    published = about.get("published_at")
    feed = Feed(
        f"{who['municipality_id']}/{about.get('generation', '')}", found.title, who["name"],
        datetime.fromisoformat(published) if published else datetime.now(UTC), context.language,
    )  # fmt: skip
    groups = {row["change_id"]: name for name, rows in found.groups.items() for row in rows}
    entries = [
        Entry(
            row["change_id"],
            ": ".join(
                part
                for part in (
                    row["unit_name"],
                    group_word(groups[row["change_id"]], context.language),
                )
                if part
            ),
            row["sentence"],
        )
        for row in found.most
    ]
    return to_atom(feed, entries)
