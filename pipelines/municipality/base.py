"""What all configuration models share: frozen, no unknown keys, text that may look like numbers.

Also the two bilingual and list-or-one types that several files of a municipality use.
"""

from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema


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


class Label(Strict):
    """A text people read, in bokmål and English."""

    nb: str = Field(min_length=1)
    en: str = Field(min_length=1)
