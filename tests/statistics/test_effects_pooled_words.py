"""Groups in words and verdicts, in both languages."""

from datetime import date
from typing import Any

import polars as pl
import pytest

from pipelines.effects.model.inputs import Rules
from pipelines.effects.tables.pooled_verdicts import pooled_table
from pipelines.words.catalogue import codes
from pipelines.words.sentences import SENTENCES
from pipelines.words.told_rows import Metric

METRIC = {
    "metric_id": "sick",
    "label_nb": "Sykefravær",
    "label_en": "Sick leave",
    "unit": "pct",
    "decimals": 1,
    "direction": "lower",
    "minimum_relevant_effect": 1.0,
}
ROW: dict[str, Any] = {
    "metric_id": "sick",
    "as_of_month": date(2018, 12, 1),
    "group_type": "all",
    "group_id": "all",
    "kind": "window",
    "first_month_after": 0,
    "last_month_after": 23,
    "n_units": 43,
    "effect_unit": "raw",
    "estimate": -0.4,
    "se": 0.2,
    "lo": -0.8,
    "hi": 0.04,
    "p": 0.06,
    "bump": 2.0,
    "bump_se": 0.5,
    "margin": 0.04,
    "start_order": "chosen",
    "months_in_pct": 100.0,
    "persistence": None,
    "mean_before": 8.0,
    "model_version": "pss-1",
}


def told(metric: dict[str, Any] | None = None, **row: Any) -> dict[str, Any]:
    about = METRIC | (metric or {})
    found = pooled_table([ROW | row], {"sick": about}, Rules()).row(0, named=True)
    metrics = {"sick": Metric.of(about)}
    said = {
        f"{word}_{language}": SENTENCES["mart_effects_pooled", name].text(found, metrics, language)
        for word, name in (("text", "sentence"), ("persistence", "persistence"))
        for language in codes()
    }
    return found | said


def test_the_figures_the_interval_the_units_and_the_margin_are_said() -> None:
    row = told()
    assert row["text_nb"] == (
        "Lean-enhetene samlet: sykefravær 0,4 prosentpoeng lavere enn ventet (fra −0,8 til 0,0),"
        " 43 enheter. Trolig uendret. Marginen er utvidet fordi gruppen startet etter et uvanlig"
        " dårlig år. Rekkefølgen var valgt; var den trukket, trengtes ingen margin."
    )
    assert row["text_en"] == (
        "The Lean units together: sick leave 0.4 percentage points lower than expected (from −0.8"
        " to 0.0), 43 units. Probably unchanged. The margin is widened because the group started"
        " after an unusually bad year. The order was chosen; had it been drawn, no margin would be"
        " needed."
    )
    assert (row["verdict"], row["precision"]) == ("no_detectable_change", "practically_unchanged")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"margin": 0.0}, "Marginen"),
        ({"estimate": 0.02}, "lavere enn ventet"),
        ({"p": 0.01}, "Trolig uendret"),
    ],
)
def test_what_does_not_hold_is_not_said(change: dict[str, Any], words: str) -> None:
    assert words in told()["text_nb"]
    assert words not in told(**change)["text_nb"]


@pytest.mark.parametrize(
    ("metric", "row", "verdict", "words"),
    [
        ({}, {"p": 0.01}, "improved", "Bedre enn ventet."),
        ({"direction": "higher"}, {"p": 0.01}, "worsened", "Dårligere enn ventet."),
        ({"direction": "target"}, {"p": 0.01}, "changed", "Endret mot det som var ventet."),
        ({}, {"lo": -1.8}, "no_detectable_change", "Vi kan ikke avgjøre om det var en endring."),
        (
            {"minimum_relevant_effect": None},
            {},
            "no_detectable_change",
            "Vi kan ikke avgjøre om det var en endring.",
        ),
    ],
)
def test_the_verdict_follows_p_and_what_is_better(
    metric: dict[str, Any], row: dict[str, Any], verdict: str, words: str
) -> None:
    found = told(metric, **row)
    assert found["verdict"] == verdict
    assert words in found["text_nb"]


@pytest.mark.parametrize(
    ("row", "start_nb", "start_en"),
    [
        ({"group_type": "pilots"}, "Pilotene samlet: ", "The pilots together: "),
        ({"group_type": "wave", "group_id": "3"}, "Bølge 3: ", "Wave 3: "),
        (
            {"group_type": "sector", "group_id": "Omsorg"},
            "Lean-enhetene i Omsorg: ",
            "The Lean units in Omsorg: ",
        ),
        (
            {"group_type": "service_type", "group_id": "home_care"},
            "Lean-enhetene i tjenesten Hjemmetjeneste: ",
            "The Lean units of the service Home care: ",
        ),
        (
            {"group_type": "service_type", "group_id": "flyveledelse"},
            "Lean-enhetene i tjenesten flyveledelse: ",
            "The Lean units of the service flyveledelse: ",
        ),
        (
            {"first_month_after": 12},
            "Lean-enhetene samlet, det andre året: ",
            "The Lean units together, the second year: ",
        ),
    ],
)
def test_the_group_and_the_months_are_named(
    row: dict[str, Any], start_nb: str, start_en: str
) -> None:
    found = told(**row)
    assert found["text_nb"].startswith(start_nb)
    assert found["text_en"].startswith(start_en)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"p": 0.01, "persistence": "lasted"}, "Bedringen varte også det tredje og fjerde året."),
        ({"p": 0.01, "persistence": "unclear"}, "Det er uklart om det varte."),
        ({"p": 0.01, "persistence": "too_early"}, "Det er for tidlig å si om det varer."),
        ({"persistence": "did_not_last"}, "Bedringen varte ikke."),
    ],
)
def test_whether_it_lasted_is_said_where_something_got_better(
    row: dict[str, Any], words: str
) -> None:
    found = told(**row)
    assert found["text_nb"].endswith(words)
    assert found["persistence_nb"] == words
    assert found["persistence_en"]


def test_nothing_is_said_to_last_where_nothing_got_better() -> None:
    found = told(persistence="unclear")
    assert found["persistence_nb"] == "Det er uklart om det varte."
    assert found["persistence_nb"] not in found["text_nb"]


def test_a_contrast_compares_years_and_gets_no_verdict() -> None:
    found = told(kind="contrast", p=0.001, margin=0.0, bump=None, bump_se=None)
    assert found["verdict"] is None
    assert found["text_nb"] == (
        "Lean-enhetene samlet, det andre året mot det første: sykefravær 0,4 prosentpoeng lavere"
        " (fra −0,8 til 0,0), 43 enheter."
    )


def test_per_cent_is_told_as_such_and_unchanged_means_the_same_share() -> None:
    cost = {"unit": "nok", "decimals": 0, "minimum_relevant_effect": 40.0}
    row = {"effect_unit": "percent", "estimate": -3.0, "lo": -9.0, "hi": 4.0, "margin": 0.0}
    assert "3,0 prosent lavere enn ventet" in told(cost, **row)["text_nb"]
    # 40 kroner are 10 per cent of 400, and 4 per cent of 1000
    assert told(cost, mean_before=400.0, **row)["precision"] == "practically_unchanged"
    assert told(cost, mean_before=1000.0, **row)["precision"] == "cannot_tell"


def test_an_abbreviation_keeps_its_capitals() -> None:
    assert "samlet: HMS-avvik 0,4" in told({"label_nb": "HMS-avvik"})["text_nb"]


def test_one_sector_among_many_must_stand_out_more_than_all_units_together() -> None:
    sectors = [
        ROW | {"group_type": "sector", "group_id": f"S{i}", "p": 0.02 if i == 0 else 0.5}
        for i in range(10)
    ]
    table = pooled_table([ROW | {"p": 0.02}, *sectors], {"sick": METRIC}, Rules())
    verdicts = dict(table.filter(pl.col("p") == 0.02).select("group_type", "verdict").iter_rows())
    assert verdicts == {"all": "improved", "sector": "no_detectable_change"}
    assert (table["q"] >= table["p"]).all()


@pytest.mark.parametrize(
    ("row", "said", "unsaid"),
    [
        ({"start_order": "drawn", "margin": 0.0}, "trenger ingen margin", "valgt"),
        ({"start_order": "mixed"}, "bare dem som var valgt", "trengtes ingen margin"),
        ({"start_order": "chosen", "margin": 0.0}, "43 enheter", "Rekkefølgen"),
    ],
)
def test_how_the_order_came_about_is_said_where_it_decides_the_margin(
    row: dict[str, Any], said: str, unsaid: str
) -> None:
    text = told(**row)["text_nb"]
    assert said in text
    assert unsaid not in text
    assert "margin" not in told(kind="contrast", **row | {"margin": 0.0})["text_nb"]


def test_more_is_asked_of_a_group_while_its_months_are_coming_in_and_that_is_said() -> None:
    early = told(p=0.02, months_in_pct=50.0)
    assert early["verdict"] == "no_detectable_change"
    assert early["precision"] == "sign_beyond_expected"
    assert "og da kreves mer" in early["text_nb"]
    assert told(p=0.0005, months_in_pct=50.0)["verdict"] == "improved"
    late = told(p=0.02, months_in_pct=100.0)
    assert late["verdict"] == "improved"
    assert "og da kreves mer" not in late["text_nb"]
