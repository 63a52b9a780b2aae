"""The rooms of the house, their floors and the arrows between them, counted from the source.

``python -m tests.architecture.rooms`` writes ``docs/architecture/rooms.md``; a test compares. The
floors are those import-linter holds (``pyproject.toml``); nothing is allowed or forbidden here.
With ``--figures FILE`` the figures alone are written, of whatever checkout stands in the folder.
"""

import argparse
import json
import tomllib
from dataclasses import asdict, dataclass
from pathlib import Path

import grimp

REPO = Path(__file__).resolve().parents[2]
PAGE = REPO / "docs" / "architecture" / "rooms.md"
BEFORE = REPO / "docs" / "architecture" / "rooms_before.json"
_PACKAGES = ("pipelines", "dashboards")


@dataclass(frozen=True)
class Figures:
    """What the house measures.

    Attributes:
        rooms: Rooms: what stands on a floor of import-linter's.
        floors: Floors they stand on.
        arrows: Pairs of rooms with at least one import between them.
        upward: Imports from a room to one on a floor above or beside it.
        circles: Rooms that import each other, straight or by way of others.
        started: Programs of ours that are started as processes and declared.
        in_strings: Modules of ours that are named in a string and not declared.
    """

    rooms: int
    floors: int
    arrows: int
    upward: int
    circles: int
    started: int
    in_strings: int


@dataclass(frozen=True)
class House:
    """The rooms and what they import.

    Attributes:
        floors: Each container's floors from the top, each a list of rooms by full name.
        crossing: Each arrow's number of imports, by the two rooms.
    """

    floors: dict[str, list[list[str]]]
    crossing: dict[tuple[str, str], int]

    @property
    def rooms(self) -> list[str]:
        """Every room, the top floor first; a room of rooms counts as those."""
        return [
            r for f in self.floors.values() for floor in f for r in floor if r not in self.floors
        ]

    def floor_of(self, room: str) -> int:
        """Number of the floor within its own container, counted from the ground."""
        floors = self.floors[room.rpartition(".")[0]]
        (number,) = [n for n, floor in enumerate(reversed(floors)) if room in floor]
        return number

    def is_upward(self, start: str, end: str) -> bool:
        """Whether an arrow ends on a floor above, or beside, the one where it starts."""
        one, two = _where_they_part(start, end)
        if one.rpartition(".")[0] not in self.floors:
            return False  # between the packages: other contracts of import-linter's
        return self.floor_of(one) <= self.floor_of(two)


def survey() -> House:
    """Read the floors of ``pyproject.toml`` and the imports of the source."""
    text = (REPO / "pyproject.toml").read_text(encoding="utf-8")
    contracts = tomllib.loads(text)["tool"]["importlinter"]["contracts"]
    floors = {
        contract["containers"][0]: [
            [f"{contract['containers'][0]}.{room.strip()}" for room in layer.split("|")]
            for layer in contract["layers"]
        ]
        for contract in contracts
        if contract["type"] == "layers"
    }
    graph = grimp.build_graph(*_PACKAGES, cache_dir=None)
    rooms = [r for f in floors.values() for floor in f for r in floor if r not in floors]
    imports = {
        (module, other)
        for module in graph.modules
        for other in graph.find_modules_directly_imported_by(module)
    }
    crossing: dict[tuple[str, str], int] = {}
    for module, other in imports:
        pair = (_room_of(module, rooms), _room_of(other, rooms))
        if pair[0] != pair[1] and all(pair):
            crossing[pair] = crossing.get(pair, 0) + 1
    return House(floors, crossing)


def _room_of(module: str, rooms: list[str]) -> str:
    return next((r for r in rooms if module == r or module.startswith(f"{r}.")), "")


def _where_they_part(start: str, end: str) -> tuple[str, str]:
    for one, two in zip(_parents(start), _parents(end), strict=False):
        if one != two:
            return one, two
    return start, end


def _parents(name: str) -> list[str]:
    parts = name.split(".")
    return [".".join(parts[: n + 1]) for n in range(len(parts))]


def circles(house: House) -> list[list[str]]:
    """Rooms that reach each other both ways, each group once."""
    reached = {room: _reach(room, house.crossing) for room in house.rooms}
    groups = {
        frozenset({room} | {other for other in reached[room] if room in reached[other]})
        for room in house.rooms
    }
    return sorted(sorted(group) for group in groups if len(group) > 1)


def _reach(room: str, crossing: dict[tuple[str, str], int]) -> set[str]:
    found: set[str] = set()
    waiting = [room]
    while waiting:
        here = waiting.pop()
        new = {end for start, end in crossing if start == here} - found
        found |= new
        waiting += new
    return found


def upward(house: House) -> list[tuple[str, str]]:
    """Arrows that go up, or across a floor."""
    return sorted(pair for pair in house.crossing if house.is_upward(*pair))


def figures(house: House) -> Figures:
    """Count the house."""
    from tests.architecture.named_in_strings import declared, undeclared

    return Figures(
        rooms=len(house.rooms),
        floors=sum(len(floors) for floors in house.floors.values()),
        arrows=len(house.crossing),
        upward=sum(house.crossing[pair] for pair in upward(house)),
        circles=len(circles(house)),
        started=len(declared()),
        in_strings=len(undeclared()),
    )


def page() -> str:
    """Return the page of the rooms."""
    from tests.architecture.named_in_strings import declared

    house = survey()
    now, before = figures(house), Figures(**json.loads(BEFORE.read_text(encoding="utf-8")))
    rows = [
        f"| {_WORDS[name]} | {value} | {asdict(now)[name]} |"
        for name, value in asdict(before).items()
    ]
    lines = [
        "# Rooms and arrows",
        "",
        "Made by `python -m tests.architecture.rooms` from the source and the floors that",
        "import-linter holds (`pyproject.toml`); do not edit. What lives in each room is in",
        "[ARCHITECTURE.md](../../ARCHITECTURE.md).",
        "",
        "## The house in figures",
        "Before: the effects were one room of 41 modules, a program was named in a string where",
        "it was started, and the contracts' command imported the municipality.",
        "",
        "| | Before | Now |",
        "| --- | ---: | ---: |",
        *rows,
    ]
    for container in house.floors:
        lines += ["", f"## `{container}`", *_table(container, house)]
    lines += [
        "",
        "## Programs that are started",
        "Declared in `pipelines/desk/programs.py`; no other module names one of ours in a string.",
        "",
        "| Started by | Program | What passes between them |",
        "| --- | --- | --- |",
        *[f"| `{p.started_by}` | `{p.module}` | {p.gets} |" for p in declared()],
    ]
    return "\n".join(lines) + "\n"


_WORDS = {
    "rooms": "rooms",
    "floors": "floors",
    "arrows": "arrows (pairs of rooms)",
    "upward": "imports upward or across a floor",
    "circles": "circles",
    "started": "programs started and declared",
    "in_strings": "modules named in a string and not declared",
}


def _table(container: str, house: House) -> list[str]:
    # no counts of imports: the page changes when an arrow comes or goes, not with every import
    out = ["", "| Floor | Room | Leans on |", "| ---: | --- | --- |"]
    for floor in house.floors[container]:
        for room in floor:
            told = [
                end.removeprefix(f"{container}.")
                for end in _seen_from(container, house)
                if not _within(end, room)
                and any(_within(one, room) and _within(two, end) for one, two in house.crossing)
            ]
            name = room.removeprefix(f"{container}.")
            out.append(f"| {house.floor_of(room)} | `{name}` | {', '.join(told) or '-'} |")
    return out


def _seen_from(container: str, house: House) -> list[str]:
    own = [room for floor in house.floors[container] for room in floor]
    if container == "pipelines":
        return own
    outside = [room for floor in house.floors["pipelines"] for room in floor]
    return own + [room for room in outside if not _within(container, room)]


def _within(room: str, of: str) -> bool:
    return room == of or room.startswith(f"{of}.")


def main() -> None:
    """Write the page, or the figures of this checkout."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--figures", type=Path)
    file = parser.parse_args().figures
    if file is None:
        PAGE.write_text(page(), encoding="utf-8")
    else:
        file.write_text(json.dumps(asdict(figures(survey())), indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
