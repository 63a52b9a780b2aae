"""The headline of every case: one each, worded with its figures, and never more than was found."""

import csv
import re
from itertools import product
from pathlib import Path
from typing import Any, get_args

import duckdb
import pytest

from pipelines.municipality.metrics import Metric
from pipelines.settings import DBT_DIR
from pipelines.words.catalogue import codes as languages
from pipelines.words.catalogue import find, text
from tests.unit.headline_cases import JUDGED, NBSP, SPECIAL
from tests.unit.headline_town import CHARTS, EFFECTS, MEASURED, Case, all_cases, build_headlines


def seed(name: str) -> list[dict[str, str]]:
    with (DBT_DIR / "seeds" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def cases() -> list[Case]:
    return [*all_cases(), *SPECIAL]


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("headlines") / "a.duckdb"


@pytest.fixture(scope="module")
def headlines(cases: list[Case], file: Path) -> dict[str, Any]:
    return build_headlines(file, cases)


@pytest.fixture(scope="module")
def overview(headlines: dict[str, Any], file: Path) -> dict[tuple[str, str], dict[str, Any]]:
    assert headlines
    with duckdb.connect(str(file), read_only=True) as con:
        rows = con.sql("select * from marts.mart_overview").pl().to_dicts()
    return {(row["scope_type"], row["scope_id"]): row for row in rows}


def test_every_combination_has_exactly_one_headline(
    cases: list[Case], headlines: dict[str, Any]
) -> None:
    assert len(all_cases()) == len(EFFECTS) * len(CHARTS) * len(MEASURED)
    twins = {f"{case.name}/twin" for case in cases if case.has_twin}
    assert set(headlines) == {case.name for case in cases} | twins
    assert all(row["headline"] and row["sentence_nb"] for row in headlines.values())


def test_every_cell_of_the_truth_table_is_told_once_and_used(headlines: dict[str, Any]) -> None:
    rules = seed("headline_rules")
    classes = {row["effect_class"] for row in rules}
    charts = {"none", *(row["verdict"] for row in seed("chart_verdicts"))}
    for effect_class, chart in product(classes, charts):
        hits = [
            row for row in rules
            if row["effect_class"] == effect_class and row["chart_verdict"] in (chart, "*")
        ]  # fmt: skip
        assert len(hits) == 1, (effect_class, chart)
    codes = {row["headline"] for row in seed("headlines")}
    assert {row["headline"] for row in rules} == codes
    assert {row["headline"] for row in headlines.values()} == codes


def test_suppressed_wins_over_everything_and_carries_no_figure(
    cases: list[Case], headlines: dict[str, Any]
) -> None:
    hidden = [c for c in cases if "suppressed" in (c.effect[0], c.measured[0])]
    assert hidden
    for case in hidden:
        row = headlines[case.name]
        assert (row["headline"], row["basis"]) == ("suppressed", "none")
        assert not [k for k, v in row.items() if isinstance(v, float) and v is not None]
        assert (
            row["n_before"] is row["n_after"] is row["chart_verdict"] is row["lowered_by"] is None
        )
        assert not re.search(r"\d", row["sentence_nb"] + row["sentence_en"])


def test_gates_come_before_what_was_found(cases: list[Case], headlines: dict[str, Any]) -> None:
    gates = {"suppressed", "not_interpretable", "too_little_data"}
    for case in cases:
        row = headlines[case.name]
        if "not_interpretable" in (case.effect[0], case.measured[0], case.chart):
            assert row["headline"] in {"suppressed", "not_interpretable", "too_little_data"}
        if row["headline"] in gates:
            assert row["basis"] == "none"
            assert (
                row["estimate"] is row["q"] is row["shrunken_estimate"] is row["p_better"] is None
            )
        else:
            assert row["headline_group"] in JUDGED


def test_a_chart_alone_is_an_association_and_never_an_effect(headlines: dict[str, Any]) -> None:
    alone = [row for row in headlines.values() if row["basis"] == "chart"]
    assert {row["headline_group"] for row in alone} >= {"improved", "worsened", "changed"}
    for row in alone:
        assert "effekt" not in (row["sentence_nb"] + row["headline_nb"]).lower()
        assert "effect" not in (row["sentence_en"] + row["headline_en"]).lower()
        assert row["shrunken_estimate"] is None
    improved = [row for row in alone if row["headline_group"] in {"improved", "worsened"}]
    assert all("sammenheng" in row["sentence_nb"] for row in improved)


def test_no_sentence_says_that_lean_is_the_cause(headlines: dict[str, Any]) -> None:
    for row in headlines.values():
        text = f"{row['sentence_nb']} {row['sentence_en']} {row['headline_nb']}".lower()
        assert "på grunn av" not in text
        assert "because of lean" not in text
        assert "{" not in text
        assert "  " not in text


def test_the_comparison_says_how_much_would_have_come_anyway(headlines: dict[str, Any]) -> None:
    assert headlines["bad_year"]["sentence_nb"] == (
        f"Sykefravær gikk ned 3,1 prosentpoeng som målt, fra 9,6{NBSP}% til 6,5{NBSP}%. "
        "Om lag −2,4 prosentpoeng ville trolig kommet uansett, fordi enheten startet etter et"
        " uvanlig dårlig år. Anslått effekt −0,7 prosentpoeng (fra −2,9 til +1,5). "
        "Det kan ikke avgjøres om det var en endring ut over det."
    )
    assert headlines["bad_year"]["sentence_en"] == (
        f"Sick leave fell by 3.1 percentage points as measured, from 9.6{NBSP}% to 6.5{NBSP}%. "
        "About −2.4 percentage points would probably have come anyway, because the unit started"
        " after an unusually bad year. Estimated effect −0.7 percentage points (from −2.9 to +1.5)."
        " Whether there was a change beyond that cannot be told."
    )
    other = headlines["bad_year_no_help"]["sentence_nb"]
    assert "+1,2 prosentpoeng ville trolig kommet uansett. Anslått" in other
    assert other.endswith("Enheten startet etter et uvanlig dårlig år.")


def test_large_relative_and_vanishing_figures_are_written_as_people_write_them(
    headlines: dict[str, Any],
) -> None:
    nb, en = headlines["percent"]["sentence_nb"], headlines["percent"]["sentence_en"]
    assert f"gikk ned 2{NBSP}000{NBSP}000 kroner som målt, fra 3{NBSP}000{NBSP}000 kroner" in nb
    assert f"Om lag −1{NBSP}234{NBSP}567 kroner" in nb
    assert "Anslått effekt −12,3 prosent (fra −20,0 til −3,1)" in nb
    assert "About −1,234,567 NOK" in en
    assert "−12.3 per cent (from −20.0 to −3.1)" in en
    assert headlines["percent"]["effect_unit"] == "percent"
    small = headlines["rounds_to_zero"]["sentence_nb"]
    assert f"Sykefravær er uendret som målt (6,5{NBSP}%). Det var ventet om lag ingen" in small
    assert "Anslått effekt 0,0 prosentpoeng (fra −0,1 til +0,1)" in small
    assert (
        "gikk opp 0,031 som målt, fra 0,900 til 0,931. Om lag +0,007 ville"
        in (headlines["three_decimals"]["sentence_nb"])
    )


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("plain", None),
        ("bad_year", "bad_start_year"),
        ("chart_alone", "leader_change, preliminary, season_not_removed"),
        ("chart_bad_year", "bad_start_year"),
        ("budget", "budget_cut"),
        ("limits_do_not_matter", None),
        ("disagree", "did_disagrees, instruments_disagree"),
    ],
)
def test_what_lowers_the_certainty_is_named(
    headlines: dict[str, Any], name: str, codes: str | None
) -> None:
    row = headlines[name]
    assert row["lowered_by"] == codes
    for code in (codes or "").split(", "):
        assert (find(f"lowers.{code}", "nb") or "") in row["lowered_by_nb"]
    assert headlines["disagree"]["headline"] == "instruments_disagree"


def test_why_nothing_was_compared_is_said(headlines: dict[str, Any]) -> None:
    assert "for få enheter som ikke har startet" in headlines["chart_alone"]["sentence_nb"]
    assert headlines["chart_alone"]["estimate"] == -3.1
    assert "Måltallet sammenlignes ikke" in headlines["not_compared"]["sentence_nb"]


def test_nobody_is_asked_to_wait_for_months_that_cannot_come(headlines: dict[str, Any]) -> None:
    open_still = headlines["months_to_come"]
    assert open_still["months_left"] == 14
    assert open_still["next_step_nb"] == text("next_step.association_sign", "nb")
    closed = [row for name, row in headlines.items() if name.startswith("closed_")]
    assert len(closed) == 6
    for row in closed:
        assert row["months_left"] == 0
        for language in languages():
            told = text(f"next_step_closed.{row['headline']}", language)
            assert row[f"next_step_{language}"] == told
            assert told != text(f"next_step.{row['headline']}", language)
    # kroner of the day do not become comparable by waiting, whatever months are to come
    assert "mer tid endrer ikke dette" in headlines["nominal"]["next_step_nb"]


def test_a_verdict_says_what_it_was_held_to(headlines: dict[str, Any]) -> None:
    for name, tested_as, ends in (
        ("registered", "registered", "Målet var avtalt på forhånd."),
        ("percent", "screened", "prøvd mot de 37 andre enhetene."),
        ("alone", "screened", "uansett. Sett i ettertid."),
    ):
        assert headlines[name]["tested_as"] == tested_as
        assert headlines[name]["sentence_nb"].endswith(ends)
    assert headlines["registered"]["sentence_en"].endswith("The target was agreed beforehand.")
    assert "forhånd" not in headlines["chart_alone"]["sentence_nb"]
    assert headlines["chart_registered"]["tested_as"] == "registered"
    assert headlines["chart_alone"]["tested_as"] == "screened"


def test_an_interval_that_excludes_zero_is_a_sign_and_never_cannot_be_told(
    headlines: dict[str, Any],
) -> None:
    row = headlines["sign"]
    assert (row["headline"], row["headline_group"]) == ("sign_beyond_expected", "cannot_tell")
    assert row["sentence_nb"].endswith(
        "Tegn til endring utover det ventede: anslått effekt −0,7 prosentpoeng (fra −2,9 til −0,2)."
        " Blant 38 enheter på samme måltall ville slike utslag komme 1,9 ganger ved tilfeldigheter."
        " Ikke nok til å fastslå en endring."
    )


@pytest.mark.parametrize("name", ["registered", "lowered", "voided", "hidden", "by_chart"])
def test_a_complement_is_the_same_finding_seen_from_the_other_side(
    headlines: dict[str, Any], name: str
) -> None:
    row, twin = headlines[name], headlines[f"{name}/twin"]
    for column in ("headline", "headline_group", "basis", "tested_as", "lowered_by", "q",
                   "chart_verdict", "persistence", "n_before"):  # fmt: skip
        assert twin[column] == row[column]
    for column, other in (("estimate", "estimate"), ("estimate_lo", "estimate_hi"),
                          ("anyway", "anyway"), ("naive_delta", "naive_delta")):  # fmt: skip
        assert twin[column] == (None if row[other] is None else -row[other])
    if row["value_after"] is not None:
        assert twin["value_after"] == pytest.approx(100 - row["value_after"])
    assert (row["is_twin"], twin["is_twin"]) == (False, True)


def test_kroner_of_the_day_get_no_verdict(headlines: dict[str, Any]) -> None:
    row = headlines["nominal"]
    assert (row["headline"], row["basis"]) == ("not_interpretable", "none")
    assert "løpende kroner" in row["sentence_nb"]


@pytest.mark.parametrize("scope", ["municipality", "metric"])
def test_chance_is_counted_by_the_rule_that_judged_each_row(
    headlines: dict[str, Any], overview: dict[tuple[str, str], dict[str, Any]], scope: str
) -> None:
    for metric in ("sick", "pay", "staff") if scope == "metric" else ("all",):
        rows = [
            r for r in headlines.values() if metric in ("all", r["metric_id"]) and not r["is_twin"]
        ]
        assert overview[scope, metric]["n_series"] == len(rows)
        compared = [r for r in rows if r["basis"] == "comparison"]
        expected = (
            0.025
            * sum(r["tested_as"] == "registered" and r["metric_id"] != "staff" for r in compared)
            + 0.10
            * sum(
                r["tested_as"] == "screened" and r["effect_verdict"] in {"improved", "worsened"}
                for r in compared
            )
            + 0.025 * sum(r["basis"] == "chart" for r in rows)
        )
        found = overview[scope, metric]["expected_by_chance"]
        assert found == pytest.approx(expected)
    assert overview["municipality", "all"]["expected_by_chance"] > 0


def test_the_order_of_the_rows_does_not_matter(
    cases: list[Case], headlines: dict[str, Any], tmp_path: Path
) -> None:
    again = build_headlines(tmp_path / "b.duckdb", cases[::-1])
    assert again == headlines


def test_talk_order_is_a_ranking_that_no_unshrunken_figure_moves(
    cases: list[Case], headlines: dict[str, Any]
) -> None:
    order = sorted(row["talk_order"] for row in headlines.values())
    assert order == list(range(1, len(headlines) + 1))
    first = min(headlines.values(), key=lambda row: row["talk_order"])
    assert first["headline_group"] == "worsened"


def test_every_unit_of_a_metric_has_words() -> None:
    options = set(get_args(Metric.model_fields["unit"].annotation))
    assert options
    for language in languages():
        assert not [unit for unit in options if find(f"unit.{unit}.level", language) is None]
