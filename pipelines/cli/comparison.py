"""What the comparison with units that have not started says, in lines for the terminal.

The sentences come from the published tables.
"""

from pipelines.publishing.generation import Generation, read_rows
from pipelines.settings import Paths

_HEADING = "[bold]Mot enheter som ikke har startet[/]"


def unit_lines(paths: Paths, generation: Generation, unit_id: str) -> list[str]:
    """Return the judged metrics of one unit in words, and how many could not be judged.

    Args:
        paths: The municipality's folders.
        generation: What is shown.
        unit_id: The unit.
    """
    if not _has_effects(paths, generation, "mart_effects"):
        return []
    rows = read_rows(
        paths,
        generation,
        "select e.verdict, e.text_nb from mart_effects as e inner join dim_metrics as m"
        " using (metric_id) where unit_id = ? order by m.metric_order",
        [unit_id],
    )
    silent = ("too_little_data", "suppressed")
    lines = [f"- {row['text_nb']}" for row in rows if row["verdict"] not in silent]
    n_silent = len(rows) - len(lines)
    if n_silent:
        others = "andre måltall" if lines else "måltall"
        lines.append(f"- {n_silent} {others} kan ikke sammenlignes: for lite data, eller skjult.")
    return [_HEADING, *lines] if lines else []


def pooled_lines(paths: Paths, generation: Generation) -> list[str]:
    """Return one line per metric for all units taken together, two years after the start."""
    if not _has_effects(paths, generation, "mart_effects_pooled"):
        return []
    rows = read_rows(
        paths,
        generation,
        "select e.text_nb from mart_effects_pooled as e inner join dim_metrics as m"
        " using (metric_id) where group_type = 'all' and kind = 'window' and first_month_after = 0"
        " and last_month_after = 23 order by m.metric_order",
    )
    lines = [f"- {row['text_nb']}" for row in rows]
    return [f"{_HEADING}, alle enheter samlet", *lines] if lines else []


def _has_effects(paths: Paths, generation: Generation, table: str) -> bool:
    # a generation from before the table said it in words can be rolled back to
    found = read_rows(
        paths,
        generation,
        "select 1 as one from duckdb_columns() where table_name = ? and column_name = 'text_nb'",
        [table],
    )
    return bool(found)
