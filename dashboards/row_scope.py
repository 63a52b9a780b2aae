"""What a published table says about whose rows it holds, and the SQL that cuts it to a reader.

The statements come from the product contracts and lie in the generation's own catalogue, so that
the figures and who may see them are always of the same edition. Pure: reading is in ``marts``.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

_SEPARATOR = "/"
_UNIT_LEVEL = "unit"
SHOWN, OWN = "shown", "own"


@dataclass(frozen=True)
class RowScope:
    """Whose rows a table holds.

    Attributes:
        kind: ``open``, ``whole``, ``unit``, ``unit_or_open`` or ``group``, as in the contracts.
        unit: The column with the unit's id.
        level: In a group table, the column that says what kind of group the row is of.
        group: In a group table, the column that says which.
        members: In a group table, the column that leads to the units behind the row.
    """

    kind: str
    unit: str = ""
    level: str = ""
    group: str = ""
    members: str = ""

    def condition(self) -> tuple[str, str]:
        """Return the condition on a row, and which groups it takes a list of after that of units.

        Nothing, ``shown`` (those that give no other unit away), or ``own`` where the table does not
        lead to the units behind its rows: groups all of whose units are the reader's.

        Raises:
            ValueError: The table is ``open`` or ``whole``, so that no row is another's.
        """
        own = f'"{self.unit or self.group}" in (select unnest(?))'
        if self.kind == "unit":
            return own, ""
        if self.kind == "unit_or_open":
            return f'("{self.unit}" is null or {own})', ""
        if self.kind != "group":
            raise ValueError(self.kind)
        # a row with a unit is that unit's, whatever its level; of the others, level says it
        is_unit = (
            f'"{self.unit}" is not null' if self.unit else f"\"{self.level}\" = '{_UNIT_LEVEL}'"
        )
        if not self.members:
            named = f'concat_ws(\'{_SEPARATOR}\', "{self.level}", "{self.group}")'
            groups = f"{named} in (select unnest(?))"
            return f"(({is_unit} and {own}) or (not ({is_unit}) and {groups}))", OWN
        named = f'concat_ws(\'{_SEPARATOR}\', "{self.members}", "{self.level}", "{self.group}")'
        groups = f'"{self.members}" is not null and {named} in (select unnest(?))'
        return f"(({is_unit} and {own}) or (not ({is_unit}) and {groups}))", SHOWN


def group_name(members_key: str, level: str, group: str) -> str:
    """Return how a group of a cell is named in the list that :meth:`RowScope.condition` takes."""
    return _SEPARATOR.join((members_key, level, group))


def own_groups(members: Iterable[tuple[str, str, str]], own: Collection[str]) -> tuple[str, ...]:
    """Return the names of the groups all of whose units are the reader's: they tell of no other.

    Args:
        members: What kind of group, which, and a unit of it; for every unit there has been.
        own: The reader's units.
    """
    groups: dict[str, set[str]] = {}
    for level, group, unit in members:
        groups.setdefault(f"{level}{_SEPARATOR}{group}", set()).add(unit)
    return tuple(sorted(name for name, units in groups.items() if units <= set(own)))


def row_scopes(rows: Iterable[tuple[str, str, str | None, str]]) -> dict[str, RowScope]:
    """Return what each table states.

    Args:
        rows: Of the catalogue: table, its scope, the column's part in it or None, column.
    """
    kinds: dict[str, str] = {}
    parts: dict[str, dict[str, str]] = {}
    for table, kind, part, column in rows:
        kinds[table] = kind
        if part:
            parts.setdefault(table, {})[part] = column
    known = {"open", "whole", "unit", "unit_or_open", "group"}
    return {
        table: RowScope(kind, **parts.get(table, {}))
        for table, kind in kinds.items()
        if kind in known
    }
