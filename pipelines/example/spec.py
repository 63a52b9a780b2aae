"""The typed form of ``example.yml``: what a constructed municipality must contain.

Only the shape lives here. Names, sizes, dates, effects and totals are the YAML's, so another
constructed municipality is another file and not another program.
"""

from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Literal

import yaml
from pydantic import ValidationError

from pipelines.errors import ConfigError
from pipelines.example.activity_spec import Activity
from pipelines.example.decisions_spec import Pukk
from pipelines.example.lean_spec import Lean, SpecModel
from pipelines.words.messages import say

EffectKind = Literal[
    "lasting", "fading", "regression_to_mean", "budget_cut", "too_small", "coincidence"
]


class Names(SpecModel):
    """Parts of invented personal names; they only ever reach the truth folder."""

    first: tuple[str, ...]
    last_start: tuple[str, ...]
    last_end: tuple[str, ...]


class People(SpecModel):
    """How many, how much and how often people come and go. Rates are per year."""

    employees: int
    fte: float
    leave_rate: dict[str, float]
    move_share: float
    second_position_share: float
    growth_share: float
    hourly_positions: int
    type_shares: dict[str, float]


class Sector(SpecModel):
    """What the units of a sector have in common.

    ``annual_pay_nok`` is in the price level of ``Ledger.price_year``; the two sick-leave rates are
    new cases per person and year.
    """

    annual_pay_nok: float
    short_cases: float
    long_cases: float
    overtime_share: float
    goods_share: float
    income_share: float
    part_time: dict[float, float]
    job_code: str


class Origin(SpecModel):
    """Where a unit's people were before the unit existed."""

    unit: str
    share: float


class Unit(SpecModel):
    """One organisational unit; ``employees`` counts the reference date."""

    id: str
    name: str
    sector: str
    service: str
    employees: int
    hr_org: str
    cost_centre: str
    functions: tuple[str, ...]
    aliases: tuple[str, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None
    origins: tuple[Origin, ...] = ()
    successor: str | None = None
    annual_pay_nok: float | None = None
    position_pcts: tuple[float, ...] = ()


class Volume(SpecModel):
    """A denominator: how much of something a unit has in a month, per employee."""

    measure: str
    per_employee: float
    season: float = 0.0
    noise: float = 0.05


class Series(SpecModel):
    """A numerator over a volume.

    ``count`` is Poisson around level x volume, ``share`` binomial, ``total`` a continuous sum.
    ``spread`` is between units, ``wobble`` the slow monthly swing (both relative).
    """

    numerator: str
    denominator: str
    kind: Literal["count", "share", "total"]
    level: float
    spread: float = 0.1
    wobble: float = 0.05
    noise: float = 0.0
    season: float = 0.0


class Service(SpecModel):
    """The monthly figures units of one service type deliver."""

    service: str
    volumes: tuple[Volume, ...]
    series: tuple[Series, ...]
    months: tuple[int, ...] = ()
    about_persons: bool = False


class Effect(SpecModel):
    """One planted change: multiplies a rate by 1 + change, or adds it to a share."""

    unit: str
    target: str
    metric: str
    kind: EffectKind
    start: date
    end: date | None = None
    ramp_months: int = 0
    change: float
    note_nb: str


class CentralLine(SpecModel):
    """A line of the accounts outside the units: a share of the central expense or income."""

    cost_centre: str
    account: str
    label: str
    function: str
    share: float


class FunctionChange(SpecModel):
    """A function code that another one stands in for, before or since a year."""

    code: str
    use: str
    before: int | None = None
    since: int | None = None


class FixedBudget(SpecModel):
    """An original budget that must be met to the krone."""

    unit: str
    year: int
    total_nok: int


class Ledger(SpecModel):
    """How the accounts are built; yearly totals are in kroner of the year."""

    price_year: int
    price_growth: float
    turnover_year: int
    turnover_nok: float
    turnover_growth: float
    accounts: dict[str, str]
    function_changes: tuple[FunctionChange, ...]
    expenses: tuple[CentralLine, ...]
    incomes: tuple[CentralLine, ...]
    balance: CentralLine
    fixed_budgets: tuple[FixedBudget, ...]


class Broken(SpecModel):
    """How many broken rows of each kind are planted in the named deliveries."""

    sick_leave: dict[str, int]
    positions: dict[str, int]
    unit_metrics: dict[str, int]
    ledger: dict[str, int]


class ExampleSpec(SpecModel):
    """The whole of ``example.yml``; ``part_no`` counts the parts of a larger one (``size.py``)."""

    part_no: int = 0
    seed: int
    municipality_name: str
    first_year: int
    last_year: int
    monthly_year: int
    reference_date: date
    names: Names
    people: People
    sectors: dict[str, Sector]
    service_labels: dict[str, str]
    measure_labels: dict[str, str]
    services: tuple[Service, ...]
    units: tuple[Unit, ...]
    effects: tuple[Effect, ...]
    lean: Lean
    pukk: Pukk
    activity: Activity
    ledger: Ledger
    broken: Broken

    @property
    def n_months(self) -> int:
        """Months from January of the first year to December of the last."""
        return (self.last_year - self.first_year + 1) * 12

    @property
    def last_day(self) -> date:
        """The day the newest extracts were taken."""
        return date(self.last_year, 12, 31)

    @cached_property
    def unit_by_id(self) -> dict[str, Unit]:
        """The units by id."""
        return {unit.id: unit for unit in self.units}


def load_spec(municipality_folder: Path) -> ExampleSpec:
    """Read and check ``example.yml`` of a municipality folder.

    Args:
        municipality_folder: The folder with ``municipality.yml``.

    Raises:
        ConfigError: The file is missing or does not have the form above.
    """
    path = municipality_folder / "example.yml"
    if not path.is_file():
        raise ConfigError(
            say("example.spec.no_recipe"),
            where=str(path),
            way_out=say("example.spec.set_example_null_or_add"),
        )
    try:
        return ExampleSpec.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (ValidationError, yaml.YAMLError) as error:
        raise ConfigError(
            say("example.spec.recipe_unreadable", error=error),
            where=str(path),
            way_out=say("example.spec.fix_recipe"),
        ) from error
