"""What all configuration models share: frozen, no unknown keys, text that may look like numbers.

Also the two bilingual and list-or-one types that several files of a municipality use.
"""

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Any, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    WithJsonSchema,
    model_validator,
)

from pipelines.words.catalogue import codes
from pipelines.words.messages import say


class Strict(BaseModel):
    """Base of every configuration model."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _as_text(value: object) -> object:
    """A bare number in YAML is text where text is asked for: ``values: {1: permanent}``."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return str(value)
    return value


def _as_list(value: object) -> object:
    return [value] if isinstance(value, (str, int, float)) else value


def _as_month(value: object) -> object:
    return f"{value}-01" if isinstance(value, str) and len(value) == len("2017-01") else value


Text = Annotated[str, BeforeValidator(_as_text), WithJsonSchema({"type": ["string", "number"]})]
_TEXT_SCHEMA: dict[str, Any] = {"type": ["string", "number"]}
Texts = Annotated[
    tuple[Text, ...],
    BeforeValidator(_as_list),
    WithJsonSchema({"anyOf": [_TEXT_SCHEMA, {"type": "array", "items": _TEXT_SCHEMA}]}),
]
"""One text or a list of texts; always a tuple once read."""

Month = Annotated[
    date,
    BeforeValidator(_as_month),
    WithJsonSchema({"type": "string", "pattern": r"^\d{4}-\d{2}(-01)?$"}),
]
"""A month, written 2017-01 or 2017-01-01; the first day once read."""

Identifier = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
"""Small letters a-z, digits and underscore."""


class Label(BaseModel):
    """A text people read: in bokmål and English, and in the other languages where it is written.

    Where a language is not written, its readers are given the bokmål.
    """

    model_config = ConfigDict(extra="allow", frozen=True)
    __pydantic_extra__: dict[str, Annotated[str, Field(min_length=1)]]

    nb: str = Field(min_length=1)
    en: str = Field(min_length=1)

    @model_validator(mode="after")
    def _languages_are_known(self) -> Self:
        require_languages(self.model_extra or {})
        return self

    def columns(self, stem: str) -> dict[str, str]:
        """Return the text as a row has it: ``label_nb``, ``label_nn`` … to text."""
        written = {"nb": self.nb, "en": self.en, **(self.model_extra or {})}
        return {f"{stem}_{code}": written.get(code, self.nb) for code in codes()}


def require_languages(extra: Iterable[str], stem: str = "") -> None:
    """Do nothing when every further key of a text is a language.

    Args:
        extra: The keys.
        stem: What stands before the code of the language.

    Raises:
        ValueError: Names the key and the languages.
    """
    known = [f"{stem}{code}" for code in codes()]
    for key in extra:
        if key not in known:
            raise ValueError(
                say("municipality.base.no_such_language", the_key=key, known=", ".join(known))
            )
