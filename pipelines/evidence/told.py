"""A table of answers as it is told to readers: sentences in every language, and what is drawn.

The sentences are ``sentences``; what is kept of it for the pages is ``pipelines.desk.elsewhere``.
Figures are told as in the sentences: in the metric's unit, or per cent of what was expected.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from pipelines.desk.elsewhere import Elsewhere, Place, Told
from pipelines.effects.model.scale import Telling
from pipelines.effects.model.student import half_width
from pipelines.evidence.pooling import LEAST, Shared, pool_municipalities
from pipelines.evidence.sentences import left_out, own, together
from pipelines.evidence.withheld import ALL
from pipelines.words.catalogue import codes, find

Row = Mapping[str, Any]


def as_told(
    table: Row, labels: Mapping[str, Mapping[str, str]], municipality_id: str = ""
) -> Elsewhere:
    """Return what a table of answers says, for one municipality or for the one who pools.

    Args:
        table: From :func:`pipelines.evidence.table.read_table`.
        labels: Metric -> language -> what it is called; by its code where it is not there.
        municipality_id: Whose own it is; empty for nobody's.
    """
    return Elsewhere(
        made_at=table["made_at"],
        answers=tuple(_told(row, labels, municipality_id) for row in table["answers"]),
        refused={code: _left_out(table["refused"], code) for code in codes()},
    )


def _told(row: Row, labels: Mapping[str, Mapping[str, str]], municipality_id: str) -> Told:
    metric_id = row["definition"]["metric_id"]
    here = {one["municipality_id"] for one in row["municipalities"]}
    counted = [one for one in row["left_out"] if one["municipality_id"] not in here]
    return Told(
        metric_id=metric_id,
        label={
            code: _label(labels.get(metric_id, {}).get(code, metric_id), row, code)
            for code in codes()
        },
        service_type=row["service_type"],
        k=len(row["municipalities"]),
        unit="percent" if row["scale"] == "log" else row["definition"]["unit"],
        together={code: tuple(together(row, code)) for code in codes()},
        own={code: tuple(own(row, municipality_id, code)) for code in codes()}
        if municipality_id
        else {},
        left_out={code: _left_out(counted, code) for code in codes()},
        places=(*_municipalities(row, municipality_id), *_all_together(row)),
    )


def _label(name: str, row: Row, language: str) -> str:
    kind = row["service_type"]
    if kind == ALL:
        return name
    return f"{name}, {find(f'service_type.{kind}', language) or kind}"


def _left_out(outcomes: Sequence[Row], language: str) -> tuple[str, ...]:
    return tuple(left_out(one, language) for one in outcomes)


def _municipalities(row: Row, municipality_id: str) -> list[Place]:
    rows, without, telling = row["municipalities"], _without(row), Telling(row["scale"])
    found = []
    for one in rows:
        half = half_width(one["df"]) * one["se"] + one["margin"]
        found.append(
            Place(
                name=one["municipality_name"] or one["municipality_id"],
                kind="municipality",
                is_own=one["municipality_id"] == municipality_id,
                estimate=telling.told(one["estimate"]),
                low=telling.told(one["estimate"] - half),
                high=telling.told(one["estimate"] + half),
                distance=one.get("distance_from_others"),
                without=without.get(one["municipality_id"]),
                is_drawn=one["start_order"] == "drawn",
                is_announced=one["registered"],
            )
        )
    return found


def _without(row: Row) -> dict[str, tuple[float, float, float]]:
    """Return municipality -> what the others say without it; empty where they are too few."""
    shared = [
        Shared(
            one["municipality_id"], one["estimate"], one["se"], one["margin"], one["start_order"]
        )
        for one in row["municipalities"]
    ]
    if row["pooled"] is None or len(shared) <= LEAST:
        return {}
    found = {}
    for place, one in enumerate(shared):
        rest = pool_municipalities([*shared[:place], *shared[place + 1 :]])
        figures = (rest.mean.mean, rest.low, rest.high)
        estimate, low, high = (Telling(row["scale"]).told(figure) for figure in figures)
        found[one.municipality] = (estimate, low, high)
    return found


def _all_together(row: Row) -> list[Place]:
    found, telling = row["pooled"], Telling(row["scale"])
    if found is None:
        return []
    return [
        Place(
            name="",
            kind=kind,
            is_own=False,
            estimate=telling.told(found[middle]),
            low=telling.told(found[low]),
            high=telling.told(found[high]),
        )
        for kind, middle, low, high in (
            ("mean", "mean", "low", "high"),
            ("new", "new_mean", "new_low", "new_high"),
        )
    ]
