"""The everyday of Lean as its owner keeps it: two exports and a workbook.

What the rows are is in ``activity.py`` and ``activity_plans.py``.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import numpy as np

from pipelines.example.activity import (
    board_meetings,
    forum_attendance,
    improvement_actions,
    kotter_steps,
)
from pipelines.example.activity_plans import (
    culture_surveys,
    factor_surveys,
    gain_plans,
    planned_course_days,
)
from pipelines.example.lean import Register, Row
from pipelines.example.spec import ExampleSpec
from pipelines.example.workbook import write_workbook
from pipelines.example.writing import Delivery, dmy, number, write_lines
from pipelines.example.written import WRITTEN

WORKBOOK = "lean/leanhverdag.xlsx"
WORDS = {
    "improvement": "Forbedringstavle",
    "leadership": "Ledertavle",
    "plan": "P",
    "do": "U",
    "check": "K1",
    "act": "K2",
    "held": "Holdt",
    "cancelled": "Avlyst",
    "moved": "Flyttet",
    "planned": "Planlagt",
}
EXPORTS: dict[str, tuple[str, dict[str, str]]] = {  # feed: file, column: key
    "tavlemoter": (
        "lean/tavlemoter.csv",
        {"Enhet": "unit", "Dato": "date", "Tavle": "board", "Til stede": "present"},
    ),
    "lederforum": (
        "lean/lederforum.csv",
        {"Forum": "date", "Enhet": "unit", WRITTEN["activity_files.attended"]: "attended"},
    ),
    "tiltak": (
        "lean/tiltak.csv",
        {
            "Tiltak": "id",
            "Enhet": "unit",
            "Syklus": "cycle",
            "Registrert": "registered",
            "Tittel": "title",
            WRITTEN["activity_files.root_cause"]: "cause",
            "Ansvarlig": "role",
            "PUKK": "step",
            "Ferdig": "done",
        },
    ),
}
SHEETS: dict[str, tuple[str, dict[str, str]]] = {  # sheet: feed, column: key
    "Kulturanalyse": (
        "kulturanalyse",
        {
            "Enhet": "unit",
            "Dato": "date",
            "Nr": "statement",
            WRITTEN["activity_files.statement"]: "text",
            WRITTEN["activity_files.now"]: "now",
            WRITTEN["activity_files.target"]: "target",
            "Svar": "answers",
            "Spurt": "invited",
        },
    ),
    "10-FAKTOR": (
        "tifaktor",
        {"Enhet": "unit", "Dato": "date", "Faktor": "factor", "Snitt": "mean", "Svar": "answers"},
    ),
    "Kotter": (
        "kotter",
        {
            "Enhet": "unit",
            "Dato": "date",
            "Trinn": "step",
            "Belegg": "evidence",
            WRITTEN["activity_files.set_by"]: "role",
        },
    ),
    "Veiledere": (
        "veiledere",
        {
            "Veileder": "id",
            "Fra": "valid_from",
            "Til": "valid_to",
            "Enhet": "unit",
            "Andel %": "share_pct",
        },
    ),
    "Planlagte kursdager": (
        "planlagte_kursdager",
        {"Syklus": "cycle", "Dag": "day", "Dato": "date", "Status": "day_status"},
    ),
    "Gevinstplaner": (
        "gevinstplaner",
        {"Gevinst": "gain", "Plan": "number", "Dato": "date", "Lagt": "made", "Handling": "action"},
    ),
    "Modenhet": (
        "modenhet",
        {
            "Enhet": "unit",
            "Dato": "date",
            WRITTEN["activity_files.level"]: "level",
            "Begrunnelse": "reason",
            WRITTEN["activity_files.decided_by"]: "role",
        },
    ),
    "Fallgruver": (
        "fallgruvenotater",
        {
            "Enhet": "unit",
            "Fallgruve": "pitfall",
            "Dato": "date",
            "Notat": "note",
            WRITTEN["activity_files.noted_by"]: "role",
        },
    ),
}


def write_activity(
    spec: ExampleSpec, register: Register, inbox: Path, rng: np.random.Generator
) -> list[Delivery]:
    """Write the exports and the workbook; returns one expectation per table.

    Args:
        spec: The example.
        register: The Lean register, which course days and plans must agree with.
        inbox: Where the deliveries go.
        rng: Where chance comes from.
    """
    names = {unit.id: unit.name for unit in spec.units}
    rows: dict[str, Sequence[Row]] = {
        "tavlemoter": board_meetings(spec, rng),
        "lederforum": forum_attendance(spec),
        "tiltak": improvement_actions(spec, rng),
        "kulturanalyse": culture_surveys(spec, rng),
        "tifaktor": factor_surveys(spec, rng),
        "kotter": kotter_steps(spec),
        "veiledere": [coach.model_dump() for coach in spec.activity.coaches],
        "planlagte_kursdager": planned_course_days(spec, register),
        "gevinstplaner": gain_plans(spec, register),
        "modenhet": [override.model_dump() for override in spec.activity.overrides],
        "fallgruvenotater": [note.model_dump() for note in spec.activity.notes],
    }
    deliveries = []
    for feed, (path, columns) in EXPORTS.items():
        lines = [[_text(cell) for cell in _cells(row, columns, names)] for row in rows[feed]]
        write_lines(inbox / path, [list(columns), *lines], encoding="utf-8")
        deliveries.append(Delivery(path, feed, lines))
    sheets = {}
    for sheet, (feed, columns) in SHEETS.items():
        cells = [_cells(row, columns, names) for row in rows[feed]]
        sheets[sheet] = (tuple(columns), cells)
        deliveries.append(Delivery(WORKBOOK, feed, [[_text(c) for c in row] for row in cells]))
    write_workbook(inbox / WORKBOOK, sheets)
    return deliveries


def _cells(row: Row, columns: Mapping[str, str], names: Mapping[str, str]) -> list[object]:
    shown = dict(row)
    if row.get("unit") is not None:
        shown["unit"] = names[str(row["unit"])]
    cells = (shown[key] for key in columns.values())
    return [WORDS.get(cell, cell) if isinstance(cell, str) else cell for cell in cells]


def _text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "Ja" if cell else "Nei"
    if isinstance(cell, date):
        return dmy(cell)
    return number(cell) if isinstance(cell, float) else str(cell)
