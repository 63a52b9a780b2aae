"""Runs points through the dbt macros of the control charts, all series of one setting at a time.

The macros are rendered by dbt itself, in one compilation; DuckDB runs what comes out. Comparing
with the expected answers is left to the tests.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from pipelines.settings import DBT_DIR
from tests.dbt_fixture import run_dbt
from tests.statistics.chart_models import TARGET
from tests.statistics.spc_cases import CHECK_ONLY, Point, Settings

Row = dict[str, Any]
_SEED = DBT_DIR / "seeds" / "anhoej_limits.csv"
_MARK = "-- next statement"

_TYPES: dict[str, Any] = {
    "series_id": pl.String,
    "phase_no": pl.Int32,
    "seq": pl.Int32,
    "chart": pl.String,
    "scale": pl.Float64,
    "numerator": pl.Float64,
    "denominator": pl.Float64,
    "value": pl.Float64,
    "is_baseline": pl.Boolean,
    "is_after": pl.Boolean,
    "is_counted": pl.Boolean,
    "is_laney": pl.Boolean,
    "only_outside": pl.Boolean,
    "better_side": pl.Int32,
    "target": pl.Float64,
}

_BASELINES = """
{{% set settings = chart_settings({settings}) %}}
with baselines as ({{{{ {macro}('points', settings) }}}}),
"""
_CHART = (
    _BASELINES
    + """
coloured as (
    select points.*,
        {{{{ exceeds('value', 'upper_3s') }}}} or {{{{ exceeds('lower_3s', 'value') }}}}
            as is_beyond_3s,
        {{{{ assurance_icon('target', 'lower_3s', 'upper_3s', 'better_side', settings) }}}}
            as assurance
    from ({{{{ ruled_points('points', 'baselines', settings) }}}}) as points
)
select *, {{{{ variation_icon('colour', 'signal_side') }}}} as variation
from coloured order by series_id, seq
"""
)
_LIMITS = _BASELINES + "limits as ({{{{ limits_at_points('points', 'baselines') }}}}),"
_RUNS = (
    _LIMITS
    + """
sides as ({{{{ point_sides('limits') }}}}),
runs as ({{{{ side_runs('sides', chart_settings()) }}}})
{{{{ anhoej_runs('sides', 'runs', 'anhoej_limits') }}}} order by series_id, phase_no
"""
)
_VERDICTS = (
    _LIMITS
    + """
judged as ({{{{ judged_points('limits', 'baselines') }}}}),
signs as ({{{{ chart_signs('judged', settings) }}}}),
changes as ({{{{ chart_changes('judged') }}}}),
verdicts as ({{{{ chart_verdicts('changes', 'signs', settings) }}}})
select * from verdicts order by series_id
"""
)
_SEASON = "{{ season_index('pool') }} order by pool_id, month_no"
_ASSURANCE = """
{% set settings = chart_settings() %}
select seq, {{ assurance_icon('target', 'lower', 'upper', 'better_side', settings) }} as icon
from assurance order by seq
"""
_TEMPLATES = {"points": _CHART, "runs": _RUNS, "verdicts": _VERDICTS}


@dataclass(frozen=True)
class Results:
    """Rows per series: its points, its phases' runs, and its verdict."""

    points: dict[str, list[Row]] = field(default_factory=dict)
    runs: dict[str, list[Row]] = field(default_factory=dict)
    verdicts: dict[str, list[Row]] = field(default_factory=dict)


class Charts:
    """The macros, rendered once for every setting asked for, and a DuckDB to run them in."""

    def __init__(self, folder: Path, plan: Iterable[tuple[Settings, Sequence[Point]]]) -> None:
        wanted = {
            (_key(settings), kind, baselines): None
            for settings, points in plan
            for kind, baselines in _parts(points)
        }
        templates: dict[tuple[str, ...], str] = {
            # a dictionary written by Python reads the same in Jinja
            name: _TEMPLATES[name[1]].format(
                settings=repr(json.loads(name[0])), macro=name[2], baselines=name[2]
            )
            for name in wanted
        }
        templates |= {("season",): _SEASON, ("icon",): _ASSURANCE}
        self._sql = dict(zip(templates, _render(folder, templates.values()), strict=True))
        # many small statements: a second thread only costs
        self._con = duckdb.connect(config={"threads": 1})
        self._con.execute("create table anhoej_limits as from read_csv(?)", [str(_SEED)])

    def run(self, points: Sequence[Point], settings: Settings) -> Results:
        """All series of one setting; charts that are not offered come from their own macro."""
        results = Results()
        for check_only in (True, False):
            part = [point for point in points if (point["chart"] in CHECK_ONLY) == check_only]
            if not part:
                continue
            self._table("points", pl.DataFrame(part, schema=_TYPES))
            for kind, baselines in _parts(part):
                found = self._rows((_key(settings), kind, baselines))
                _gather(getattr(results, kind), found)
        return results

    def season(self, pool: Sequence[Row]) -> list[Row]:
        """Season index per calendar month from rows of pool_id, year, month_no and the two sums."""
        self._table("pool", pl.DataFrame(pool))
        return self._rows(("season",))

    def assurance(self, rows: Sequence[Row]) -> list[str | None]:
        """The assurance icon of each row of target, lower, upper and better_side."""
        numbered = [{"seq": seq, **row} for seq, row in enumerate(rows)]
        self._table("assurance", pl.DataFrame(numbered, infer_schema_length=None))
        return [row["icon"] for row in self._rows(("icon",))]

    def _table(self, name: str, frame: pl.DataFrame) -> None:
        self._con.register("given", frame.to_arrow())
        self._con.execute(f"create or replace table {name} as from given")
        self._con.unregister("given")

    def _rows(self, name: tuple[str, ...]) -> list[Row]:
        rows: list[Row] = self._con.sql(self._sql[name]).pl().to_dicts()
        return rows

    def close(self) -> None:
        self._con.close()


def _key(settings: Settings) -> str:
    return json.dumps(settings, sort_keys=True)


def _parts(points: Sequence[Point]) -> list[tuple[str, str]]:
    """What is computed for these points, and from which baselines."""
    parts = []
    if any(point["chart"] in CHECK_ONLY for point in points):
        parts += [("points", "check_baselines"), ("runs", "check_baselines")]
    if any(point["chart"] not in CHECK_ONLY for point in points):
        parts += [("points", "chart_baselines"), ("runs", "chart_baselines")]
    if any(point["is_after"] for point in points):
        parts.append(("verdicts", "chart_baselines"))
    return parts


def _gather(found: dict[str, list[Row]], rows: Iterable[Row]) -> None:
    for row in rows:
        found.setdefault(row["series_id"], []).append(row)


def _render(folder: Path, statements: Iterable[str]) -> list[str]:
    text = f"\n{_MARK}\n".join(statements)
    quiet = ("--log-level", "none", "--no-introspect", "--no-populate-cache")
    result = run_dbt(folder / "macros.duckdb", "compile", "--inline", text, *quiet, target=TARGET)
    return str(result.results[0].node.compiled_code).split(_MARK)
