"""When a unit began and ended, what it continues and what became of it, in words."""

from collections.abc import Mapping
from typing import Any

from pipelines.desk.generations import Generation
from pipelines.publishing.contents import read_rows
from pipelines.settings import Paths
from pipelines.words.catalogue import DEFAULT_LANGUAGE
from pipelines.words.messages import say


def life_lines(
    paths: Paths, generation: Generation, unit_id: str, language: str = DEFAULT_LANGUAGE
) -> list[str]:
    """Return what is known of a unit's life; nothing for one that has always been there.

    Args:
        paths: The municipality's folders.
        generation: What readers see.
        unit_id: The unit.
        language: The language its history is told in, where the edition has it.
    """
    # an older generation has fewer columns, and is shown when the newest cannot be
    (unit,) = read_rows(paths, generation, "select * from dim_units where unit_id = ?", [unit_id])
    said = [
        *_bounds(unit),
        *filter(None, [unit.get(f"history_{language}") or unit.get("history_nb")]),
    ]
    return [f"{unit['unit_name']}: {' '.join(said)}"] if said else []


def _bounds(unit: Mapping[str, Any]) -> list[str]:
    lines = []
    continues, continued_by = unit.get("continues"), unit.get("continued_by")
    if unit["valid_from"]:
        before = say("cli.unit_life.and_continues", continues=continues) if continues else ""
        lines.append(f"Tallene begynner {unit['valid_from']:%d.%m.%Y}{before}.")
    elif continues:
        lines.append(say("cli.unit_life.also_continues", continues=continues))
    if unit["valid_to"]:
        after = (
            say("cli.unit_life.and_continued_by", continued_by=continued_by) if continued_by else ""
        )
        lines.append(say("cli.unit_life.last_day_is", valid_to=unit["valid_to"], after=after))
    return lines
