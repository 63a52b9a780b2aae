"""What may stand in ``customProperties`` of a table or a column, and of what type.

What each of them means is read in ``privacy.py``, ``times.py`` and ``wording.py``.
"""

from typing import Any, get_args

from open_data_contract_standard.model import SchemaObject, SchemaProperty

from pipelines.contracts.rules import RuleProblem
from pipelines.contracts.shapes import Builder
from pipelines.contracts.stated_privacy import ABOUT_PERSONS, HIDDEN_WHEN, HIDES, SCOPE, SUPPRESSION
from pipelines.contracts.times import PLANNED_WHEN, TIME
from pipelines.contracts.wording import DESCRIBED_NN, DESCRIPTION_NB, LABEL_EN, LABEL_NN, UNIT
from pipelines.words.messages import say

BUILT_BY = "built_by"
NAMED = "named"
"""What a table is called in the other languages: ``{nn: …, en: …}``."""
_BUILDERS = frozenset(get_args(Builder))
_TYPES: dict[str, type | tuple[type, ...]] = {
    DESCRIPTION_NB: str,
    DESCRIBED_NN: str,
    LABEL_NN: str,
    LABEL_EN: str,
    UNIT: str,
    TIME: str,
    PLANNED_WHEN: dict,
    ABOUT_PERSONS: bool,
    SUPPRESSION: str,
    HIDDEN_WHEN: (str, list),
    HIDES: list,
}


def column_properties(prop: SchemaProperty, key: str) -> dict[str, Any]:
    """Return a column's custom properties by name.

    Args:
        prop: The ODCS property.
        key: Its place in the file, for messages.

    Raises:
        RuleProblem: when one is unknown or of another type.
    """
    found: dict[str, Any] = {}
    for entry in prop.customProperties or []:
        kind = _TYPES.get(entry.property or "")
        if kind is None or not isinstance(entry.value, kind):
            raise RuleProblem(
                f"{key}.customProperties",
                say(
                    "contracts.custom_properties.column_properties_allowed",
                    name=prop.name,
                    description_nb=DESCRIPTION_NB,
                    time=TIME,
                    suppression=SUPPRESSION,
                    about_persons=ABOUT_PERSONS,
                    hidden_when=HIDDEN_WHEN,
                    hides=HIDES,
                    planned_when=PLANNED_WHEN,
                ),
            )
        found[str(entry.property)] = entry.value
    return found


def table_properties(schema: SchemaObject, key: str) -> dict[str, Any]:
    """Return a table's custom properties by name: its names, who builds it, whose rows it holds.

    Args:
        schema: The ODCS schema object.
        key: Its place in the file, for messages.

    Raises:
        RuleProblem: when one is unknown.
    """
    found: dict[str, Any] = {}
    for entry in schema.customProperties or []:
        is_builder = entry.property == BUILT_BY and entry.value in _BUILDERS
        is_named = entry.property == NAMED and _is_named(entry.value)
        if not is_builder and not is_named and entry.property != SCOPE:
            raise RuleProblem(
                f"{key}.customProperties",
                say(
                    "contracts.custom_properties.table_properties_allowed",
                    scope=SCOPE,
                    built_by=BUILT_BY,
                    named=NAMED,
                ),
            )
        found[str(entry.property)] = entry.value
    return found


def _is_named(told: object) -> bool:
    return (
        isinstance(told, dict)
        and set(told) == {"nn", "en"}
        and all(isinstance(name, str) and name for name in told.values())
    )
