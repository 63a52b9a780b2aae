"""What was hidden in an edition, and what every unit counted with: kept for all later nights.

dbt says which cells are hidden (``int_hidden_cells``) and which figures are new
(``int_counted_unit_months``); here they are appended to the store and to ``ops``. Nothing is ever
changed or taken away, and nothing is computed. Why is in docs/methods/suppression.md.
"""

from typing import Any

import duckdb

from pipelines.settings import Paths
from pipelines.warehouse.records import Kind
from pipelines.warehouse.replay import append, last_applied
from pipelines.warehouse.transaction import transaction

_HIDDEN = """
select level, group_id, family_id, period from intermediate.int_hidden_cells
except select level, group_id, family_id, period from ops.hidden_cells
order by level, group_id, family_id, period
"""
_FIGURES = "numerator, denominator, n_persons, n_persons_once, n_contributors"
_COUNTED = f"""
select unit_id, metric_id, month, {_FIGURES}
from intermediate.int_counted_unit_months as counted
{{}} join (select distinct group_id, family_id, period from intermediate.int_hidden_cells
    where level = 'unit') as hidden
    on counted.unit_id = hidden.group_id and counted.total_id = hidden.family_id
    and strftime(counted.month, '%Y-%m') = hidden.period
where counted.is_new_figure
except select unit_id, metric_id, month, {_FIGURES} from (
    select *, row_number() over (
        partition by unit_id, metric_id, month order by entry_no desc) as place
    from ops.counted_cells
) where place = 1
order by unit_id, metric_id, month
"""


def keep_hidden(con: duckdb.DuckDBPyConnection, paths: Paths) -> int:
    """Keep the cells that are hidden for the first time, and what those of units count with.

    Before readers see the edition: killed in between, a cell is kept that nobody saw hidden, which
    hides more and never less. Running it again adds nothing.

    Args:
        con: The working warehouse after dbt.
        paths: The municipality's folders; what is kept is written to the store first.

    Returns:
        How many cells were kept as hidden.
    """
    cells = con.sql(_HIDDEN).pl().to_dicts()
    counted = con.sql(_COUNTED.format("semi")).pl().to_dicts()
    _keep(con, paths, "hidden", {"hidden_cells": cells, "counted_cells": counted})
    return len(cells)


def keep_counted(con: duckdb.DuckDBPyConnection, paths: Paths) -> int:
    """Keep what the visible units' figures about persons are in the edition readers now see.

    After publishing: a unit that is hidden later counts as it was last published, so a figure that
    nobody saw may not be it. Running it again without a new delivery adds nothing.

    Args:
        con: The working warehouse after dbt.
        paths: The municipality's folders.

    Returns:
        How many figures were new.
    """
    counted = con.sql(_COUNTED.format("anti")).pl().to_dicts()
    _keep(con, paths, "counted", {"counted_cells": counted})
    return len(counted)


def _keep(
    con: duckdb.DuckDBPyConnection,
    paths: Paths,
    kind: Kind,
    tables: dict[str, list[dict[str, Any]]],
) -> None:
    if not any(tables.values()):
        return
    with transaction(con):
        entry_no = last_applied(con)[0] + 1
        for row in tables["counted_cells"]:
            row |= {"entry_no": entry_no, "is_shown": kind == "counted"}
        append(con, paths, kind, tables)
