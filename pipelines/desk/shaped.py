"""JSON from a program of ours, as the typed shapes it was made of: a wrong name is an error."""

import types
import typing
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from typing import Any, TypeVar, cast

_Shape = TypeVar("_Shape")


def shaped(shape: type[_Shape], told: object) -> _Shape:
    """Return a frozen dataclass made of a JSON object; what it does not ask for is left out.

    Args:
        shape: The dataclass; its fields are plain, moments, other dataclasses, tuples of these,
            or either of them and ``None``.
        told: The object as ``json.loads`` gave it.

    Raises:
        KeyError: A field is not there.
    """
    hints = typing.get_type_hints(shape)
    row = cast("Mapping[str, object]", told)
    names = [field.name for field in fields(cast("Any", shape))]
    return shape(**{name: _value(hints[name], row[name]) for name in names})


def _value(hint: Any, told: object) -> object:  # noqa: ANN401 - any type there is
    kind, parts = typing.get_origin(hint), typing.get_args(hint)
    if kind in (types.UnionType, typing.Union):
        wanted = [part for part in parts if part is not type(None)]
        return None if told is None else _value(wanted[0], told)
    if kind is tuple:
        return tuple(_value(parts[0], each) for each in cast("list[object]", told))
    if is_dataclass(hint):
        return shaped(cast("type[object]", hint), told)
    return datetime.fromisoformat(str(told)) if hint is datetime else told
