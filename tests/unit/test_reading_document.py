"""``docs/reading_files.md`` says what the readers do: every line of its tables is tried here."""

import ast
import re

import polars as pl
import pytest
import yaml

from pipelines.ingest.cell_faults import FAULT_WORDS
from pipelines.ingest.dates import DateColumn, read_dates
from pipelines.ingest.encoding import decode
from pipelines.ingest.numbers import parse_numbers
from pipelines.municipality.feeds import ColumnMapping, Feed, FeedEntry
from pipelines.municipality.file_layout import Melt
from pipelines.settings import REPO_ROOT

DOCUMENT = (REPO_ROOT / "docs" / "reading_files.md").read_text(encoding="utf-8")
EMPTY, SET_ASIDE = "tomt", "karantene"


def table(start: str) -> list[list[str]]:
    """Return the cells of the first table after a text, without its two head lines."""
    lines = DOCUMENT.split(start, 1)[1].splitlines()
    rows = []
    for line in lines[1:]:
        if line.startswith("|"):
            rows.append([cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip("|"))])
        elif rows:
            break
    return rows[2:]


def examples(mark: str) -> list[tuple[str, str]]:
    """Return what stands in the file and what it is read as."""
    return [(row[0].strip("`"), row[1]) for row in table(f"<!-- {mark} -->")]


def words(parsed, text: str, shown) -> str:
    if text in FAULT_WORDS or parsed.bad[0]:
        return SET_ASIDE
    return EMPTY if parsed.values[0] is None else shown(parsed.values[0])


@pytest.mark.parametrize(("text", "said"), examples("tall"))
def test_numbers_are_read_as_the_document_says(text, said):
    parsed = parse_numbers(pl.Series([text]))
    assert words(parsed, text, lambda value: f"{value:.10g}") == said


@pytest.mark.parametrize(("text", "said"), examples("datoer"))
def test_dates_are_read_as_the_document_says(text, said):
    parsed = read_dates(pl.Series([text]), DateColumn())
    assert words(parsed, text, str) == said


@pytest.mark.parametrize(("text", "said"), examples("måneder"))
def test_months_are_read_as_the_document_says(text, said):
    parsed = read_dates(pl.Series([text]), DateColumn(is_month=True))
    shown = words(parsed, text, lambda day: f"{day:%Y-%m}" if day.day == 1 else SET_ASIDE)
    assert shown == said


@pytest.mark.parametrize("row", table("går alltid foran innstillingen."))
def test_the_encodings_of_the_document_are_recognised(row):
    text = "Sør;på bær\n"
    codec = row[0].strip("`")
    assert decode(text.encode(codec)).text == text
    assert codec in FeedEntry.model_json_schema()["properties"]["encoding"]["enum"]


@pytest.mark.parametrize("block", re.findall(r"```yaml\n(.*?)```", DOCUMENT, flags=re.DOTALL))
def test_every_setting_in_the_document_is_one(block):
    content = yaml.safe_load(block)
    if "month" in content:
        ColumnMapping.model_validate(content["month"])
        return
    melt = Melt.model_validate(content["melt"]) if "melt" in content else None
    melted: dict[str, dict[str, str]] = {name: {} for name in melt.values} if melt else {}
    Feed.model_validate(
        {
            "contract": "c", "id": "f", "table": "t", "files": ["*"],
            "period": {"source": "all"}, "columns": melted,
        }
        | content
    )  # fmt: skip


@pytest.mark.parametrize(
    "setting", re.findall(r"`((?:date|number): \{.*?\}|month: .*?)`", DOCUMENT)
)
def test_every_setting_in_the_text_is_one(setting):
    content = yaml.safe_load(setting)
    column = content.get("month", content | {"column": "x"})
    ColumnMapping.model_validate(column)


def test_every_reason_to_refuse_a_file_is_in_the_document():
    told = {row[0].strip("`") for row in table("## Når hele filen avvises")}
    assert told == refusals()


def refusals() -> set[str]:
    """Return the codes of every refusal in the readers' source."""
    found = set()
    for file in sorted((REPO_ROOT / "pipelines" / "ingest").glob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                continue
            if node.func.id in {"DeliveryRejectedError", "_refuse"} and node.args:
                code = node.args[0]
                if isinstance(code, ast.Constant) and re.fullmatch("[a-z_]+", code.value):
                    found.add(code.value)
    return found
