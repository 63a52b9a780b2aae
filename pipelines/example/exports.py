"""Organisation, positions and service figures as the systems export them.

Absence and accounts have their own modules, and the Lean register is a workbook.
"""

from collections.abc import Iterator
from pathlib import Path

from pipelines.example.people import FULL_TIME, Position
from pipelines.example.series import MONTHS_IN_YEAR, month_start
from pipelines.example.service_metrics import Figure
from pipelines.example.spec import ExampleSpec, Unit
from pipelines.example.writing import (
    MONTH_NAMES,
    OPEN_ENDS,
    Cells,
    Delivery,
    dmy,
    employee_text,
    mixed_date,
    number,
    write_delivery,
)
from pipelines.example.written import WRITTEN
from pipelines.words.messages import say

KINDS = {
    "permanent": "Fast",
    "substitute": "Vikar",
    "temporary": "Midlertidig",
    "hourly": WRITTEN["exports.hourly_pay"],
    "apprentice": WRITTEN["exports.apprentice"],
}
POSITIONS_HEADER = [
    "Ansattnr",
    "Arb.forhold",
    "Org.enhet",
    "Stillingskode",
    "St.pros",
    "Fra",
    "Til",
    "Form",
]
FIGURES_HEADER = [
    "Enhet",
    WRITTEN["exports.month"],
    WRITTEN["exports.metric"],
    "Verdi",
    "Antall svar",
]
UNKNOWN_NUMBER = 89_000_000  # above every employee number in use
UNKNOWN_CODE = "9990"


def write_organisation(spec: ExampleSpec, inbox: Path) -> list[Delivery]:
    """Write units, their codes and their changes."""
    units = Delivery("organisasjon/enheter.csv", "enheter", encoding="cp1252")
    codes = Delivery("organisasjon/enhetskoder.csv", "enhetskoder", encoding="cp1252")
    changes = Delivery("organisasjon/enhetsendringer.csv", "enhetsendringer", encoding="cp1252")
    for unit in spec.units:
        dates = [dmy(day) if day else "" for day in (unit.valid_from, unit.valid_to)]
        service = spec.service_labels[unit.service]
        units.rows.append([unit.id, unit.name, unit.sector, service, *dates])
        pairs = [("cost_centre", unit.cost_centre), ("hr_org", unit.hr_org)]
        pairs += [("name", name) for name in (unit.name, *unit.aliases)]
        codes.rows += [[system, code, unit.id, "", ""] for system, code in pairs]
        changes.rows += list(_changes(spec, unit))
    changes.rows.sort(key=lambda row: (row[0][6:], row[0][3:5], row[1], row[2]))
    headers = {
        units.path: [
            "Enhets-id",
            "Enhetsnavn",
            "Sektor",
            "Tjenestetype",
            "Gyldig fra",
            "Gyldig til",
        ],
        codes.path: ["Kodeverk", "Kode", "Enhets-id", "Gyldig fra", "Gyldig til"],
        changes.path: ["Dato", "Fra enhet", "Til enhet", "Andel", "Endring"],
    }
    deliveries = [units, codes, changes]
    for delivery in deliveries:
        write_delivery(inbox, delivery, [headers[delivery.path]])
    return deliveries


def _changes(spec: ExampleSpec, unit: Unit) -> Iterator[Cells]:
    """Yield where a unit came from and where it went."""
    began = "" if unit.valid_from is None else dmy(unit.valid_from)
    for origin in unit.origins:
        before = spec.unit_by_id[origin.unit]
        if before.valid_to is None:
            share = unit.employees * origin.share / (unit.employees + before.employees)
            yield [
                began,
                origin.unit,
                unit.id,
                f"{share:.3f}".replace(".", ","),
                "split",
            ]
        else:
            yield [began, origin.unit, unit.id, "1", "merge"]
    has_own_row = any(origin.unit == unit.id for other in spec.units for origin in other.origins)
    if unit.valid_to is not None and unit.successor is not None and not has_own_row:
        yield [dmy(unit.valid_to.toordinal() + 1), unit.id, unit.successor, "1", "merge"]


def write_positions(spec: ExampleSpec, positions: list[Position], inbox: Path) -> list[Delivery]:
    """Write the whole register of positions as one extract."""
    extract = Delivery(f"hr/stillinger_{spec.last_day:%Y%m%d}.csv", "stillinger", encoding="cp1252")
    units = spec.unit_by_id
    for turn, position in enumerate(positions):
        unit = units[position.unit_id]
        end = OPEN_ENDS[turn % 4] if position.end is None else mixed_date(
            position.end, turn, first="dmy"
        )  # fmt: skip
        pct = position.pct / FULL_TIME * 100
        extract.rows.append(
            [
                employee_text(position.employee, turn), position.position_id,
                f"{unit.hr_org} {unit.name}", position.job_code,
                f"{pct:.2f}".replace(".", ",") if turn % 5 else number(pct),
                mixed_date(position.start, turn + 1, first="dmy"), end, KINDS[position.kind],
            ]
        )  # fmt: skip
    _break_positions(spec, extract)
    extract.totals = [len(extract.rows)]
    extract.foot = lambda totals: [[f"Antall rader: {totals[0]}"]]
    head = [
        ["Stillingsregister - alle arbeidsforhold"],
        [f"{spec.municipality_name}, uttrekk {dmy(spec.last_day)}"],
        [],
        POSITIONS_HEADER,
    ]
    write_delivery(inbox, extract, head)
    return [extract]


def _break_positions(spec: ExampleSpec, extract: Delivery) -> None:
    number_of = UNKNOWN_NUMBER
    for kind, count in spec.broken.positions.items():
        for turn in range(count):
            at = (turn + 1) * 397 + len(kind) * 31
            row = list(extract.rows[at])
            if kind == "duplicate":
                extract.rows.insert(at + 1, row)
                extract.duplicates += 1
                continue
            number_of += 1
            row[0], row[1] = str(number_of), f"AF-{900_000 + number_of % 1000}"
            if kind == "unknown_unit":
                row[2] = f"{UNKNOWN_CODE} Ukjent avdeling"
            elif kind == "end_before_start":
                row[5], row[6] = "01.08.2014", "31.07.2014"
            else:
                row[4] = "halv"
            extract.rows.insert(at, row)
            extract.broken[kind] += 1


def write_figures(spec: ExampleSpec, figures: list[Figure], inbox: Path) -> list[Delivery]:
    """Write the services' figures: a file a year, and from ``monthly_year`` a file a month."""
    files: dict[str, Delivery] = {}
    for turn, figure in enumerate(figures):
        first = month_start(spec, figure.month)
        name = f"{first.year}"
        if first.year >= spec.monthly_year:
            name += f"_{first.month:02d}"
        path = f"nokkeltall/nokkeltall_{name}.csv"
        delivery = files.setdefault(path, Delivery(path, "nokkeltall"))
        unit = spec.unit_by_id[figure.unit_id]
        names = (unit.name, *unit.aliases)
        delivery.rows.append(
            [
                names[turn % len(names)] if turn % 9 == 0 else unit.name,
                _month_text(spec, figure.month, turn),
                spec.measure_labels[figure.measure],
                f"{int(figure.value):,}".replace(",", " "),
                "" if figure.n_persons is None else str(figure.n_persons),
            ]
        )
    deliveries = list(files.values())
    _break_figures(spec, deliveries)
    for at, delivery in enumerate(deliveries):
        title = (
            [[say("example.exports.figures_of", municipality_name=spec.municipality_name)], []]
            if at % 2
            else []
        )
        delivery.encoding = "utf-8-sig" if at % 3 else "cp1252"
        write_delivery(inbox, delivery, [*title, FIGURES_HEADER])
    return deliveries


def _month_text(spec: ExampleSpec, month: int, turn: int) -> str:
    first = month_start(spec, month)
    name = MONTH_NAMES[month % MONTHS_IN_YEAR]
    ways = (f"{name} {first.year}", f"{name.capitalize()} {first.year}", f"{first:%Y-%m}")
    return ways[turn % len(ways)]


def _break_figures(spec: ExampleSpec, deliveries: list[Delivery]) -> None:
    """Plant errors in figures of units that are not planted with an effect."""
    studied = {spec.unit_by_id[effect.unit] for effect in spec.effects}
    names = {name for unit in studied for name in (unit.name, *unit.aliases)}
    turn = 0
    for kind, count in spec.broken.unit_metrics.items():
        for _ in range(count):
            delivery = deliveries[(3 * turn + 1) % len(deliveries)]
            free = [at for at, row in enumerate(delivery.rows) if row[0] not in names]
            at = free[(turn * 37) % len(free)]
            turn += 1
            if kind == "duplicate":
                delivery.rows.insert(at + 1, list(delivery.rows[at]))
                delivery.duplicates += 1
                continue
            if kind == "unknown_unit":
                delivery.rows.insert(at, ["Ukjent avdeling", *delivery.rows[at][1:]])
            else:
                delivery.rows[at][3] = say("example.exports.not_counted")
            delivery.broken[kind] += 1
