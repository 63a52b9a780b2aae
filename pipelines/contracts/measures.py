"""What the warehouse makes of each source, as its contract declares it.

How a measure is computed is SQL in dbt_project; which metric uses it, in the metrics' own files.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from open_data_contract_standard.model import CustomProperty

from pipelines.contracts.rules import RuleProblem
from pipelines.contracts.shapes import IDENTIFIER, Contract, Measure
from pipelines.errors import ContractError
from pipelines.words.messages import say

MEASURES = "measures"
"""The custom property of a source contract that lists them."""
_KEYS = frozenset({"id", "about_persons"})
_PART = frozenset({"part_of", "split_group"})
_SHAPES = (_KEYS, _KEYS | _PART, _KEYS | {"unit_grain"}, _KEYS | {"unit_grain", "shown_with"})


def stated_measures(properties: Iterable[CustomProperty]) -> tuple[Measure, ...]:
    """Return the measures of a contract's custom properties, in their order.

    Args:
        properties: Those of the contract itself.

    Raises:
        RuleProblem: when one is unknown, incomplete or stands twice.
    """
    found: dict[str, Measure] = {}
    for index, entry in enumerate(properties):
        key = f"customProperties[{index}]"
        if entry.property != MEASURES or not isinstance(entry.value, list):
            raise RuleProblem(key, say("contracts.measures.only_measures", measures=MEASURES))
        for number, told in enumerate(entry.value):
            place = f"{key}.value[{number}]"
            measure = _measure(told, place)
            if measure.id in found:
                raise RuleProblem(place, say("contracts.measures.stands_twice", id=measure.id))
            found[measure.id] = measure
    return tuple(found.values())


def _measure(told: Any, key: str) -> Measure:  # noqa: ANN401 - whatever YAML holds
    if not isinstance(told, dict) or set(told) not in _SHAPES:
        raise RuleProblem(key, say("contracts.measures.shape"))
    name, about_persons = told["id"], told["about_persons"]
    if not isinstance(name, str) or not IDENTIFIER.fullmatch(name):
        raise RuleProblem(key, say("contracts.measures.letters", name=name))
    if not isinstance(about_persons, bool):
        raise RuleProblem(key, say("contracts.measures.true_or_false", name=name))
    limits = {each: told[each] for each in told if each not in _KEYS}
    named = all(isinstance(value, str) and IDENTIFIER.fullmatch(value) for value in limits.values())
    if limits and not (named and about_persons and limits.get("unit_grain", "year") == "year"):
        raise RuleProblem(key, say("contracts.measures.limits", name=name))
    return Measure(name, about_persons, **limits)


def declared_measures(contracts: Mapping[str, Contract]) -> dict[str, Measure]:
    """Return every measure that the warehouse makes, by id.

    Args:
        contracts: The source contracts by id.

    Raises:
        ContractError: when two sources that give the same measure say different things of it, or
            one is a part of, or shown with, a measure that no source gives.
    """
    found: dict[str, tuple[str, Measure]] = {}
    for contract in contracts.values():
        for measure in contract.measures:
            first, known = found.setdefault(measure.id, (contract.id, measure))
            if known != measure:
                raise ContractError(
                    say("contracts.measures.two_meanings", id=measure.id),
                    where=say(
                        "contracts.measures.in_both",
                        one=first,
                        other=contract.id,
                        measures=MEASURES,
                    ),
                    way_out=say("contracts.measures.say_the_same"),
                )
    return _meeting({name: measure for name, (_, measure) in found.items()})


def _meeting(measures: dict[str, Measure]) -> dict[str, Measure]:
    for measure in measures.values():
        for other in (measure.part_of, measure.shown_with):
            if other and other not in measures:
                raise ContractError(
                    say("contracts.measures.limits_unknown", id=measure.id, other=other),
                    where=MEASURES,
                )
    return measures
