"""The worked questions in ``questions.yml``: somewhere to start for those who ask themselves.

What they are called is in the word files.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from pipelines.words.catalogue import DEFAULT_LANGUAGE, text

_FILE = Path(__file__).parent / "questions.yml"


@dataclass(frozen=True)
class Question:
    """One worked question.

    Attributes:
        question_id: Its name on the command line.
        sql: One statement.
        chart_x: Column along the axis of a simple chart.
        chart_y: Column drawn.
    """

    question_id: str
    sql: str
    chart_x: str
    chart_y: str

    def title(self, language: str = DEFAULT_LANGUAGE) -> str:
        """Return the question in words."""
        return text(f"question.{self.question_id}.title", language)

    def about(self, language: str = DEFAULT_LANGUAGE) -> str:
        """Return what the answer says."""
        return text(f"question.{self.question_id}.about", language)


@cache
def questions() -> dict[str, Question]:
    """Return every worked question by id, in the file's order."""
    entries = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return {
        name: Question(
            question_id=name,
            sql=entry["sql"].strip(),
            chart_x=entry["chart"]["x"],
            chart_y=entry["chart"]["y"],
        )
        for name, entry in entries.items()
    }
