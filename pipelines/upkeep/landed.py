"""The rows in landing held against the checksums they were written with.

What counts must be there; what has been replaced or withdrawn is missed only if it is to count
again. Bringing rows back is in ``pipelines.ingest.rows_back``.
"""

from collections.abc import Iterator

import duckdb

from pipelines.desk.on_disk import sha256_of
from pipelines.ingest.landing import file_of
from pipelines.settings import Paths
from pipelines.upkeep.finding import Finding, attention, fault, well
from pipelines.warehouse.records import way_out_of_loss
from pipelines.words.messages import say
from pipelines.words.numbers import counted_nb

_LANDED = """
select d.contract_id, d.table_name, d.delivery_id, f.period_ym, f.sha256, d.status
from ops.landing_files as f inner join ops.deliveries as d using (delivery_id)
order by d.delivery_id, f.period_ym
"""
_COUNTS = ("loaded", "held")


def landed_faults(paths: Paths, con: duckdb.DuckDBPyConnection) -> Iterator[Finding]:
    """Yield what is wrong with the files in landing, or that nothing is.

    Args:
        paths: The municipality's folders.
        con: The working warehouse; its ledger has the checksums.
    """
    stated = {row[0] for row in con.execute("select landing_file from ops.losses").fetchall()}
    n_whole, is_well = 0, True
    for contract_id, table, delivery_id, period, sha256, status in con.execute(_LANDED).fetchall():
        file = file_of(paths, contract_id, table, delivery_id, period)
        if file.is_file() and sha256_of(file) == sha256:
            n_whole += 1
            continue
        place = file.relative_to(paths.landing).as_posix()
        if place in stated:
            continue  # somebody has said that it is lost
        is_well = False
        key = say("upkeep.landed.damaged") if file.is_file() else say("upkeep.landed.gone")
        said = f"{file}: {key}"
        tell = fault if status in _COUNTS else attention
        yield tell(said, way_out_of_loss(place))
    if is_well:
        yield well(say("upkeep.landed.whole", n=counted_nb(n_whole, "fil", "filer")))
