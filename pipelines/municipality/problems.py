"""Turn what pydantic found into one error in bokmål: file, key path, allowed values, a guess.

Only wording lives here; the checks are in the models and in ``crosscheck.py``.
"""

import re
import types
import typing
from collections.abc import Iterable
from typing import Any, TypeGuard, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from pipelines.errors import ConfigError
from pipelines.municipality.base import Strict
from pipelines.municipality.near import guess

Model = TypeVar("Model", bound=BaseModel)

_UNION_BRANCH = re.compile(r"(literal|tuple|list|dict|function|nullable|constrained|lax-or)\b.*")
_PLAIN_TYPES = {"str", "int", "bool", "float"}
_TEXTS = {
    "string_type": "Her skal det stå en tekst.",
    "int_type": "Her skal det stå et heltall.",
    "int_parsing": "Her skal det stå et heltall.",
    "float_type": "Her skal det stå et tall.",
    "float_parsing": "Her skal det stå et tall.",
    "bool_type": "Her skal det stå true eller false.",
    "bool_parsing": "Her skal det stå true eller false.",
    "tuple_type": "Her skal det stå en liste.",
    "dict_type": "Her skal det stå nøkler med verdier.",
    "model_type": "Her skal det stå nøkler med verdier.",
    "date_type": "Her skal det stå en dato, f.eks. 2017-01-31.",
    "date_parsing": "Her skal det stå en dato, f.eks. 2017-01-31.",
    "date_from_datetime_parsing": "Her skal det stå en dato, f.eks. 2017-01-31.",
    "string_too_short": "Her mangler det tekst.",
    "too_short": "Listen kan ikke være tom.",
    "union_tag_not_found": "Her mangler «source».",
}


def validated(model: type[Model], content: dict[str, Any], where: str) -> Model:
    """Return the model built from the content of a file.

    Raises:
        ConfigError: for the first thing that is wrong, with the number of others.
    """
    try:
        return model.model_validate(content)
    except ValidationError as invalid:
        errors = invalid.errors(include_url=False)
        top = errors[0]["loc"][:2]
        # of a union's branches the deepest says what the writer most likely meant
        related = [error for error in errors if error["loc"][:2] == top]
        error = max(related, key=lambda item: len(item["loc"]))
        raise _config_error(model, error, where, len(errors) - len(related)) from None


def unknown(what: str, wrong: object, allowed: Iterable[object], where: str) -> ConfigError:
    """Return the error for a name that is not among those allowed."""
    names = sorted(str(item) for item in allowed)
    hint = guess(wrong, names)
    listed = f"Lovlige: {', '.join(names)}." if names else "Ingen finnes ennå."
    return ConfigError(f"Ukjent {what} «{wrong}».", where=where, way_out=f"{hint} {listed}".strip())


def _config_error(
    model: type[BaseModel], error: ErrorDetails, where: str, others: int
) -> ConfigError:
    place = f"{where}: {_key_path(error['loc'])}" if error["loc"] else where
    more = f"({others} feil til i samme fil.)" if others else ""
    kind, context = error["type"], error.get("ctx", {})
    if kind == "extra_forbidden":
        wrong = error["loc"][-1]
        found = unknown("nøkkel", wrong, _keys_at(model, error["loc"][:-1]), place)
        return ConfigError(found.message, where=place, way_out=f"{found.way_out} {more}".strip())
    if kind == "missing":
        message, hint = f"Mangler «{error['loc'][-1]}».", ""
    elif kind in {"literal_error", "union_tag_invalid"}:
        expected = str(context.get("expected") or context.get("expected_tags"))
        allowed = re.findall(r"'((?:[^'\\]|\\.)*)'", expected)
        wrong = context.get("tag", error["input"])
        message = f"«{wrong}» er ikke lovlig."
        hint = f"{guess(wrong, allowed)} Lovlige: {', '.join(allowed) or expected}.".strip()
    elif kind == "value_error":
        message, hint = f"{str(context['error'])[:1].upper()}{str(context['error'])[1:]}.", ""
    else:
        message, hint = _TEXTS.get(kind) or _bounds(kind, context, error), ""
    return ConfigError(message, where=place, way_out=f"{hint} {more}".strip() or None)


def _bounds(kind: str, context: dict[str, Any], error: ErrorDetails) -> str:
    if kind == "string_pattern_mismatch":
        return f"«{error['input']}» skal ha formen {context['pattern']}."
    limits = {
        "greater_than_equal": ("minst", "ge"),
        "greater_than": ("større enn", "gt"),
        "less_than_equal": ("høyst", "le"),
        "less_than": ("mindre enn", "lt"),
    }
    if kind in limits:
        word, key = limits[kind]
        return f"{error['input']} er utenfor: skal være {word} {context[key]}."
    return f"Ugyldig verdi ({error['msg']})."


def _key_path(location: tuple[int | str, ...]) -> str:
    text = ""
    for part in location:
        if isinstance(part, int):
            text += f"[{part}]"
        elif not (_UNION_BRANCH.fullmatch(part) or part in _not_keys()):
            text += f".{part}"
    return text.lstrip(".")


def _not_keys() -> set[str]:
    """Names pydantic puts in a path to say which branch of a union it tried."""
    return _PLAIN_TYPES | {kind.__name__ for kind in Strict.__subclasses__()}


def _keys_at(model: type[BaseModel], location: tuple[int | str, ...]) -> list[str]:
    """Return the keys allowed at a place, following the models' annotations."""
    here: list[Any] = [model]
    for part in location:
        step = [inner for kind in here for inner in _inside(kind, part)]
        here = step or _tagged(here, part)
    return [name for kind in here if _is_model(kind) for name in kind.model_fields]


def _inside(kind: object, part: int | str) -> list[Any]:
    if _is_model(kind):
        field = kind.model_fields.get(str(part))
        return _flat(field.annotation) if field else []
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin is tuple and isinstance(part, int):
        return _flat(arguments[0])
    if origin is dict:
        return _flat(arguments[1])
    return []


def _tagged(kinds: list[Any], part: int | str) -> list[Any]:
    """Keep the union branch that a discriminator tag or a class name in the path points to."""
    chosen = [
        kind
        for kind in kinds
        if _is_model(kind)
        and (
            kind.__name__ == part
            or ("source" in kind.model_fields and part in _literals(kind, "source"))
        )
    ]
    return chosen or kinds


def _literals(model: type[BaseModel], name: str) -> tuple[Any, ...]:
    return typing.get_args(model.model_fields[name].annotation)


def _flat(annotation: object) -> list[Any]:
    origin = typing.get_origin(annotation)
    if origin is typing.Annotated:
        return _flat(typing.get_args(annotation)[0])
    if origin in (typing.Union, types.UnionType):
        return [kind for inner in typing.get_args(annotation) for kind in _flat(inner)]
    return [annotation]


def _is_model(kind: object) -> TypeGuard[type[BaseModel]]:
    return isinstance(kind, type) and issubclass(kind, BaseModel)
