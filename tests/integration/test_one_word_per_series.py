"""One word per series and figures that add up, on every road: page, chart, paper, command, SQL."""

import json
import shutil
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from dashboards.access import LOCAL_VIEWER
from dashboards.components import control, talk
from dashboards.context import Context
from dashboards.reports.told import headlines
from dashboards.reports.unit import unit_report
from pipelines.words.catalogue import codes
from pipelines.words.verdict_class import CLASSES, Judged, class_words, verdict_words
from tests.conftest import pukk
from tests.published import generation_file, published

pytestmark = pytest.mark.integration
PILOT = "u0312"


@pytest.fixture(scope="module")
def generation(example_home: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    file = generation_file(example_home)
    copy = tmp_path_factory.mktemp("ord") / file.name
    for each in (file, file.with_suffix(".json")):
        shutil.copyfile(each, copy.with_suffix(each.suffix))
    return str(copy)


def context(generation: str, language: str = "nb") -> Context:
    return Context(generation, language, LOCAL_VIEWER)


def as_number(text: str) -> Decimal:
    """A printed figure read back, without the unit after it."""
    figure = text.replace("\u2212", "-").replace("\u00a0", " ").split(" ")
    digits = ""
    for part in figure:
        figure_alone = part.rstrip(".)")
        if not figure_alone.lstrip("+-").replace(",", "").isdigit():
            break
        digits += figure_alone
    return Decimal(digits.replace(",", "."))


def test_every_series_has_one_of_seven_classes_and_its_word_in_the_file(
    example_home: Path,
) -> None:
    rows = published(
        example_home,
        "select verdict_class, verdict_class_nb, verdict_class_en from mart_headlines",
    )
    assert {row[0] for row in rows} <= set(CLASSES)
    for code, nb, en in rows:
        assert (nb, en) == (class_words("nb")[code], class_words("en")[code])
    assert published(
        example_home,
        "select count(*) from mart_effects_pooled"
        " where (verdict is null) <> (verdict_class is null)",
    ) == [(0,)]


def test_before_change_and_after_add_up_as_printed_in_every_row(
    example_home: Path, generation: str
) -> None:
    page = context(generation)
    decimals = dict(published(example_home, "select metric_id, decimals from dim_metrics"))
    rows = [row for row in headlines(page) if row["change"] is not None]
    assert len(rows) > 400
    for row in rows:
        n = decimals[row["metric_id"]]
        before, after = (
            as_number(page.number(row[name], n)) for name in ("value_before", "value_after")
        )
        change = as_number(page.number(row["change"], n, signed=True))
        assert before + change == after, row


def test_before_after_and_change_are_one_figure_in_every_table(example_home: Path) -> None:
    differ = (
        "select count(*), count(*) filter (abs({b} - h.value_before) > 1e-5 * abs(h.value_before)"
        " or abs({a} - h.value_after) > 1e-5 * abs(h.value_after)"
        " or abs({d} - h.naive_delta) > 2e-5 * (abs(h.value_before) + abs(h.value_after)))"
        " from mart_headlines as h inner join {table} as o on {same} where {d} is not null"
    )
    first = "h.unit_id = o.unit_id and h.metric_id = o.metric_id and h.cycle_id in (select"
    first += " arg_min(cycle_id, start_date) from mart_headlines group by unit_id)"
    effects = differ.format(
        b="o.mean_before", a="o.mean_after", d="o.naive_delta", table="mart_effects", same=first
    )
    windows = differ.format(
        b="o.value_before", a="o.value_after", d="o.difference", table="mart_before_after",
        same="h.cycle_id = o.cycle_id and h.metric_id = o.metric_id",
    )  # fmt: skip
    for query in (effects, windows):
        ((n_rows, n_differ),) = published(example_home, query)
        assert n_rows > 100
        assert n_differ == 0
    # and what was not estimated has no level of its own beside the headline's
    assert published(
        example_home,
        "select count(*) from mart_effects where cf_delta is null"
        " and coalesce(mean_before, mean_after, naive_delta, seasonal_delta, n_pairs) is not null",
    ) == [(0,)]
    ((n_apart,),) = published(
        example_home,
        "select count(*) from mart_before_after"
        " where difference <> round(value_after - value_before, 6)",
    )
    assert n_apart == 0


@pytest.mark.parametrize("language", codes())
def test_the_sentence_of_the_page_is_the_one_of_the_table(
    example_home: Path, generation: str, language: str
) -> None:
    told = dict(
        published(
            example_home,
            "select row_key, text from mart_sentences where table_name = 'mart_headlines'"
            f" and sentence = 'sentence' and language = '{language}'",
        )
    )
    rows = headlines(context(generation, language))
    assert len(rows) == len(told)
    for row in rows:
        assert told[f"{row['cycle_id']}/{row['metric_id']}"] == row["sentence"]
        assert "{" not in row["sentence"]


def test_the_change_in_a_sentence_is_the_one_between_its_two_figures(generation: str) -> None:
    n_read = 0
    for row in headlines(context(generation)):
        told, found, rest = row["sentence"].partition(" som målt, fra ")
        if not found:
            continue
        change = as_number(told.rpartition(" gikk ")[2].split(" ", 1)[1])
        before, _, rest = rest.partition(" til ")
        assert abs(as_number(rest) - as_number(before)) == change, row["sentence"]
        n_read += 1
    assert n_read > 300


def test_the_word_is_the_same_on_page_chart_paper_command_and_in_the_file(
    example_home: Path, generation: str
) -> None:
    page = context(generation)
    rows = headlines(page, unit_id=PILOT)
    words = {(row["cycle_id"], row["metric_id"]): row["verdict"] for row in rows}
    by_metric = {metric_id: word for (_, metric_id), word in words.items()}
    cards = [line for line in talk.lines(page) if line.row["unit_id"] == PILOT]
    assert cards
    for line in cards:
        word = words[line.row["cycle_id"], line.row["metric_id"]]
        assert word in talk.figures(line)
    printed = json.loads(pukk("result", PILOT, "--json", home=example_home).stdout)
    assert {row["metric_id"]: row["verdict_nb"] for row in printed} == by_metric
    nynorsk = json.loads(pukk("result", PILOT, "--json", "--lang", "nn", home=example_home).stdout)
    there = headlines(context(generation, "nn"), unit_id=PILOT)
    assert {row["metric_id"]: row["verdict_nn"] for row in nynorsk} == {
        row["metric_id"]: row["verdict"] for row in there
    }
    assert "Sjukefråvær" in {row["metric"] for row in nynorsk}
    paper = unit_report(page, PILOT)
    said = {item.verdict for section in paper.sections for item in section.items}
    said |= {row[-1] for section in paper.sections for t in section.tables for row in t.rows}
    assert said >= set(words.values())
    n_drawn = 0
    for (cycle_id, metric_id), word in words.items():
        drawn = control.drawing(
            page, control.Series(PILOT, "Gimle sykehjem avd. 1", metric_id, cycle_id, None)
        )
        if drawn is not None and drawn.spec is not None:
            assert drawn.finding.endswith(f": {word}")
            n_drawn += 1
    assert n_drawn
    stored: list[tuple[Any, ...]] = published(
        example_home,
        "select metric_id, verdict_class, basis, headline, lowered_by from mart_headlines"
        f" where unit_id = '{PILOT}'",
    )
    assert {row[0]: verdict_words(Judged(*row[1:]), "nb") for row in stored} == by_metric
