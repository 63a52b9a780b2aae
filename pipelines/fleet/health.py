"""What may be wrong between the municipalities of a fleet: what one could reach of another's.

Whether one by itself is in order is asked of its own commands.
"""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from pipelines.desk.private_files import is_open
from pipelines.errors import PukkError
from pipelines.fleet.members import KEY, MUNICIPALITY, Member, identity_in
from pipelines.words.messages import say

_PLACES = (
    "PUKK_INBOX", "PUKK_ACCESS", "PUKK_AUTH", "PUKK_RECIPIENTS", "PUKK_OUTBOX", MUNICIPALITY,
)  # fmt: skip


def faults(members: Sequence[Member]) -> dict[str, list[str]]:
    """Return member -> what is wrong with its place in the fleet, in bokmål.

    Args:
        members: Every member of the fleet, for what is shared is seen among all.
    """
    found: dict[str, list[str]] = {member.name: [] for member in members}
    settings: dict[str, dict[str, str]] = {}
    for member in members:
        found[member.name] += [
            say("fleet.health.open_to_others", path=path)
            for path in (member.folder, member.home, member.logs)
            if path.exists() and is_open(path)
        ]
        try:
            settings[member.name] = member.environment()
        except PukkError as error:
            found[member.name].append(error.text)
    keys = {name: own[KEY] for name, own in settings.items() if own.get(KEY)}
    shared = Counter(keys.values())
    # by what it says it is, wherever its folder lies; by the setting where it cannot say
    ids = {name: identity_in(own) or own.get(MUNICIPALITY, "") for name, own in settings.items()}
    who = Counter(ids.values())
    homes = {member.name: member.folder.resolve() for member in members}
    for name, own in settings.items():
        if name in keys and shared[keys[name]] > 1:
            found[name].append(say("fleet.health.shared_key"))
        if who[ids[name]] > 1:
            found[name].append(say("fleet.health.shared_municipality"))
        found[name] += [
            say("fleet.health.place_of_another", variable=variable, name=other)
            for variable in _PLACES
            for other in _others(own, variable, name, homes, settings)
        ]
        if any(path.is_symlink() for path in (homes[name], homes[name] / "home")):
            found[name].append(say("fleet.health.home_is_a_link"))
    return found


def _others(
    own: dict[str, str], variable: str, name: str, homes: dict[str, Path],
    settings: dict[str, dict[str, str]],
) -> list[str]:  # fmt: skip
    """Return the members whose folder, or whose same place, a setting leads to."""
    if not own.get(variable):
        return []
    place = Path(own[variable]).resolve()
    return [
        other
        for other, folder in homes.items()
        if other != name
        and (
            place.is_relative_to(folder)
            or (variable != MUNICIPALITY and _is_same(settings, other, variable, place))
        )
    ]


def _is_same(settings: dict[str, dict[str, str]], other: str, variable: str, place: Path) -> bool:
    told = settings.get(other, {}).get(variable)
    return told is not None and Path(told).resolve() == place
