"""Many constructed municipalities with planted effects: configuration and deliveries of each.

What is drawn is drawn per municipality from the seed and its number, so that the tenth is the same
whether ten are made or fifty. The sick leave of each is sums per unit and month, of which a share
starts Lean, chosen after a bad year or drawn by lot. What was planted is written beside, never in a
delivery.
"""

import csv
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import yaml

FIRST_YEAR, N_YEARS = 2016, 9
"""Nine whole years: five before the first start, and two after the last of those that count."""
_FIRST_START, _LAST_START = 60, 84
_SMALLEST, _LARGEST = 20, 60
_DAYS_PER_PERSON = 18.0
_LEVEL_PCT, _LEVEL_SD, _UNIT_SD = 8.5, 0.8, 1.5
_SEASON_PCT = 1.2
_SLOW, _SLOW_SD = 0.9, 0.5
_PERSON_MONTH_SD_PCT = 9.0
"""How much a month's share of one person swings; a unit's is this over the root of its persons."""
_WAVES, _COURSE_DAYS = 5, 120
_STARTED_SHARE = 0.5
_KINDS = ("nursing_home", "home_care", "school", "kindergarten")
_FIRST_NUMBER = 900000001


@dataclass(frozen=True)
class World:
    """What the municipalities have in common.

    Attributes:
        seed: Of everything drawn.
        mean_pct: Mean effect, percentage points of sick leave; below zero is better.
        tau_pct: Standard deviation of the effect between municipalities.
        without_effect: Share of the municipalities where nothing happens.
        drawn: Share that draws the order by lot; the others choose after a bad year.
    """

    seed: int = 1
    mean_pct: float = -0.6
    tau_pct: float = 0.4
    without_effect: float = 0.3
    drawn: float = 0.5


@dataclass(frozen=True)
class Planted:
    """What is true of one municipality.

    Attributes:
        name: Its id.
        number: Its organisation number, which nobody has.
        effect_pct: The effect of Lean in each of its units that start.
        start_order: How they were chosen.
        n_units: Units.
        n_started: Of which start.
    """

    name: str
    number: str
    effect_pct: float
    start_order: Literal["drawn", "chosen"]
    n_units: int
    n_started: int


def make_many(root: Path, n: int, world: World) -> list[Planted]:
    """Write municipalities with deliveries, and what was planted in ``truth.json``.

    Args:
        root: The folder they are written in, one folder each.
        n: How many.
        world: What they have in common.
    """
    planted = [_make(root, number, world) for number in range(1, n + 1)]
    text = json.dumps(
        {"world": asdict(world), "municipalities": [asdict(one) for one in planted]}, indent=1
    )
    (root / "truth.json").write_text(f"{text}\n", encoding="utf-8")
    return planted


def _make(root: Path, number: int, world: World) -> Planted:
    rng = np.random.default_rng([world.seed, number])
    has_effect = rng.random() >= world.without_effect
    effect = round(float(rng.normal(world.mean_pct, world.tau_pct)), 3) if has_effect else 0.0
    order: Literal["drawn", "chosen"] = "drawn" if rng.random() < world.drawn else "chosen"
    n_units = int(rng.integers(_SMALLEST, _LARGEST + 1))
    persons = rng.integers(8, 61, n_units)
    rates = _rates(rng, n_units, persons)
    starts = _starts(rng, rates, order)
    months = np.arange(rates.shape[1])
    started = months >= np.where(starts < 0, months.size, starts)[:, None]
    rates = np.clip(rates + effect * started, 0.0, 60.0)
    name = f"kommune_{number:03}"
    folder = root / name
    _configure(folder, name, number)
    _deliver(folder / "deliveries", persons, rates, starts)
    n_started = int((starts >= 0).sum())
    return Planted(name, str(_FIRST_NUMBER + number), effect, order, n_units, n_started)


def _rates(rng: np.random.Generator, n_units: int, persons: Any) -> Any:  # noqa: ANN401 - arrays
    """Return the sick leave of each unit and month without Lean, in per cent."""
    months = np.arange(12 * N_YEARS)
    level = rng.normal(_LEVEL_PCT, _LEVEL_SD) + rng.normal(0, _UNIT_SD, (n_units, 1))
    season = _SEASON_PCT * np.cos(2 * np.pi * (months - 1) / 12)
    slow = np.zeros((n_units, months.size))
    shocks = rng.normal(0, _SLOW_SD * np.sqrt(1 - _SLOW**2), slow.shape)
    slow[:, 0] = rng.normal(0, _SLOW_SD, n_units)
    for month in months[1:]:
        slow[:, month] = _SLOW * slow[:, month - 1] + shocks[:, month]
    own = rng.normal(0, 1, slow.shape) * _PERSON_MONTH_SD_PCT / np.sqrt(persons)[:, None]
    return np.clip(level + season + slow + own, 0.2, None)


def _starts(rng: np.random.Generator, rates: Any, order: str) -> Any:  # noqa: ANN401 - arrays
    """Return each unit's first month of Lean, in waves, the worst or by lot; -1 for the waiting."""
    n_units = rates.shape[0]
    n_started = round(_STARTED_SHARE * n_units)
    bad_year = rates[:, _FIRST_START - 12 : _FIRST_START].mean(axis=1)
    queue = rng.permutation(n_units) if order == "drawn" else np.argsort(-bad_year)
    starts = np.full(n_units, -1)
    step = (_LAST_START - _FIRST_START) // (_WAVES - 1)
    for wave, units in enumerate(np.array_split(queue[:n_started], _WAVES)):
        starts[units] = _FIRST_START + wave * step
    return starts


def _deliver(folder: Path, persons: Any, rates: Any, starts: Any) -> None:  # noqa: ANN401 - arrays
    folder.mkdir(parents=True)
    codes = [f"e{number:03}" for number in range(1, persons.size + 1)]
    kinds = [_KINDS[number % len(_KINDS)] for number in range(persons.size)]
    units = zip(codes, kinds, strict=True)
    rows = ((code, f"Enhet {code}", "Tjenester", kind) for code, kind in units)
    _write(folder / "enheter.csv", ("Nr", "Navn", "Sektor", "Type"), rows)
    _write(
        folder / "koder.csv", ("System", "Kode", "Nr"), (("hr_org", code, code) for code in codes)
    )
    _write(
        folder / "runder.csv", ("Runde", "Enhet", "Start", "Slutt"),
        (
            (f"R{code}", code, f"03.{_month(start)}", f"25.{_month(start + _COURSE_DAYS // 30)}")
            for code, start in zip(codes, starts.tolist(), strict=True)
            if start >= 0
        ),
    )  # fmt: skip
    for year in range(N_YEARS):
        sums = (
            (code, f"01.{_month(month)}", "HR_INTERN", _number(days * rate / 100), _number(days), n)
            for code, n, unit in zip(codes, persons.tolist(), rates, strict=True)
            for month in range(12 * year, 12 * (year + 1))
            for days, rate in [(n * _DAYS_PER_PERSON, float(unit[month]))]
        )
        header = ("Enhet", "Dato", "Definisjon", "Sykedager", "Avtalte dager", "Ansatte")
        _write(folder / f"sykefravar_{FIRST_YEAR + year}.csv", header, sums)


def _configure(folder: Path, name: str, number: int) -> None:
    profile = {
        "id": name,
        "name": f"Kommune {number}",
        "first_month": f"{FIRST_YEAR}-01",
        "constructed": {"notice_nb": "Oppdiktet.", "notice_en": "Made up."},
        "example": {"kind": "shipped"},
    }
    columns = {
        "units": {"unit_id": "Nr", "unit_name": "Navn", "sector": "Sektor", "service_type": "Type"},
        "unit_codes": {"code_system": "System", "code": "Kode", "unit_id": "Nr"},
        "cycles": {"cycle_id": "Runde", "unit_id": "Enhet", "start_date": "Start",
                   "introduction_end_date": "Slutt"},
        "unit_months": {"unit_id": "Enhet", "month": "Dato", "definition": "Definisjon",
                        "sick_days": "Sykedager", "agreed_days": "Avtalte dager",
                        "n_persons": "Ansatte"},
    }  # fmt: skip
    feeds = (
        ("organisation", "units", "enheter*.csv", {"source": "all"}),
        ("organisation", "unit_codes", "koder*.csv", {"source": "all"}),
        ("lean", "cycles", "runder*.csv", {"source": "all"}),
        ("sick_leave", "unit_months", "sykefravar*.csv", {"source": "column", "column": "month"}),
    )
    sources: dict[str, dict[str, Any]] = {}
    for contract, table, files, period in feeds:
        mapped: dict[str, dict[str, Any]] = {
            column: {"column": header} for column, header in columns[table].items()
        }
        if contract in {"lean", "sick_leave"}:
            mapped["unit_id"]["unit_code"] = "hr_org"
        if table == "cycles":
            mapped |= {"cycle_no": {"constant": 1}, "status": {"constant": "in_operation"}}
        made = sources.setdefault(contract, {"contract": contract, "feeds": []})
        made["feeds"].append(
            {"id": table, "table": table, "files": [files], "period": period, "columns": mapped}
        )
    written = {
        "municipality.yml": profile,
        "pilots.yml": {"pilots": []},
        "metrics.yml": {"standard": ["sick_leave_pct"]},
        **{f"sources/{contract}.yml": made for contract, made in sources.items()},
    }
    for file, content in written.items():
        place = folder / file
        place.parent.mkdir(parents=True, exist_ok=True)
        text = yaml.safe_dump(content, allow_unicode=True, sort_keys=False)
        place.write_text(text, encoding="utf-8")


def _month(month: int) -> str:
    return f"{month % 12 + 1:02}.{FIRST_YEAR + month // 12}"


def _number(value: float) -> str:
    return f"{value:.1f}".replace(".", ",")


def _write(file: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, delimiter=";", lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
