"""Editions of the municipality of persons, one after the other, and what is hidden kept.

As ``parts_town``, through the models of what earlier editions hid and showed.
"""

from pathlib import Path

from pipelines.settings import Paths
from pipelines.warehouse.hidden_cells import keep_counted, keep_hidden
from pipelines.warehouse.kept_tables import KEPT_TABLES
from pipelines.warehouse.schema import OPS_TABLES
from tests.parts_town import Models, PartsTown, compile_models, fill

_KEPT = (
    "stg_ops__hidden_cells",
    "stg_ops__counted_cells",
    "int_frozen_unit_months",
    "int_kept_unit_months",
    "int_released_months",
    "int_counted_unit_months",
    "int_told_parts",
)
_FIRST, _LAST = "int_metric_steps", "int_hidden_cells"
Key = tuple[str, str, str, int]
"""Level, group, metric and month of the year, 0 for the year."""


class PartsEditions:
    """A database every edition is built in, and the store beside it."""

    def __init__(self, folder: Path) -> None:
        """Compile the models, with nothing kept."""
        base = compile_models(folder, (*_KEPT, _LAST))
        sql = dict(base.sql)
        self.con, self.folder = base.con, folder
        self._stage({name: sql.pop(name) for name in _KEPT[:2]})
        first = {name: sql.pop(name) for name in (_FIRST, *_KEPT[2:])}
        last = {_LAST: sql.pop(_LAST)}
        self.models = Models(base.con, first | sql | last)

    def _stage(self, staged: dict[str, str]) -> None:
        con = self.con
        con.execute("create schema ops; drop table staging.stg_ops__hidden_cells")
        con.execute("alter table staging.stg_municipality__profile add column min_persons integer")
        con.execute("update staging.stg_municipality__profile set min_persons = 5")
        for name in (*KEPT_TABLES, "records"):
            columns = ", ".join(
                f'"{c}" {kind}' for c, (kind, _) in OPS_TABLES[name].columns.items()
            )
            con.execute(f"create table ops.{name} ({columns})")
        for name, sql in staged.items():
            con.execute(f"create view staging.{name} as {sql}")

    def forget(self, name: str) -> None:
        """Start without anything kept."""
        self.paths = Paths(self.folder / name)
        for table in (*KEPT_TABLES, "records"):
            self.con.execute(f"delete from ops.{table}")

    def publish(self, town: PartsTown) -> dict[Key, float | None]:
        """Build one edition, keep what it hides, and return every figure (None: hidden)."""
        fill(self.models, town)
        keep_hidden(self.con, self.paths)
        keep_counted(self.con, self.paths)
        return {
            (level, group, metric, month): figure
            for level, group, metric, month, figure in self.models.rows(
                "select level, group_id, metric_id, month(month), numerator"
                " from intermediate.int_metric_months_visible"
                " union all select level, group_id, metric_id, 0, numerator"
                " from intermediate.int_metric_years_visible"
            )
        }
