"""The chart models from visible months to verdicts, on a town made by hand."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import duckdb
import pytest

from pipelines.settings import DBT_DIR
from tests.dbt_fixture import NO_FILE, compiled, run_dbt
from tests.statistics.chart_models import FOLDER, TARGET, TO_VERDICTS, UPSTREAM
from tests.statistics.method_tables import text_of

MODELS = (*TO_VERDICTS, "int_chart_summaries", "int_chart_phases")
MARTS = ("mart_control_chart_points", "mart_control_chart_phases")
SEEDS = ("anhoej_limits", "chart_verdicts", "chart_season_notes", "verdict_reasons")
MONTHS = [date(2020 + number // 12, number % 12 + 1, 1) for number in range(60)]
START = 36
END = 39
SEASON = (1.2, 1.2, 1.1, 1.0, 0.9, 0.9, 0.7, 0.9, 1.0, 1.0, 1.05, 1.05)

# nobody has decided on a new basis here: the same columns, no rows
NO_NEW_BASIS = """
create table intermediate.int_rebased_points as from intermediate.int_chart_points limit 0;
create table intermediate.int_rebased_summaries as from intermediate.int_chart_summaries limit 0;
"""


class Town:
    """Rows of the upstream tables; units have a month index of their start or none."""

    def __init__(self) -> None:
        self.con = duckdb.connect()
        self.con.execute(UPSTREAM)
        for seed in SEEDS:
            path = str(DBT_DIR / "seeds" / f"{seed}.csv")
            self.con.execute(f"create table staging.{seed} as from read_csv(?)", [path])
        for number, month in enumerate(MONTHS):
            self.add("intermediate.int_months", month, month.year, month.month, number)

    def add(self, table: str, *row: Any) -> None:
        marks = ", ".join("?" for _ in row)
        self.con.execute(f"insert into {table} values ({marks})", list(row))

    def metric(self, name: str, *, seasonal: bool = False, chart: str = "iprime") -> None:
        self.add("intermediate.int_metrics", name, True)
        self.add(
            "staging.stg_municipality__metrics",
            *(name, 100.0, seasonal, True, chart, "lower", 8.0, 0.0, 100.0),
        )

    def unit(self, name: str, service: str, metric: str, rates: Sequence[float | None]) -> None:
        """One unit's monthly rates in per cent over 200 agreed days, None where hidden."""
        if (
            self.con.execute(
                "select 1 from staging.stg_organisation__units where unit_id = ?", [name]
            ).fetchone()
            is None
        ):
            self.add("staging.stg_organisation__units", name, service)
        for month, rate in zip(MONTHS, rates, strict=True):
            self.add(
                "intermediate.int_metric_months_visible",
                *("unit", name, metric, month),
                *((None, None, None) if rate is None else (rate * 2.0, 200.0, rate)),
            )

    def start(self, unit: str, *metrics: str, begin: int = START, end: int | None = END) -> None:
        self.add("intermediate.int_lean__cycles", f"c_{unit}", unit, MONTHS[begin], "standardise")
        for metric in metrics:
            self.add("intermediate.int_phase_windows", f"c_{unit}", unit, metric, begin, end, False)

    def build(self) -> None:
        for name in MODELS + MARTS:
            if name == "int_chart_phases":
                self.con.execute(NO_NEW_BASIS)
            schema = "marts" if name in MARTS else "intermediate"
            self.con.execute(f"create table {schema}.{name} as {compiled(name, TARGET)}")

    def phase(self, series_id: str) -> dict[str, Any]:
        return self._rows("mart_control_chart_phases", series_id)[0]

    def points(self, series_id: str) -> list[dict[str, Any]]:
        return self._rows("mart_control_chart_points", series_id)

    def _rows(self, mart: str, series_id: str) -> list[dict[str, Any]]:
        found = self.con.execute(f"select * from marts.{mart} where series_id = ?", [series_id])
        names = [column[0] for column in found.description or []]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


@pytest.fixture(scope="module")
def town() -> Town:
    wanted = (FOLDER, *MARTS)
    run_dbt(
        NO_FILE,
        *("compile", "--select", *wanted, "--no-introspect", "--no-populate-cache"),
        target=TARGET,
    )
    town = Town()
    town.metric("short", chart="iprime")
    town.metric("total", seasonal=True)
    town.metric("alone", seasonal=True)
    town.metric("falls", chart="t")
    town.metric("quarterly")
    level = [9.0, 9.6, 8.8, 9.4, 9.2, 9.8] * 6
    town.unit("a", "home_care", "short", level + [15.0] * 4 + [6.0, 6.4] * 10)
    for unit, base in (("a", 6.0), ("b", 8.0), ("c", 9.0), ("d", 10.0)):
        noise = [0.1 * (number % 5 - 2) for number in range(60)]
        rates = [(base + wave) * SEASON[number % 12] for number, wave in enumerate(noise)]
        town.unit(
            unit,
            "home_care",
            "total",
            [*rates[:40], *(r * 0.6 for r in rates[40:])] if unit == "a" else rates,
        )
    town.unit("a", "home_care", "alone", [9.0 * SEASON[number % 12] for number in range(60)])
    hidden = [None if number < 30 else 9.0 + number % 3 for number in range(60)]
    town.unit("b", "home_care", "short", hidden)
    town.unit("e", "school", "short", [None] * 60)
    town.unit("e", "school", "falls", [float(number % 7) for number in range(60)])
    quarters = [9.0 + number % 5 if number % 3 == 0 else None for number in range(60)]
    town.unit("e", "school", "quarterly", quarters)
    there_and_back = [*level[:20], 9.0, 9.0, *[6.0, 6.4] * 12, *level[:14]]
    town.unit("f", "museum", "short", there_and_back)
    town.start("a", "short", "total", "alone")
    town.start("f", "short", begin=20, end=21)
    town.start("b", "short", end=None)
    town.start("e", "short", "falls")
    town.build()
    return town


def test_a_lasting_fall_is_told_with_its_size(town: Town) -> None:
    phase = town.phase("a/short/c_a/value")
    assert (phase["n_baseline"], phase["n_after"]) == (24, 20)
    assert (phase["baseline_first_month"], phase["baseline_last_month"]) == (MONTHS[12], MONTHS[35])
    assert (phase["limit_label"], phase["chart"]) == ("firm", "iprime")
    assert phase["verdict_nb"] == "Vedvarende forbedring siden Lean-start"
    assert phase["centre"] == pytest.approx(9.3)
    assert phase["change"] == pytest.approx(6.2 - 9.3)
    assert phase["change_low"] < phase["change"] < phase["change_high"] < 0
    assert (phase["variation"], phase["assurance"]) == ("improvement_low", "hit_or_miss")
    assert phase["is_new_basis_suggested"] is True


def test_the_worked_example_of_the_documentation_has_this_verdict(town: Town) -> None:
    found = town.con.execute(
        "select n_before, n_after, longest_run_better, required_run, change, change_low,"
        " change_high, is_bad_start_year, verdict from intermediate.int_chart_verdicts"
        " where series_id = 'a/short/c_a/value'"
    ).fetchone()
    assert found is not None
    n_before, n_after, run, required, change, low, high, is_bad_start_year, verdict = found
    assert (n_before, n_after, is_bad_start_year) == (24, 20, False)
    assert verdict == "sustained_improvement"
    shown = text_of("control_charts").split("## Worked example")[1]
    for told in (
        f"| centre | {town.phase('a/short/c_a/value')['centre']:.2f} % |",
        f"round(log2 {n_after}) + 4 | {run}; {required} |",
        f"| change | {change:.2f} points |",
        f"| {low:.2f} to {high:.2f} |",
        "| verdict | sustained improvement |",
    ):
        assert told in shown, told


def test_introduction_is_hollow_and_older_months_are_only_drawn(town: Town) -> None:
    points = town.points("a/short/c_a/value")
    assert [point["phase"] for point in points] == (
        ["earlier"] * 12 + ["baseline"] * 24 + ["introduction"] * 4 + ["after"] * 20
    )
    hollow = [point for point in points if point["is_introduction"]]
    assert {(point["value"], point["rule"], point["colour"]) for point in hollow} == {
        (15.0, None, "common_cause")
    }
    assert {point["upper_3s"] for point in points[:12]} == {None}
    assert len({point["upper_3s"] for point in points[12:]}) == 1


def test_a_verdict_looks_at_two_years_and_says_whether_it_still_holds(town: Town) -> None:
    phase = town.phase("f/short/c_f/value")
    assert (phase["n_baseline"], phase["limit_label"]) == (20, "preliminary")
    assert (phase["n_after"], phase["after_last_month"]) == (24, MONTHS[45])
    assert (phase["verdict"], phase["is_still_held"]) == ("sustained_improvement", False)
    assert town.phase("a/short/c_a/value")["is_still_held"] is True
    later = town.points("f/short/c_f/value")[46:]
    assert {point["phase"] for point in later} == {"later"}
    assert None not in {point["upper_3s"] for point in later}


def test_season_comes_from_the_other_units_and_not_from_months_after_a_start(town: Town) -> None:
    phase = town.phase("a/total/c_a/value")
    assert (phase["season_method"], phase["n_season_years"]) == ("index", 5)
    found = town.con.execute(
        "select season_index from intermediate.int_chart_season_index order by month_no"
    ).fetchall()
    assert [row[0] for row in found] == pytest.approx(SEASON, rel=0.02)
    values = [point["value"] for point in town.points("a/total/c_a/value")]
    assert max(values[:36]) - min(values[:36]) < 0.6
    assert phase["verdict"] == "sustained_improvement"


def test_unit_minus_the_rest_leaves_out_what_all_share(town: Town) -> None:
    phase = town.phase("a/total/c_a/comparison")
    assert (phase["chart"], phase["season_method"]) == ("xmr", "comparison")
    first = town.points("a/total/c_a/comparison")[0]
    # 6 - (9 + 10) / 2, all with the January season; the fourth unit has started too
    assert first["value"] == pytest.approx(-3.5 * SEASON[0])
    assert phase["verdict"] == "sustained_improvement"


def test_a_season_that_cannot_be_removed_leaves_only_the_limits(town: Town) -> None:
    phase = town.phase("a/alone/c_a/value")
    assert phase["season_method"] == "not_removed"
    assert "Sesong er ikke fjernet" in phase["season_note_nb"]
    assert not any(p["is_shift"] or p["is_trend"] for p in town.points("a/alone/c_a/value"))


def test_few_months_before_give_a_run_chart_without_limits_or_verdict(town: Town) -> None:
    phase = town.phase("b/short/c_b/value")
    assert (phase["chart"], phase["limit_label"], phase["n_baseline"]) == ("run", "none", 6)
    assert phase["verdict_nb"] == "For få målinger før start"
    assert phase["variation"] is None
    assert {point["upper_3s"] for point in town.points("b/short/c_b/value")} == {None}


def test_a_unit_without_a_start_has_limits_from_its_newest_months_alone(
    town: Town,
) -> None:
    phase = town.phase("c/total/-/value")
    assert (phase["cycle_id"], phase["verdict"], phase["n_after"]) == (None, None, None)
    assert (phase["n_baseline"], phase["limit_label"]) == (24, "firm")
    points = town.points("c/total/-/value")
    assert [point["phase"] for point in points] == ["earlier"] * 36 + ["whole"] * 24
    assert phase["centre"] == pytest.approx(sum(p["value"] for p in points[36:]) / 24)
    # what is older is drawn and asks nothing
    assert {point["colour"] for point in points[:36]} <= {"common_cause"}


def test_what_is_hidden_in_every_month_is_not_charted(town: Town) -> None:
    found = town.con.execute(
        "select count(*) from marts.mart_control_chart_points where unit_id = 'e' "
        "and metric_id = 'short'"
    ).fetchone()
    assert found == (0,)


def test_times_of_zero_take_the_g_chart_and_quarters_the_run_chart(town: Town) -> None:
    falls = town.phase("e/falls/c_e/value")
    assert (falls["chart"], falls["verdict"]) == ("g", "chart_without_verdict")
    assert town.phase("e/quarterly/-/value")["chart"] == "run"


def test_every_verdict_and_season_has_its_words(town: Town) -> None:
    wordless = town.con.execute(
        "select series_id from marts.mart_control_chart_phases where season_note_nb is null "
        "or (verdict is null) <> (verdict_nb is null) or (verdict is null) <> (cycle_id is null)"
    ).fetchall()
    assert wordless == []
