"""Which units stood behind the groups' rows in an edition: kept for all later nights.

dbt says which they are (``int_group_keys``); here they are appended to the store and to ``ops``.
Nothing is ever changed or taken away, and nothing is computed. Why is in
docs/methods/suppression.md; who may see a row is decided by the dashboard's ``group_scope``.
"""

import duckdb

from pipelines.settings import Paths
from pipelines.warehouse.replay import append, last_applied
from pipelines.warehouse.transaction import transaction

_CELLS = """
select told_cell as cell, now_key from intermediate.int_group_keys
except select cell, now_key from ops.told_cells
order by cell, now_key
"""
_MEMBERS = """
select distinct keys.now_key, members.level, members.group_id, members.unit_id,
    members.limit_halves
from intermediate.int_group_members as members
inner join intermediate.int_group_keys as keys on members.cell = keys.cell
anti join ops.told_members as told on keys.now_key = told.now_key
order by all
"""


def keep_groups(con: duckdb.DuckDBPyConnection, paths: Paths) -> int:
    """Keep the units behind each cell of the groups' rows that is told so for the first time.

    Before readers see the edition: killed in between, units are kept that nobody was told of, which
    holds back more and never less. Running it again adds nothing.

    Args:
        con: The working warehouse after dbt.
        paths: The municipality's folders; what is kept is written to the store first.

    Returns:
        How many cells were kept.
    """
    cells = con.sql(_CELLS).pl().to_dicts()
    if not cells:
        return 0
    members = con.sql(_MEMBERS).pl().to_dicts()
    with transaction(con):
        entry_no = last_applied(con)[0] + 1
        told = [row | {"entry_no": entry_no} for row in cells]
        append(con, paths, "hidden", {"told_cells": told, "told_members": members})
    return len(cells)
