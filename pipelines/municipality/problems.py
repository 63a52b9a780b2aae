"""Turn what pydantic found into one error in bokmål: file, key path, allowed values, a guess.

Only wording lives here; the checks are in the models and in ``crosscheck.py``.
"""

import re
import types
import typing
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeGuard, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from pipelines.desk.personal_identifiers import WORDS_NB, hits_in_column, masked
from pipelines.errors import ConfigError
from pipelines.municipality.base import Strict
from pipelines.municipality.near import guess
from pipelines.words.messages import say

Model = TypeVar("Model", bound=BaseModel)

_UNION_BRANCH = re.compile(r"(literal|tuple|list|dict|function|nullable|constrained|lax-or)\b.*")
_PLAIN_TYPES = {"str", "int", "bool", "float"}
_TEXTS = {
    "string_type": say("municipality.problems.a_text"),
    "int_type": say("municipality.problems.a_whole_number"),
    "int_parsing": say("municipality.problems.a_whole_number"),
    "float_type": say("municipality.problems.a_number"),
    "float_parsing": say("municipality.problems.a_number"),
    "bool_type": say("municipality.problems.true_or_false"),
    "bool_parsing": say("municipality.problems.true_or_false"),
    "tuple_type": say("municipality.problems.a_list"),
    "dict_type": say("municipality.problems.keys_with_values"),
    "model_type": say("municipality.problems.keys_with_values"),
    "date_type": say("municipality.problems.a_date"),
    "date_parsing": say("municipality.problems.a_date"),
    "date_from_datetime_parsing": say("municipality.problems.a_date"),
    "string_too_short": say("municipality.problems.lacks_text"),
    "too_short": say("municipality.problems.list_is_empty"),
    "union_tag_not_found": say("municipality.problems.lacks_source"),
}


def validated(
    model: type[Model], content: dict[str, Any], where: str, *, holds_codes: bool = False
) -> Model:
    """Return the model built from the content of a file.

    Names, labels, notes and reasons reach every edition, so no text may hold a personal identifier.

    Args:
        model: What the file is.
        content: What was read from it.
        where: The file, as it is named in an error.
        holds_codes: The file translates a delivery's own codes, and long account codes look like
            identity numbers: a text without a letter is left to ingest and the publishing guard.

    Raises:
        ConfigError: for the first thing that is wrong, with the number of others; does not repeat
            an identifier.
    """
    for place, text in _written(content, ()):
        if holds_codes and not any(map(str.isalpha, text)):
            continue
        kind = hits_in_column([text]).get(text)
        if kind:
            raise ConfigError(
                say("municipality.problems.text_is_personal", kind=WORDS_NB[kind]),
                where=f"{where}: {masked(_key_path(place))}",
                way_out=say("municipality.problems.write_without_persons"),
            )
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
    listed = f"Lovlige: {', '.join(names)}." if names else say("municipality.problems.none_yet")
    return ConfigError(f"Ukjent {what} «{wrong}».", where=where, way_out=f"{hint} {listed}".strip())


def _config_error(
    model: type[BaseModel], error: ErrorDetails, where: str, others: int
) -> ConfigError:
    place = f"{where}: {_key_path(error['loc'])}" if error["loc"] else where
    more = say("municipality.problems.more_errors", others=others) if others else ""
    kind, context = error["type"], error.get("ctx", {})
    if kind == "extra_forbidden":
        wrong = error["loc"][-1]
        found = unknown(
            say("municipality.problems.key_word"), wrong, _keys_at(model, error["loc"][:-1]), place
        )
        return ConfigError(found.message, where=place, way_out=f"{found.way_out} {more}".strip())
    if kind == "missing":
        message, hint = f"Mangler «{error['loc'][-1]}».", ""
    elif kind in {"literal_error", "union_tag_invalid"}:
        expected = str(context.get("expected") or context.get("expected_tags"))
        allowed = re.findall(r"'((?:[^'\\]|\\.)*)'", expected)
        wrong = context.get("tag", error["input"])
        message = say("municipality.problems.not_allowed", wrong=wrong)
        hint = f"{guess(wrong, allowed)} Lovlige: {', '.join(allowed) or expected}.".strip()
    elif kind == "value_error":
        message, hint = f"{str(context['error'])[:1].upper()}{str(context['error'])[1:]}.", ""
    else:
        message, hint = _TEXTS.get(kind) or _bounds(kind, context, error), ""
    return ConfigError(message, where=place, way_out=f"{hint} {more}".strip() or None)


def _bounds(kind: str, context: dict[str, Any], error: ErrorDetails) -> str:
    if kind == "string_pattern_mismatch":
        return say(
            "municipality.problems.must_have_form", input=error["input"], pattern=context["pattern"]
        )
    limits = {
        "greater_than_equal": ("minst", "ge"),
        "greater_than": (say("municipality.problems.greater_than"), "gt"),
        "less_than_equal": (say("municipality.problems.at_most"), "le"),
        "less_than": (say("municipality.problems.less_than"), "lt"),
    }
    if kind in limits:
        word, key = limits[kind]
        return say(
            "municipality.problems.outside_bounds",
            input=error["input"],
            word=word,
            context=context[key],
        )
    return f"Ugyldig verdi ({error['msg']})."


def _written(
    content: object, place: tuple[int | str, ...]
) -> Iterator[tuple[tuple[int | str, ...], str]]:
    """Yield every text of a file, keys too, with its place; a bare number may be one as well."""
    if isinstance(content, Mapping):
        for key, each in content.items():
            yield (*place, str(key)), str(key)
            yield from _written(each, (*place, str(key)))
    elif isinstance(content, (list, tuple)):
        for index, each in enumerate(content):
            yield from _written(each, (*place, index))
    elif isinstance(content, (str, int)):
        yield place, str(content)


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
