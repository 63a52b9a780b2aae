"""No word goes against the sign of the figure it stands beside: every row, in every language."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.words.catalogue import codes, text
from pipelines.words.printed import printed, printed_change
from pipelines.words.sentences import SENTENCES
from pipelines.words.told_rows import METRIC_COLUMNS, Metric
from tests.published import generation_file

pytestmark = pytest.mark.integration
Row = dict[str, Any]
# what each headline says of the estimate and of the unit's own chart: better 1, worse -1
BY_COMPARISON = {
    "improved": 1, "improved_lasting": 1, "improved_then_lost": 1,
    "worsened": -1, "worsened_lasting": -1, "worsened_then_recovered": -1,
}  # fmt: skip
BY_CHART = {
    "association_improved": 1, "association_sign": 1, "improvement_not_beyond_expected": 1,
    "association_worsened": -1, "association_sign_worse": -1,
    "deterioration_not_beyond_expected": -1,
}  # fmt: skip
_CODES = {1: "rose", -1: "fell", 0: "unchanged"}
_SIDES = {1: "higher", -1: "lower", 0: "same"}


@pytest.fixture(scope="module", params=["vestre_toten", "nhs_england"])
def edition(request: pytest.FixtureRequest) -> Iterator[duckdb.DuckDBPyConnection]:
    home: Path = request.getfixturevalue(
        "example_home" if request.param == "vestre_toten" else "nhs_home"
    )
    with duckdb.connect(str(generation_file(home, request.param)), read_only=True) as con:
        yield con


def rows_of(con: duckdb.DuckDBPyConnection, table: str) -> list[Row]:
    return con.sql(f"select * from {table}").pl().to_dicts()


def metrics_of(con: duckdb.DuckDBPyConnection) -> dict[str, Metric]:
    labels = [f"label_{code}" for code in codes()]
    columns = ", ".join(dict.fromkeys((*METRIC_COLUMNS, *labels)))
    rows = con.sql(f"select {columns} from dim_metrics").pl().to_dicts()
    return {row["metric_id"]: Metric.of(row) for row in rows}


def sign(value: float) -> int:
    return (value > 0) - (value < 0)


def measured_words(metric: Metric, language: str) -> dict[str, str]:
    """How a sentence begins that says that the metric rose, fell or is unchanged."""
    said = {
        code: text(
            f"sentence.measured.{code}", language,
            metric=metric.labels[language], change="\0", before="\0", after="\0",
        ).split("\0")[0]
        for code in _CODES.values()
    }  # fmt: skip
    assert len(set(said.values())) == len(said)
    return said


def test_what_is_said_to_have_risen_or_fallen_did(edition: duckdb.DuckDBPyConnection) -> None:
    metrics, n_said = metrics_of(edition), 0
    sentence = SENTENCES["mart_headlines", "sentence"]
    for row in rows_of(edition, "mart_headlines"):
        metric = metrics[row["metric_id"]]
        change = printed_change(row["value_before"], row["value_after"], metric.decimals)
        for language in codes():
            told = sentence.text(row, metrics, language)
            begins = {
                code for code, words in measured_words(metric, language).items() if words in told
            }
            if change is None:
                assert begins == set(), told
            elif begins:
                assert begins == {_CODES[sign(change)]}, told
                n_said += 1
    assert n_said or not rows_of(edition, "mart_headlines")


def test_a_headline_stands_beside_figures_of_its_own_sign(
    edition: duckdb.DuckDBPyConnection,
) -> None:
    metrics = metrics_of(edition)
    for row in rows_of(edition, "mart_headlines"):
        metric = metrics[row["metric_id"]]
        change = printed_change(row["value_before"], row["value_after"], metric.decimals)
        if (side := BY_COMPARISON.get(row["headline"])) and metric.better_side:
            assert sign(row["estimate"]) == side * metric.better_side, row
        if (side := BY_CHART.get(row["headline"])) and metric.better_side and change is not None:
            assert sign(change) in (0, side * metric.better_side), row
            if row["basis"] == "chart" and row["estimate"] is not None:
                assert sign(printed(row["estimate"], metric.decimals)) in (
                    0, side * metric.better_side,
                ), row  # fmt: skip
        if (low := row["estimate_lo"]) is not None and (high := row["estimate_hi"]) is not None:
            assert low <= row["estimate"] <= high, row
            if row["headline"] == "cannot_tell" and row["basis"] == "comparison":
                assert low <= 0 <= high, row


def test_a_group_is_said_to_be_higher_lower_better_or_worse_by_its_own_estimate(
    edition: duckdb.DuckDBPyConnection,
) -> None:
    metrics = metrics_of(edition)
    sentence = SENTENCES["mart_effects_pooled", "sentence"]
    for row in rows_of(edition, "mart_effects_pooled"):
        metric = metrics[row["metric_id"]]
        at = printed(row["estimate"], max(metric.decimals, 1))
        for language in codes():
            told = sentence.text(row, metrics, language)
            words = {
                side: text(f"sentence.pooled.{row['kind']}.{side}", language, size="\0")
                for side in _SIDES.values()
            }
            wanted = words[_SIDES[sign(at)]].rpartition("\0")[2]
            assert f"{wanted} (" in told, told
        if row["verdict"] in ("improved", "worsened"):
            side = 1 if row["verdict"] == "improved" else -1
            assert sign(row["estimate"]) == side * metric.better_side, row
            assert row["p"] <= row["p_limit"], row


def test_what_would_have_come_anyway_and_the_effect_add_up_to_the_change(
    edition: duckdb.DuckDBPyConnection,
) -> None:
    metrics = metrics_of(edition)
    for row in rows_of(edition, "mart_headlines"):
        if row["anyway"] is None or row["effect_unit"] == "percent" or row["estimate"] is None:
            continue
        metric = metrics[row["metric_id"]]
        # each is printed by itself: half a last digit each
        left = row["naive_delta"] - row["anyway"] - row["estimate"]
        assert abs(left) <= 1.5 * 10.0**-metric.decimals, row
