"""Employees and their positions from the first to the last day.

A unit is a row of seats; a seat is held by one person at a time. That is why the number of people
and of FTE on the reference date can be met exactly. Absence and pay are made from this elsewhere.
"""

from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from pipelines.example.spec import ExampleSpec, Unit
from pipelines.words.messages import say

DAYS_IN_YEAR = 365.25
FULL_TIME = 10_000  # hundredths of a per cent: whole numbers can be made to sum exactly
STEP = 500
STRIDE = 7
GROWTH_DAYS = 7 * 365
HOURLY_START_DAYS = 9 * 365
# the smallest units must stay small: they show what is hidden to protect persons
SMALLEST_WITH_SECOND_POSITIONS = 6
SECOND_POSITION_MAX = 6_000
PATIENCE_DAYS = 60
MAX_GAP_DAYS = 40
YEARS_IN_POST_AT_START = 6.0
CHANGE_SHARE = 0.12
EMPLOYEE_NUMBER_BASE = 50_000_000  # eight digits that no date can be mistaken for
EMPLOYEE_NUMBER_SPAN = 39_000_000
# of a larger municipality: each further part has numbers of its own, above all those in use
FIRST_OF_PARTS = 89_100_000
NUMBERS_OF_A_PART = 100_000
POSITIONS_OF_A_PART = 1_000_000


@dataclass(frozen=True, slots=True)
class Position:
    """One stretch of one position in one unit; days are ordinals, ``end`` is the last day.

    ``pct`` is in hundredths of a per cent; ``end`` is None for one that is still running.
    """

    position_id: str
    employee: int
    unit_id: str
    pct: int
    kind: str
    job_code: str
    start: int
    end: int | None
    is_second: bool = False

    def active_on(self, day: int) -> bool:
        """Whether the position exists on a day."""
        return self.start <= day and (self.end is None or self.end >= day)


@dataclass(slots=True)
class _Seat:
    unit: Unit
    kind: str
    pct: int
    opens: int
    index: int


class _Staffing:
    """Fills seats with people; hands out employee numbers and position ids."""

    def __init__(self, spec: ExampleSpec, rng: np.random.Generator) -> None:
        self.spec, self.rng = spec, rng
        self.first = date(spec.first_year, 1, 1).toordinal()
        self.last = spec.last_day.toordinal()
        self.reference = spec.reference_date.toordinal()
        self._numbers = iter(_employee_numbers(rng, 12 * spec.people.employees, spec.part_no))
        self._next_position = 100_000 + spec.part_no * POSITIONS_OF_A_PART
        self._movers: list[tuple[int, int, str]] = []

    def new_employee(self) -> int:
        return next(self._numbers)

    def new_position_id(self) -> str:
        self._next_position += 1
        return f"AF-{self._next_position}"

    def holders(self, seat: _Seat) -> list[Position]:
        """Everyone who holds a seat, one after the other, without a gap on the reference date."""
        rate = self.spec.people.leave_rate[seat.kind]
        job_code = self.spec.sectors[seat.unit.sector].job_code
        out: list[Position] = []
        free_from = seat.opens
        start = free_from
        if free_from == self.first:
            start -= int(self.rng.exponential(min(YEARS_IN_POST_AT_START, 1 / rate) * DAYS_IN_YEAR))
        employee = self.new_employee()
        while start <= self.last:
            leaves = max(start, free_from) + 20
            leaves += int(self.rng.exponential(DAYS_IN_YEAR / rate))
            end = None if leaves > self.last else leaves
            position_id = self.new_position_id()
            out.append(
                Position(
                    position_id, employee, seat.unit.id, seat.pct, seat.kind, job_code, start, end
                )
            )
            if end is None:
                break
            if seat.kind == "permanent" and self.rng.random() < self.spec.people.move_share:
                self._movers.append((employee, end + 1, seat.unit.id))
            free_from = end + 1
            employee, start = self._next_holder(seat, free_from)
        return out

    def _next_holder(self, seat: _Seat, free_from: int) -> tuple[int, int]:
        for at, (employee, available, unit_id) in enumerate(self._movers):
            on_time = free_from <= available <= free_from + PATIENCE_DAYS
            over_reference = free_from <= self.reference < available
            if on_time and not over_reference and unit_id != seat.unit.id:
                del self._movers[at]
                return employee, available
        start = free_from + int(self.rng.integers(0, MAX_GAP_DAYS))
        if free_from <= self.reference < start:
            start = free_from
        return self.new_employee(), start


def _employee_numbers(rng: np.random.Generator, count: int, part_no: int) -> list[int]:
    base, span = EMPLOYEE_NUMBER_BASE, EMPLOYEE_NUMBER_SPAN
    if part_no:
        base, span = FIRST_OF_PARTS + (part_no - 1) * NUMBERS_OF_A_PART, NUMBERS_OF_A_PART
    drawn = rng.choice(span, size=count, replace=False)
    return [base + int(number) for number in drawn]


def _seats(spec: ExampleSpec, rng: np.random.Generator) -> list[_Seat]:
    first = date(spec.first_year, 1, 1).toordinal()
    kinds = list(spec.people.type_shares)
    kind_shares = np.array([spec.people.type_shares[kind] for kind in kinds])
    seats: list[_Seat] = []
    for unit in spec.units:
        part_time = spec.sectors[unit.sector].part_time
        shares = np.array(list(part_time.values()))
        for index in range(unit.employees):
            if unit.position_pcts:
                pct, kind = unit.position_pcts[index], kinds[0]
            else:
                pct = float(rng.choice(list(part_time), p=shares / shares.sum()))
                kind = str(rng.choice(kinds, p=kind_shares / kind_shares.sum()))
            opens = first
            if unit.valid_from is not None and not unit.origins:
                opens = unit.valid_from.toordinal()
            elif not unit.position_pcts and rng.random() < spec.people.growth_share:
                opens = first + int(rng.integers(60, GROWTH_DAYS))
            seats.append(_Seat(unit, kind, int(pct * 100), opens, index))
    return seats


def _meet_fte(seats: list[_Seat], target: int) -> None:
    """Move part-time seats a step at a time until all seats together are exactly ``target``."""
    free = [seat for seat in seats if seat.pct < FULL_TIME and not seat.unit.position_pcts]
    rest = target - sum(seat.pct for seat in seats)
    while rest:
        before = rest
        for seat in free[:: STRIDE if abs(rest) < STRIDE * STEP else 1]:
            new = min(FULL_TIME, max(2 * STEP, seat.pct + max(-STEP, min(STEP, rest))))
            rest -= new - seat.pct
            seat.pct = new
        if rest == before:
            raise ValueError(say("example.people.cannot_reach_fte"))


def _second_positions(
    spec: ExampleSpec, staffing: _Staffing, main: list[tuple[_Seat, Position]]
) -> list[Position]:
    """Give some part-time people another small position in another unit of the sector."""
    rng = staffing.rng
    out = []
    for seat, position in main:
        if seat.pct > SECOND_POSITION_MAX or rng.random() > spec.people.second_position_share:
            continue
        near = [
            unit.id
            for unit in spec.units
            if unit.sector == seat.unit.sector
            and unit.id != seat.unit.id
            and unit.employees >= SMALLEST_WITH_SECOND_POSITIONS
            and not (unit.valid_from or unit.valid_to or unit.position_pcts)
        ]
        start = max(position.start, staffing.first) + int(rng.integers(10, 200))
        if near and start < (position.end or staffing.last):
            out.append(
                replace(
                    position,
                    position_id=staffing.new_position_id(),
                    unit_id=near[int(rng.integers(len(near)))],
                    pct=int(rng.integers(10, 31)) * 100,
                    start=start,
                    is_second=True,
                )
            )
    return out


def _hourly(spec: ExampleSpec, staffing: _Staffing) -> list[Position]:
    units = [u for u in spec.units if u.employees and not (u.valid_from or u.position_pcts)]
    sizes = np.array([unit.employees for unit in units], dtype=float)
    chosen = staffing.rng.choice(
        len(units), size=spec.people.hourly_positions, p=sizes / sizes.sum()
    )
    out = []
    for at in chosen:
        unit = units[int(at)]
        start = staffing.first + int(staffing.rng.integers(0, HOURLY_START_DAYS))
        end = start + int(staffing.rng.exponential(4 * DAYS_IN_YEAR))
        code = spec.sectors[unit.sector].job_code
        out.append(
            Position(
                staffing.new_position_id(),
                staffing.new_employee(),
                unit.id,
                100,
                "hourly",
                code,
                start,
                None if end > staffing.last else end,
            )
        )
    return out


def _unit_on(unit: Unit, seat_index: int, day: int) -> tuple[str, int | None]:
    """Return where a seat belongs on a day, and the last day that holds (None: for good)."""
    if unit.valid_from is not None and day < unit.valid_from.toordinal() and unit.origins:
        reached = 0.0
        place = (seat_index + 0.5) / max(1, unit.employees)
        for origin in unit.origins:
            reached += origin.share
            if place <= reached + 1e-9:
                break
        return origin.unit, unit.valid_from.toordinal() - 1
    if unit.valid_to is None:
        return unit.id, None
    if day <= unit.valid_to.toordinal():
        return unit.id, unit.valid_to.toordinal()
    return unit.successor or unit.id, None


def _through_reorganisations(seat: _Seat, position: Position) -> list[Position]:
    """Cut a position where its seat changed unit; the position id stays."""
    out = []
    start = position.start
    while True:
        unit_id, until = _unit_on(seat.unit, seat.index, start)
        if until is None or (position.end is not None and position.end <= until):
            out.append(replace(position, unit_id=unit_id, start=start))
            return out
        out.append(replace(position, unit_id=unit_id, start=start, end=until))
        start = until + 1


def _with_changes(position: Position, staffing: _Staffing) -> list[Position]:
    """Let some long positions have had another percentage once, well before the reference date."""
    cut = position.start + int(2 * DAYS_IN_YEAR)
    late = staffing.reference - int(2 * DAYS_IN_YEAR)
    if position.kind != "permanent" or not staffing.first < cut < min(position.end or late, late):
        return [position]
    if staffing.rng.random() > CHANGE_SHARE:
        return [position]
    earlier = min(FULL_TIME, max(2_000, position.pct + int(staffing.rng.choice([-1_000, 1_000]))))
    return [replace(position, pct=earlier, end=cut - 1), replace(position, start=cut)]


def make_positions(spec: ExampleSpec, rng: np.random.Generator) -> list[Position]:
    """Return every position of every employee, in order of unit, then seat, then time.

    Args:
        spec: The example; its head count and FTE on the reference date are met exactly.
        rng: Where chance comes from.
    """
    staffing = _Staffing(spec, rng)
    seats = _seats(spec, rng)
    held = [(seat, position) for seat in seats for position in staffing.holders(seat)]
    second = _second_positions(spec, staffing, held)
    second_pct = sum(p.pct for p in second if p.active_on(staffing.reference))
    _meet_fte(seats, round(spec.people.fte * FULL_TIME) - second_pct)
    main = [
        part
        for seat, position in held
        for whole in _through_reorganisations(seat, replace(position, pct=seat.pct))
        for part in _with_changes(whole, staffing)
    ]
    return main + second + _hourly(spec, staffing)
