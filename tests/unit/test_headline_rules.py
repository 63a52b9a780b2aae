"""The truth table of the headline as it stands in its seed; how it is used is in test_headlines."""

from tests.unit.test_headlines import seed


def test_a_sign_beyond_the_expected_is_called_that_whatever_the_chart_says() -> None:
    rules = seed("headline_rules")
    codes = {r["headline"] for r in rules if r["effect_class"] == "sign_beyond_expected"}
    assert codes == {"sign_beyond_expected", "not_interpretable"}


def test_turning_the_better_direction_round_swaps_improved_and_worsened() -> None:
    charts = {
        "sustained_improvement": "sustained_deterioration",
        "improved_then_lost": "deteriorated_then_recovered",
        "sign_of_improvement": "sign_of_deterioration",
    }
    charts |= {b: a for a, b in charts.items()}
    codes = {
        "improved_then_lost": "worsened_then_recovered",
        "improved_lasting": "worsened_lasting",
        "improved": "worsened",
        "improvement_not_beyond_expected": "deterioration_not_beyond_expected",
        "association_improved": "association_worsened",
        "association_improved_then_lost": "association_worsened_then_recovered",
        "association_sign": "association_sign_worse",
    }
    codes |= {b: a for a, b in codes.items()}
    classes = {"improved_unclear": "worsened", "worsened": "improved_unclear"}
    cells = {
        (row["effect_class"], row["chart_verdict"]): row
        for row in seed("headline_rules")
        if (
            row["effect_class"] != "worsened_lasted"
            and not row["effect_class"].startswith("improved_")
        )
        or row["effect_class"] == "improved_unclear"
    }
    for (effect_class, chart), row in cells.items():
        mirror = cells[classes.get(effect_class, effect_class), charts.get(chart, chart)]
        assert mirror["headline"] == codes.get(row["headline"], row["headline"])
        assert mirror["lowered_by"] == row["lowered_by"]
        assert mirror["basis"] == row["basis"]
