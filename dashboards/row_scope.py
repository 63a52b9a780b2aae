"""What a published table says about whose rows it holds, and the SQL that cuts it to a reader.

The statements come from the product contracts and lie in the generation's own catalogue, so that
the figures and who may see them are always of the same edition. Pure: reading is in ``marts``.
"""

from collections.abc import Iterable
from dataclasses import dataclass

_SEPARATOR = "/"
_UNIT_LEVEL = "unit"


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

    def condition(self) -> tuple[str, bool]:
        """Return the condition on a row, and whether it takes a list of groups after that of units.

        Raises:
            ValueError: The table is ``open`` or ``whole``, so that no row is another's.
        """
        own = f'"{self.unit or self.group}" in (select unnest(?))'
        if self.kind == "unit":
            return own, False
        if self.kind == "unit_or_open":
            return f'("{self.unit}" is null or {own})', False
        if self.kind != "group":
            raise ValueError(self.kind)
        # a row with a unit is that unit's, whatever its level; of the others, level says it
        is_unit = (
            f'"{self.unit}" is not null' if self.unit else f"\"{self.level}\" = '{_UNIT_LEVEL}'"
        )
        if not self.members:
            return f"({is_unit} and {own})", False
        named = f'concat_ws(\'{_SEPARATOR}\', "{self.members}", "{self.level}", "{self.group}")'
        groups = f'"{self.members}" is not null and {named} in (select unnest(?))'
        return f"(({is_unit} and {own}) or (not ({is_unit}) and {groups}))", True


def group_name(members_key: str, level: str, group: str) -> str:
    """Return how a group of a cell is named in the list that :meth:`RowScope.condition` takes."""
    return _SEPARATOR.join((members_key, level, group))


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
