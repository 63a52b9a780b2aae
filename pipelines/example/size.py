"""A larger municipality: the example once more for each part, with units and people of its own.

The first part is the example as it is, with its Lean and its planted effects and errors. A further
part has the same kinds of units, other codes, names and chance, and none of those. Parts are made
one after the other and put between the first and the last lines of files that stand already, so
that memory does not follow the size. What a file holds is in the modules that write it.
"""

from collections.abc import Callable, Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

from pipelines.errors import ConfigError
from pipelines.example.exports import UNKNOWN_CODE
from pipelines.example.people import NUMBERS_OF_A_PART
from pipelines.example.spec import Broken, ExampleSpec, Unit
from pipelines.example.workbook import write_workbook
from pipelines.example.writing import Delivery, foot_of
from pipelines.words.messages import say

MAX_SIZE = 100
COST_CENTRE_ENDING = "51"  # no unit of the first part ends its cost centre so
EMPLOYEES_MAX = NUMBERS_OF_A_PART // 12
PEOPLE = "people.csv"
PartWriter = Callable[[Path, Path], list[Delivery]]
"""Writes one part's deliveries to an inbox and its people to a truth folder."""


def parts_of(spec: ExampleSpec, size: int) -> list[ExampleSpec]:
    """Return the recipes of the parts after the first.

    Args:
        spec: The example.
        size: How many parts there are in all.

    Raises:
        ConfigError: There are not codes or employee numbers enough.
    """
    if size == 1:
        return []
    codes = _free_codes(spec)
    most = min(MAX_SIZE, 1 + len(codes) // len(spec.units))
    if not 1 <= size <= most or spec.people.employees > EMPLOYEES_MAX:
        raise ConfigError(
            say("example.size.cannot_be_larger", size=size),
            way_out=say("example.size.choose_a_size", most=most, value=min(10, most)),
        )
    n = len(spec.units)
    return [_part(spec, no, codes[(no - 1) * n : no * n]) for no in range(1, size)]


def add_parts(
    deliveries: list[Delivery], inbox: Path, truth: Path, writers: Iterable[PartWriter]
) -> None:
    """Put the rows of further parts into files that hold the first part's.

    Args:
        deliveries: What the first part wrote; their rows, totals and sheets grow.
        inbox: Where they lie.
        truth: Where ``people.csv`` lies.
        writers: One per part, asked for when its turn comes.
    """
    is_open = False
    for write in writers:
        if not is_open:
            _set_feet(deliveries, inbox, are_on=False)
            is_open = True
        with TemporaryDirectory(dir=truth) as folder:
            part = Path(folder)
            for whole, more in zip(deliveries, write(part, part), strict=True):
                _add(whole, more, inbox, part)
            with (truth / PEOPLE).open("ab") as people:
                people.write((part / PEOPLE).read_bytes().split(b"\r\n", 1)[1])
    if is_open:
        _set_feet(deliveries, inbox, are_on=True)


def _add(whole: Delivery, more: Delivery, inbox: Path, part: Path) -> None:
    if whole.path != more.path:
        raise ValueError(f"the parts have other files: {whole.path} and {more.path}")
    whole.added += len(more.rows)
    if whole.sheet is not None and more.sheet is not None:
        whole.sheet[2].extend(more.sheet[2])
        return
    whole.totals = [a + b for a, b in zip(whole.totals, more.totals, strict=True)]
    data = (part / more.path).read_bytes()
    with (inbox / whole.path).open("ab") as file:
        file.write(data[more.head_bytes : len(data) - more.foot_bytes])


def _set_feet(deliveries: list[Delivery], inbox: Path, *, are_on: bool) -> None:
    for delivery in deliveries:
        path = inbox / delivery.path
        if delivery.sheet is not None:
            if are_on:
                name, header, values = delivery.sheet
                write_workbook(path, {name: (header, values)})
            continue
        with path.open("r+b") as file:
            file.seek(0 if are_on else -delivery.foot_bytes, 2)
            if are_on:
                file.write(foot_of(delivery))
            else:
                file.truncate()


def _free_codes(spec: ExampleSpec) -> list[str]:
    """Return codes as wide as the organisation's own that are no unit's."""
    width = max(len(unit.hr_org) for unit in spec.units)
    used = {unit.hr_org for unit in spec.units} | {UNKNOWN_CODE}
    return [c for c in map(str, range(10 ** (width - 1), 10**width)) if c not in used]


def _part(spec: ExampleSpec, part_no: int, codes: list[str]) -> ExampleSpec:
    units = [_unit(unit, part_no + 1, code) for unit, code in zip(spec.units, codes, strict=True)]
    other = {
        "part_no": part_no,
        "units": tuple(units),
        "effects": (),
        "ledger": spec.ledger.model_copy(update={"fixed_budgets": ()}),
        "broken": Broken(sick_leave={}, positions={}, unit_metrics={}, ledger={}),
    }
    # made anew and not copied: a copy would keep the units by id of the first part
    return ExampleSpec(**{**dict(spec), **other})


def _unit(unit: Unit, number: int, code: str) -> Unit:
    origins = [o.model_copy(update={"unit": f"{o.unit}_{number}"}) for o in unit.origins]
    return unit.model_copy(
        update={
            "id": f"{unit.id}_{number}",
            "name": f"{unit.name} {number}",
            "aliases": tuple(f"{alias} {number}" for alias in unit.aliases),
            "hr_org": code,
            "cost_centre": f"{code}{COST_CENTRE_ENDING}",
            "origins": tuple(origins),
            "successor": unit.successor and f"{unit.successor}_{number}",
        }
    )
