"""A language is one file: a copy of a word file is offered, asked for and written everywhere."""

import json
import os
import shutil
import subprocess
import sys
from typing import Any

import pytest

from pipelines.settings import REPO_ROOT

CODE, NAME = "se", "Davvisámegiella"
ASKED = """
import json
from pathlib import Path
from dashboards.text.catalogue import t
from pipelines.contracts.model import load_contracts
from pipelines.contracts.seed_words import word_files
from pipelines.desk.questions import questions
from pipelines.desk.refusals import words_for
from pipelines.desk.table_files import to_csv
from pipelines.municipality.base import Label
from pipelines.municipality.tables import SCHEMAS
from pipelines.publishing.catalogue import catalogue
from pipelines.words.catalogue import codes, languages
from pipelines.words.sentences import SENTENCES
from pipelines.words.numbers import chart_locale, day, number, quantity
from datetime import date

products = load_contracts(kind="products")
made = {path.name: text for path, (text, _) in word_files(Path("dbt_project")).items()}
columns = [c.name for each in products.values() for t in each.tables.values() for c in t.columns]
print(json.dumps({
    "languages": languages(),
    "codes": codes(),
    "page": t("page_unit", "se"),
    "refusal": words_for("empty", {}).text("se"),
    "question": next(iter(questions().values())).title("se"),
    "columns": columns,
    "composed_of": sorted({c for each in SENTENCES.values() for c in each.columns}),
    "labels": made["labels.csv"].splitlines()[0],
    "macros": made["languages.sql"],
    "catalogue": catalogue(products).columns,
    "metrics": list(SCHEMAS["metrics"]),
    "label": Label(nb="Sykefravær", en="Sick leave").columns("label"),
    "figures": [
        number(1234.5, 1, "se"), quantity(9.6, 1, "pct", "se"), day(date(2018, 12, 31), "se"),
    ],
    "file": to_csv(["a"], [[1.5]], "se").decode("utf-8-sig"),
    "chart": chart_locale("se")["number"]["decimal"],
}))
"""


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What a copy of the house says when one file has been added to it."""
    root = tmp_path_factory.mktemp("house")
    left_out = shutil.ignore_patterns("__pycache__", "target", "logs", "municipalities")
    for folder in ("pipelines", "dashboards", "data_contracts", "dbt_project"):
        shutil.copytree(REPO_ROOT / folder, root / folder, ignore=left_out)
    words = root / "pipelines" / "words"
    bokmaal = (words / "nb.yml").read_text("utf-8")
    (words / f"{CODE}.yml").write_text(bokmaal.replace("Norsk bokmål", NAME, 1), "utf-8")
    done = subprocess.run(
        [sys.executable, "-c", ASKED],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def test_it_is_offered_in_the_language_switch_and_on_the_command_line(told: dict[str, Any]) -> None:
    assert told["languages"][CODE] == NAME
    assert CODE in told["codes"]


def test_every_column_of_words_is_there_in_it(told: dict[str, Any]) -> None:
    worded = {name.removesuffix("_nn") for name in told["columns"] if name.endswith("_nn")}
    assert len(worded) > 30
    assert {f"{stem}_{CODE}" for stem in worded} <= set(told["columns"])
    assert f"label_{CODE}" in told["labels"].split(",")
    assert f"'{CODE}'" in told["macros"]
    assert f"suppression_{CODE}" in told["catalogue"]
    assert f"label_{CODE}" in told["metrics"]


def test_a_sentence_that_is_made_of_words_is_made_of_those_in_it(told: dict[str, Any]) -> None:
    worded = [name for name in told["composed_of"] if name.endswith("_nb")]
    assert worded
    assert {f"{name.removesuffix('_nb')}_{CODE}" for name in worded} <= set(told["composed_of"])


def test_pages_refusals_and_questions_are_told_in_it(told: dict[str, Any]) -> None:
    assert told["page"] == "Enhet"
    assert told["refusal"] == "Spørringen er tom."
    assert told["question"].endswith("?")
    assert told["label"][f"label_{CODE}"] == "Sykefravær"


def test_figures_files_and_charts_are_written_in_it(told: dict[str, Any]) -> None:
    assert told["figures"] == ["1\u00a0234,5", "9,6\u00a0%", "31.12.2018"]
    assert told["file"] == "a\r\n1,5\r\n"
    assert told["chart"] == ","
