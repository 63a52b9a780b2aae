"""Read one YAML file strictly: no doubled keys, no surprising types, errors with file and line.

What the content means is decided by the caller. ``yes``, ``no``, ``on`` and numbers with leading
zeros stay text, so that ``0529`` is a municipality number and ``NO`` is not ``False``.
"""

import re
from collections.abc import Hashable
from pathlib import Path
from typing import Any

import yaml

from pipelines.errors import PukkError
from pipelines.words.messages import say


class _StrictLoader(yaml.CSafeLoader):
    """The fast SafeLoader with the YAML 1.2 core types and an error for a key given twice."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012 - so does the base

    def construct_mapping(
        self,
        node: yaml.MappingNode,
        deep: bool = False,  # noqa: FBT001, FBT002 - as PyYAML calls it
    ) -> dict[Hashable, Any]:
        seen: dict[Hashable, int] = {}
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            line = key_node.start_mark.line + 1
            if isinstance(key, Hashable):
                if key in seen:
                    raise _DoubledKeyError(str(key), seen[key], line)
                seen[key] = line
        return super().construct_mapping(node, deep=deep)


class _DoubledKeyError(Exception):
    def __init__(self, key: str, first_line: int, line: int) -> None:
        self.key, self.first_line, self.line = key, first_line, line
        super().__init__(key)


for _tag, _pattern, _first in (
    ("tag:yaml.org,2002:bool", r"^(?:true|True|TRUE|false|False|FALSE)$", "tTfF"),
    ("tag:yaml.org,2002:null", r"^(?:~|null|Null|NULL|)$", "~nN\0"),
    ("tag:yaml.org,2002:int", r"^[-+]?(?:0|[1-9][0-9]*)$", "-+0123456789"),
    (
        "tag:yaml.org,2002:float",
        r"^[-+]?(?:0|[1-9][0-9]*)?\.[0-9]+(?:[eE][-+]?[0-9]+)?$"
        r"|^[-+]?(?:0|[1-9][0-9]*)(?:\.[0-9]*)?[eE][-+]?[0-9]+$",
        "-+.0123456789",
    ),
):
    _letters = [letter if letter != "\0" else "" for letter in _first]
    _StrictLoader.add_implicit_resolver(_tag, re.compile(_pattern), _letters)


def read_yaml(path: Path, error: type[PukkError]) -> dict[str, Any]:
    """Return the mapping at the top of a YAML file.

    Args:
        path: The file.
        error: The kind of error to raise.

    Raises:
        PukkError: of the given kind, when the file is missing, is not UTF-8, is not YAML, holds a
            key twice or is not a mapping; the message names the file and, if known, the line.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise error(say("contracts.yaml_file.no_such_file"), where=str(path)) from None
    except UnicodeDecodeError:
        raise error(
            say("contracts.yaml_file.not_utf8"),
            where=str(path),
            way_out=say("contracts.yaml_file.save_as_utf8"),
        ) from None
    try:
        content = yaml.load(text, Loader=_StrictLoader)  # noqa: S506 - a SafeLoader: plain values
    except _DoubledKeyError as doubled:
        raise error(
            say(
                "contracts.yaml_file.key_twice", the_key=doubled.key, first_line=doubled.first_line
            ),
            where=say("contracts.yaml_file.at_line", path=path, line=doubled.line),
            way_out=say("contracts.yaml_file.delete_or_rename_one"),
        ) from None
    except yaml.MarkedYAMLError as problem:
        mark = problem.problem_mark or problem.context_mark
        where = (
            say("contracts.yaml_file.at_mark", path=path, line=mark.line + 1) if mark else str(path)
        )
        raise error(
            say("contracts.yaml_file.not_yaml", problem=problem.problem or problem.context),
            where=where,
            way_out=say("contracts.yaml_file.look_for_indentation"),
        ) from None
    if content is None:
        return {}
    if not isinstance(content, dict):
        raise error(say("contracts.yaml_file.must_be_mapping"), where=str(path))
    return content
