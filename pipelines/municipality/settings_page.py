"""One page with every setting of a feed: from the JSON schema, with a text and an example each."""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from pipelines.municipality.feeds import FeedEntry

TOLD = Path(__file__).with_name("feed_settings.yml")
PAGE = Path("docs") / "feed_settings.md"
_HEADINGS = "headings"
_WIDTH = 10_000


@cache
def told_settings() -> Mapping[str, Any]:
    """Return what is told of each setting: shape -> key -> text and example."""
    found: Mapping[str, Any] = yaml.safe_load(TOLD.read_text(encoding="utf-8"))
    return found


def shapes() -> dict[str, Mapping[str, Any]]:
    """Return the shapes of the schema by name, the feed's own first."""
    schema = FeedEntry.model_json_schema(by_alias=True)
    return {"FeedEntry": schema, **schema["$defs"]}


def settings_page() -> str:
    """Return the page.

    Raises:
        KeyError: a setting has no text and example.
    """
    told = told_settings()
    words = told[_HEADINGS]
    lines = [f"# {words['title']}", "", words["intro"], ""]
    known = shapes()
    for name in (each for each in told if each != _HEADINGS):
        lines += [f"## {words[name]}", ""]
        columns = [words[key] for key in ("setting", "does", "allowed", "usual", "example")]
        lines += [f"| {' | '.join(columns)} |", "| --- | --- | --- | --- | --- |"]
        lines += list(_rows(name, known[name], told[name], words["required"]))
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def _rows(
    name: str, shape: Mapping[str, Any], told: Mapping[str, Any], required: str
) -> Iterator[str]:
    must = set(shape.get("required", ()))
    for key, prop in shape["properties"].items():
        text, example = told[key]
        usual = required if key in must else _code(prop.get("default"))
        cells = (f"`{key}`", text, _allowed(prop), usual, _example(key, example))
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _allowed(prop: Mapping[str, Any]) -> str:
    """Return what a setting may be, as the schema has it."""
    if "enum" in prop:
        return ", ".join(_code(value) for value in prop["enum"])
    if "const" in prop:
        return _code(prop["const"])
    if "$ref" in prop:
        return str(prop["$ref"]).rpartition("/")[2]
    for key in ("anyOf", "oneOf"):
        if key in prop:
            parts = [_allowed(each) for each in prop[key] if each.get("type") != "null"]
            return ", ".join(dict.fromkeys(part for part in parts if part))
    if prop.get("type") == "array":
        return f"[{_allowed(prop['items'])}]"
    kind = prop.get("type", "")
    limits = [
        f"{sign} {prop[key]}" for key, sign in (("minimum", "≥"), ("maximum", "≤")) if key in prop
    ]
    named = kind if isinstance(kind, str) else ", ".join(kind)
    return " ".join([named, *limits])


def _code(value: object) -> str:
    is_empty = value is None or value in ("", [], {})
    return "" if is_empty else f"`{json.dumps(value, ensure_ascii=False)}`"


def _example(key: str, value: object) -> str:
    text = yaml.safe_dump(
        {key: value}, default_flow_style=True, allow_unicode=True, sort_keys=False, width=_WIDTH
    )
    return f"`{text.strip().removeprefix('{').removesuffix('}')}`"
