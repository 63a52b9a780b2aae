"""The Lean register as the workbook its owner keeps: one sheet per table, hidden lists, titles.

The same rows give the same bytes: the creation time is fixed.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, cast

import xlsxwriter

from pipelines.example.lean import Register, Row
from pipelines.example.spec import ExampleSpec
from pipelines.example.writing import Delivery
from pipelines.example.written import WRITTEN

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

Sheet = tuple[Sequence[str], Sequence[Sequence[object]]]
CREATED = datetime(2019, 1, 2, 8, 0, tzinfo=UTC).replace(tzinfo=None)  # Excel knows no time zone
FILE = "lean/leanregister.xlsx"
STATUSES = {
    "waiting": "Venteliste",
    "planned": "Planlagt",
    "in_progress": WRITTEN["workbook.in_progress"],
    "in_operation": "I drift",
    "ended": "Avsluttet",
    "identified": "Identifisert",
    "partly_realised": "Delvis realisert",
    "realised": "Realisert",
    "dropped": "Bortfalt",
    "standardise": "Standardiser",
    "adjust": "Juster",
    "stop": "Stopp",
    "budget_cut": "Budsjettkutt",
    "reorganisation": "Omorganisering",
    "leader_change": "Lederskifte",
    "definition_change": "Endret definisjon",
    "external": "Ytre hendelse",
    "cash": "Penger",
    "capacity": "Kapasitet",
    "cost_avoided": WRITTEN["workbook.cost_avoided"],
    "budget_line": "Budsjettlinje",
    "decision": "Vedtak",
    "measurement": WRITTEN["workbook.measure"],
}
SHEETS: dict[str, tuple[str, str, dict[str, str]]] = {  # sheet: table, feed, column: key
    "Sykluser": (
        "cycles",
        "sykluser",
        {
            "Syklus": "id",
            "Enhet": "unit",
            "Nr": "number",
            "Pulje": "wave",
            "Status": "status",
            "Planlagt": "planned",
            "Hypotese": "hypothesis",
            WRITTEN["workbook.metric"]: "metric",
            WRITTEN["workbook.goal"]: "target",
            WRITTEN["workbook.first_course_day"]: "start",
            "Sjette kursdag": "introduction_end",
            "Kontroll": "check",
            "Beslutning": "decision",
        },
    ),
    "Kursdager": (
        "course_days",
        "kursdager",
        {
            "Syklus": "cycle",
            "Enhet": "unit",
            "Dag": "day",
            "Dato": "date",
            "Deltakere": "participants",
        },
    ),
    WRITTEN["workbook.tool"]: (
        "tool_uses",
        "verktoy",
        {"Enhet": "unit", "Dato": "date", WRITTEN["workbook.tool"]: "tool", "Syklus": "cycle"},
    ),
    "Gevinster": (
        "gains",
        "gevinster",
        {
            "Gevinst": "id",
            "Enhet": "unit",
            "Syklus": "cycle",
            "Tittel": "title",
            WRITTEN["workbook.tool"]: "tool",
            "Kvalitet %": "quality",
            "Kvantitet %": "quantity",
            "Besparelse %": "saving",
            "Identifisert": "identified_on",
            WRITTEN["workbook.fte"]: "fte",
            WRITTEN["workbook.metric"]: "metric",
            "Ansvarlig": "owner",
            "Slag": "kind",
            WRITTEN["workbook.amount"]: "amount",
        },
    ),
    "Gevinsthendelser": (
        "gain_events",
        "gevinsthendelser",
        {
            "Gevinst": "gain",
            "Nr": "number",
            "Dato": "date",
            "Status": "status",
            "Endring realisert": "fte_change",
            "Brukt til": "used_for",
            "Dokumentasjon": "evidence",
            "Belegg": "evidence_kind",
            "Henvisning": "evidence_ref",
            "Merknad": "note",
            "Registrert": "registered",
            "Registrert av": "role",
        },
    ),
    "Hendelser": (
        "events",
        "hendelser",
        {
            "Id": "id",
            "Enhet": "unit",
            "Dato": "date",
            "Type": "type",
            WRITTEN["workbook.metric"]: "metric",
            "Beskrivelse": "description",
        },
    ),
}


def write_register(spec: ExampleSpec, register: Register, inbox: Path) -> list[Delivery]:
    """Write the register; returns one expectation per sheet."""
    names = {unit.id: unit.name for unit in spec.units}
    sheets: dict[str, Sheet] = {}
    deliveries = []
    for sheet, (table, feed, columns) in SHEETS.items():
        rows = [_cells(row, columns, names) for row in getattr(register, table)]
        sheets[sheet] = (tuple(columns), rows)
        deliveries.append(Delivery(FILE, feed, [[str(cell) for cell in row] for row in rows]))
    write_workbook(inbox / FILE, sheets, title=f"Lean-register, {spec.municipality_name}")
    return deliveries


def _cells(row: Row, columns: Mapping[str, str], names: Mapping[str, str]) -> list[object]:
    shown = dict(row)
    if row.get("unit") is not None:
        shown["unit"] = names[str(row["unit"])]
    if "split" in row:
        split = cast(tuple[int, int, int], row["split"])
        shown |= dict(zip(("quality", "quantity", "saving"), split, strict=True))
    if "tenths" in row:
        shown["fte_change"] = int(str(row["tenths"])) / 10
    return [STATUSES.get(str(shown[key]), shown[key]) for key in columns.values()]


def write_workbook(path: Path, sheets: Mapping[str, Sheet], *, title: str | None = None) -> Path:
    """Write a workbook with the same bytes for the same rows.

    Args:
        path: The file; its folder is made.
        sheets: Header and rows by sheet name; dates are written as Excel dates.
        title: A line above each header, and a hidden sheet of lists, if given.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    book = xlsxwriter.Workbook(str(path))
    book.set_properties({"created": CREATED})
    day_format = book.add_format({"num_format": "dd.mm.yyyy"})
    for name, (header, rows) in sheets.items():
        sheet = book.add_worksheet(name)
        first = 0
        if title:
            sheet.write_string(0, 0, f"{title}: {name.lower()}")
            first = 2
        sheet.write_row(first, 0, header)
        for number, row in enumerate(rows, start=first + 1):
            _write_row(sheet, number, row, day_format)
    if title:
        hidden = book.add_worksheet("Lister")
        hidden.write_column(0, 0, sorted(set(STATUSES.values())))
        hidden.hide()
    book.close()
    return path


def _write_row(
    sheet: "Worksheet", number: int, row: Sequence[object], day_format: "Format"
) -> None:
    for column, value in enumerate(row):
        if isinstance(value, date):
            sheet.write_datetime(number, column, value, day_format)
        elif isinstance(value, (int, float)):
            sheet.write_number(number, column, value)
        elif value is not None:
            sheet.write_string(number, column, str(value))
