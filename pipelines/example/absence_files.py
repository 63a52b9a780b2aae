"""Absence as two personnel systems export it: a grouped report, then a flat extract.

The report has title lines, a group row and a sum per unit, and a new header on every page. The
flat extract came with the new system, one year of it as Excel's «Unicode text».
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from pipelines.example.absences import Absence
from pipelines.example.exports import UNKNOWN_CODE, UNKNOWN_NUMBER
from pipelines.example.spec import ExampleSpec
from pipelines.example.writing import (
    Cells,
    Delivery,
    dmy,
    employee_text,
    mixed_date,
    write_delivery,
)
from pipelines.example.written import WRITTEN

REPORT_HEADER = [
    "Ansattnr",
    "Arb.forhold",
    "Fra dato",
    "Til dato",
    WRITTEN["absence_files.absence_code"],
    "Grad",
    "Dager",
]
EXTRACT_HEADER = [
    "Ansattnummer",
    "Arbeidsforhold",
    "Org.enhet",
    "Fom",
    "Tom",
    WRITTEN["absence_files.absence_type"],
    "Grad",
    "Kalenderdager",
]
REPORT_CODES = {
    "self_certified": "EGENM", "certified": "SYKM", "child_sick": "BARN", "leave": "PERM",
    "parental": "FORPERM", "holiday": "FERIE", "time_off": "AVSP",
}  # fmt: skip
EXTRACT_KINDS = {
    "self_certified": "Egenmelding", "certified": "Sykmelding", "child_sick": "Barns sykdom",
    "leave": "Permisjon", "parental": "Foreldrepermisjon", "holiday": "Ferie",
    "time_off": "Avspasering",
}  # fmt: skip
REPORT_YEARS = 5
UNICODE_TEXT_YEAR = 7
GROUPS_PER_PAGE = 6
UNIT, START, END, GRADE = 2, 3, 4, 6
WHOLE = 100
CORRECTED_MONTH, COPIED_MONTH = 3, 5
LATE_ROWS = 4


def write_absences(spec: ExampleSpec, absences: list[Absence], inbox: Path) -> list[Delivery]:
    """Write a file a year, and from ``monthly_year`` a file a month; rows lie where they start.

    One month comes again corrected, and one month twice by mistake.
    """
    by_file: dict[tuple[int, int], list[Absence]] = defaultdict(list)
    for absence in absences:
        start = date.fromordinal(absence.start)
        start = max(start, date(spec.first_year, 1, 1))
        by_file[(start.year, start.month if start.year >= spec.monthly_year else 0)].append(absence)
    deliveries = [_draft(spec, *key, rows) for key, rows in sorted(by_file.items())]
    corrected = f"_{spec.monthly_year}_{CORRECTED_MONTH:02d}."
    _break(spec, [delivery for delivery in deliveries if corrected not in delivery.path])
    for delivery in deliveries:
        _write(spec, delivery, inbox)
    return deliveries + _second_thoughts(spec, deliveries, inbox)


def _draft(spec: ExampleSpec, year: int, month: int, absences: list[Absence]) -> Delivery:
    is_report = year < spec.first_year + REPORT_YEARS
    name = f"{year}_{month:02d}" if month else str(year)
    path = f"fravar/{'fravarsrapport' if is_report else 'sykefravar'}_{name}.csv"
    delivery = Delivery(path, "fravarsrapport" if is_report else "sykefravar")
    words = REPORT_CODES if is_report else EXTRACT_KINDS
    for turn, absence in enumerate(absences):
        unit = spec.unit_by_id[absence.unit_id]
        kind = words[absence.kind]
        if not is_report and absence.grade < WHOLE:
            kind += " gradert"
        last = spec.last_day.toordinal() if absence.end is None else absence.end
        usual = "dmy" if is_report else "iso"
        delivery.rows.append(
            [
                employee_text(absence.employee, turn), absence.position_id, unit.hr_org,
                mixed_date(absence.start, turn, first=usual),
                "" if absence.end is None else mixed_date(absence.end, turn + 7, first=usual),
                kind, str(absence.grade) if is_report else f"{absence.grade} %",
                str(last - absence.start + 1),
            ]
        )  # fmt: skip
    if is_report:
        delivery.rows.sort(key=lambda row: row[UNIT])
    return delivery


def _break(spec: ExampleSpec, deliveries: list[Delivery]) -> None:
    turn = 0
    for kind, count in spec.broken.sick_leave.items():
        for _ in range(count):
            delivery = deliveries[(5 * turn + 1) % len(deliveries)]
            at = (turn * 61 + 17) % len(delivery.rows)
            row = list(delivery.rows[at])
            turn += 1
            if kind == "duplicate":
                delivery.rows.insert(at + 1, row)
                delivery.duplicates += 1
                continue
            row[0] = str(UNKNOWN_NUMBER + 100 + turn)
            if kind == "unknown_unit":
                row[UNIT] = UNKNOWN_CODE
                at = len(delivery.rows)
            elif kind == "end_before_start":
                first, last = _other_end(row[START])
                row[START], row[END] = first, last
            else:
                row[GRADE] = row[GRADE].replace("100", "150") if "100" in row[GRADE] else "150"
            delivery.rows.insert(at, row)
            delivery.broken[kind] += 1


def _other_end(start: str) -> tuple[str, str]:
    """Return a start in the same month and an end some days before it, both as day.month.year."""
    parts = start.replace("/", ".").replace("-", ".").split(".")
    year, month = (parts[0], parts[1]) if len(parts[0]) == len("2017") else (parts[2], parts[1])
    return f"20.{month}.{year}", f"12.{month}.{year}"


def _write(spec: ExampleSpec, delivery: Delivery, inbox: Path) -> Path:
    if delivery.feed == "fravarsrapport":
        return _write_report(spec, delivery, inbox)
    delivery.encoding = "utf-8-sig"
    head = [[WRITTEN["absence_files.absence_export"], spec.municipality_name], [], EXTRACT_HEADER]
    if f"_{spec.monthly_year}_" in delivery.path:
        delivery.encoding = "cp1252"
        head = [["sep=", ""], EXTRACT_HEADER]
    elif str(spec.first_year + UNICODE_TEXT_YEAR) in delivery.path:
        delivery.encoding, delivery.separator = "utf-16", "\t"
    return write_delivery(inbox, delivery, head)


def _write_report(spec: ExampleSpec, delivery: Delivery, inbox: Path) -> Path:
    delivery.encoding = "cp1252"
    delivery.totals = [sum(int(row[-1]) for row in delivery.rows)]
    delivery.foot = lambda totals: [
        ["I ALT", *[""] * 5, f"{totals[0]:,}".replace(",", " ")],
        [],
        [f"Utskrift fra personalsystemet {dmy(spec.last_day)}"],
    ]
    head = [[WRITTEN["absence_files.absence_report"]], [spec.municipality_name, *[""] * 6], []]
    return write_delivery(inbox, delivery, head, _pages(spec, delivery.rows))


def _pages(spec: ExampleSpec, rows: list[Cells]) -> Iterator[Cells]:
    """Yield a report's pages: groups by unit, each with its sum of days."""
    names = {unit.hr_org: unit.name for unit in spec.units}
    groups: dict[str, list[Cells]] = defaultdict(list)
    for row in rows:
        groups[row[UNIT]].append(row)
    for page, (code, group) in enumerate(groups.items()):
        if page % GROUPS_PER_PAGE == 0:
            yield REPORT_HEADER
        yield [f"Ansvar: {code} {names.get(code, 'Ukjent')}", *[""] * 6]
        for row in group:
            yield [*row[:UNIT], *row[UNIT + 1 :]]
        days = sum(int(row[-1]) for row in group)
        yield [f"Sum ansvar {code}", *[""] * 5, f"{days:,}".replace(",", " ")]


def _second_thoughts(spec: ExampleSpec, deliveries: list[Delivery], inbox: Path) -> list[Delivery]:
    """Deliver one month again with rows that came late, and one month's file twice."""
    out = []
    for delivery in deliveries:
        if delivery.path.endswith(f"_{spec.monthly_year}_{CORRECTED_MONTH:02d}.csv"):
            again = Delivery(delivery.path.replace(".csv", "_korrigert.csv"), delivery.feed)
            again.rows = [list(row) for row in delivery.rows]
            again.broken, again.duplicates = delivery.broken.copy(), delivery.duplicates
            del delivery.rows[-LATE_ROWS:]
            delivery.outcome = "superseded"
            _write(spec, delivery, inbox)
            _write(spec, again, inbox)
            out.append(again)
        if delivery.path.endswith(f"_{spec.monthly_year}_{COPIED_MONTH:02d}.csv"):
            copy = Delivery(delivery.path.replace(".csv", "_kopi.csv"), delivery.feed)
            copy.rows, copy.broken = delivery.rows, delivery.broken
            copy.duplicates, copy.outcome = delivery.duplicates, "duplicate"
            _write(spec, copy, inbox)
            out.append(copy)
    return out
