"""What the headlines and the comparison with units that have not started say, in lines.

The sentences are made of the published rows.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.text import Text

from pipelines.cli.output import marked
from pipelines.desk.generations import Generation
from pipelines.publishing.contents import read_rows
from pipelines.settings import Paths
from pipelines.words.messages import say
from pipelines.words.sentences import SENTENCES
from pipelines.words.told_rows import METRIC_COLUMNS, Metric

_HEADING = say("cli.comparison.against_not_started")


# what was not judged has nothing to tell but why, and that is in the table
_SILENT = ("suppressed", "too_little_data")


def sentence_lines(
    rows: Sequence[Mapping[str, Any]], language: str, most: int | None = None
) -> list[str | Text]:
    """Return the judged headlines in full sentences, what most needs talk first.

    Args:
        rows: Rows of ``mart_headlines`` with their sentences.
        language: The language the sentences are in.
        most: How many to show; none means all, and the number that were not judged.
    """
    judged = sorted(
        (row for row in rows if row["headline_group"] not in _SILENT), key=lambda r: r["talk_order"]
    )
    lines = [f"- {_whose(row, most)}{row[f'sentence_{language}']}" for row in judged[:most]]
    n_silent = len(rows) - len(judged)
    if n_silent and most is None:
        others = say("cli.comparison.other_metrics") if lines else say("cli.comparison.metrics")
        lines.append(say("cli.comparison.not_judged", n_silent=n_silent, others=others))
    heading = "I ord" if most is None else say("cli.comparison.most_to_talk_about")
    return [marked("[bold]{}[/]", heading), *lines] if lines else []


def _whose(row: Mapping[str, Any], most: int | None) -> str:
    return "" if most is None else f"{row['unit_name']}: "


def overview_lines(paths: Paths, generation: Generation, language: str) -> list[str | Text]:
    """Return how many improvements were found, and how many chance alone would give.

    Over what the pages count: units' newest cycles, and metrics that are no part of another. An
    edition from before that was counted has the whole of it.
    """
    row, *_ = read_rows(
        paths,
        generation,
        "select scope_type, n_improved, n_association, n_by_comparison, n_by_chart,"
        " expected_by_chance from mart_overview where scope_type in ('shown', 'municipality')"
        " order by scope_type desc",
    )
    heading = (
        say("cli.comparison.all_units_and_metrics")
        if row["scope_type"] == "shown"
        else say("cli.comparison.all_units_cycles_and_metrics")
    )
    chance = SENTENCES["mart_overview", "chance"].text(row, {}, language)
    return [
        marked(heading),
        say(
            "cli.comparison.improved_counts",
            n_improved=row["n_improved"],
            n_association=row["n_association"],
            chance=chance,
        ),
    ]


def pooled_lines(paths: Paths, generation: Generation, language: str) -> list[str | Text]:
    """Return one line per metric for all units taken together, two years after the start."""
    if not has_column(paths, generation, "mart_effects_pooled", "p_limit"):
        return []
    sentence = SENTENCES["mart_effects_pooled", "sentence"]
    columns = dict.fromkeys((*METRIC_COLUMNS, label_column(paths, generation, language)))
    rows = read_rows(
        paths,
        generation,
        f"select {', '.join(f'e.{column}' for column in sentence.columns)},"
        f" {', '.join(f'm.{column}' for column in columns)}"
        " from mart_effects_pooled as e inner join dim_metrics as m"
        " using (metric_id) where group_type = 'all' and kind = 'window' and first_month_after = 0"
        " and last_month_after = 23 order by m.metric_order",
    )
    lines = [
        f"- {sentence.text(row, {row['metric_id']: Metric.of(row)}, language)}" for row in rows
    ]
    heading = marked(say("cli.comparison.pooled_of_all"), _HEADING)
    return [heading, *lines] if lines else []


def label_column(paths: Paths, generation: Generation, language: str) -> str:
    """Return the column of metrics' names in a language; an edition from before it has bokmål."""
    wanted = f"label_{language}"
    return wanted if has_column(paths, generation, "dim_metrics", wanted) else "label_nb"


def has_column(paths: Paths, generation: Generation, table: str, column: str) -> bool:
    """Return whether an edition has a column: one of an older Pukk can be rolled back to."""
    found = read_rows(
        paths,
        generation,
        "select 1 as one from duckdb_columns() where table_name = ? and column_name = ?",
        [table, column],
    )
    return bool(found)
