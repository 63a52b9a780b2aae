"""Others' figures, the rule for gains and the tags, as a municipality writes them."""

import shutil
from pathlib import Path

import pytest

from pipelines.errors import ConfigError
from pipelines.municipality.load import load_municipality
from pipelines.municipality.tables import config_tables
from pipelines.settings import MUNICIPALITIES_DIR


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "facts: []",
            "facts: [{id: a, label: {nb: A, en: A}, value: 1, source: external,"
            " metric: overtime_pct}]",
            "Metric og compared_with hører sammen",
        ),
        (
            "facts: []",
            "facts: [{id: a, label: {nb: A, en: A}, value: 1, source: external,"
            " metric: overtime_pct, compared_with: KOSTRA-gruppe 7, as_of: 2017-12-31}]",
            "value, as_of og source_note",
        ),
        (
            "facts: []",
            "facts: [{id: a, label: {nb: A, en: A}, value: 1, source: external, metric: overtid,"
            " compared_with: KOSTRA-gruppe 7, as_of: 2017-12-31, source_note: SSB}]",
            "facts.a.metric: Ukjent måltall «overtid»",
        ),
        (
            "facts: []",
            "facts: []\ngain_distribution: {quality_pct: 60, quantity_pct: 30, saving_pct: 5,"
            " source_note: Vedtak}",
            "skal til sammen være 100",
        ),
        (
            "types: {quality: citizen",
            "types: {quality: customer",
            "gain_tags.types.quality",
        ),
    ],
)
def test_a_mistake_says_what_is_wrong(tmp_path: Path, old: str, new: str, expected: str) -> None:
    folder = tmp_path / "somewhere"
    shutil.copytree(MUNICIPALITIES_DIR / "_template", folder)
    file = folder / "municipality.yml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ConfigError) as problem:
        load_municipality(folder)
    assert expected in problem.value.text


def test_tags_and_the_rule_become_rows_that_sql_joins() -> None:
    tables = config_tables(load_municipality("vestre_toten"))
    tags = {(r["tag_of"], r["code"]): r for r in tables["gain_tags"].iter_rows(named=True)}
    assert tags["tool", "5S"]["principle"] == "flow"
    assert tags["type", "saving"]["serves"] == "organisation"
    (profile,) = tables["profile"].iter_rows(named=True)
    shares = [profile[f"distribution_{kind}_pct"] for kind in ("quality", "quantity", "saving")]
    assert sum(shares) == pytest.approx(100)
    (other,) = config_tables(load_municipality("nhs_england"))["profile"].iter_rows(named=True)
    assert other["distribution_quality_pct"] is None
    metrics = {row["metric_id"]: row for row in tables["metrics"].iter_rows(named=True)}
    assert metrics["falls_per_1000"]["serves"] == "citizen"
    assert metrics["sick_leave_pct"]["principle"] == "continuous_improvement"
