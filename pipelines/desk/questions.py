"""The worked questions in ``questions.yml``: somewhere to start for those who ask themselves."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

_FILE = Path(__file__).parent / "questions.yml"


@dataclass(frozen=True)
class Question:
    """One worked question.

    Attributes:
        question_id: Its name on the command line.
        title: The question by language code.
        about: What the answer says, by language code.
        sql: One statement.
        chart_x: Column along the axis of a simple chart.
        chart_y: Column drawn.
    """

    question_id: str
    title: Mapping[str, str]
    about: Mapping[str, str]
    sql: str
    chart_x: str
    chart_y: str


@cache
def questions() -> dict[str, Question]:
    """Return every worked question by id, in the file's order."""
    entries = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return {
        name: Question(
            question_id=name,
            title={language: entry[f"title_{language}"] for language in ("nb", "en")},
            about={language: entry[f"about_{language}"] for language in ("nb", "en")},
            sql=entry["sql"].strip(),
            chart_x=entry["chart"]["x"],
            chart_y=entry["chart"]["y"],
        )
        for name, entry in entries.items()
    }
