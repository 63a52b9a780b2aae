"""What every page is given: which generation, which language, and who is reading."""

from dataclasses import dataclass
from typing import Any

from dashboards.access import Viewer
from dashboards.marts import Question, Value, read
from dashboards.text.catalogue import t


@dataclass(frozen=True)
class Context:
    """The frame's message to a page; a page reads rows and words through it and nothing else.

    Attributes:
        generation: Path of the published file.
        language: ``nb`` or ``en``.
        viewer: Who is reading; their scope is applied to every read.
    """

    generation: str
    language: str
    viewer: Viewer

    def t(self, key: str, **values: object) -> str:
        """Return a text of the catalogue in the reader's language."""
        return t(key, self.language, **values)

    def rows(
        self,
        mart: str,
        columns: tuple[str, ...],
        *,
        order_by: tuple[str, ...] = (),
        **where: Value,
    ) -> list[dict[str, Any]]:
        """Return rows of a mart within the reader's scope; ``where`` is column=value.

        Columns with texts come in two languages: ask for them by :meth:`column`.
        """
        question = Question(
            mart, columns, tuple(sorted(where.items(), key=lambda pair: pair[0])), order_by
        )
        found: list[dict[str, Any]] = read(self.generation, self.viewer.scope, question)
        return found

    def column(self, stem: str) -> str:
        """Return the name of a text column in the reader's language: ``label`` -> ``label_nb``."""
        return f"{stem}_{self.language}"
