"""Files in landing that somebody has said are lost: which deliveries and periods they leave out.

How a loss is stated is in ``gaps``. A file that is there again, as it was written, is not lost.
"""

from collections.abc import Mapping

import duckdb

from pipelines.ingest.landing import is_whole
from pipelines.settings import Paths

_LOST = """
select
    split_part(lost.landing_file, '/', -1)[:-9] as delivery_id,
    split_part(lost.landing_file, '/', -2)[4:] as period_ym,
    lost.landing_file,
    landed.sha256
from (select distinct landing_file from ops.losses where landing_file is not null) as lost
left join ops.landing_files as landed
    on landed.delivery_id = split_part(lost.landing_file, '/', -1)[:-9]
    and landed.period_ym = split_part(lost.landing_file, '/', -2)[4:]
"""


def lost_periods(con: duckdb.DuckDBPyConnection, paths: Paths) -> Mapping[str, frozenset[str]]:
    """Return delivery -> the periods whose rows are lost.

    Args:
        con: The working warehouse.
        paths: The municipality's folders.
    """
    found: dict[str, frozenset[str]] = {}
    for delivery_id, period, place, sha256 in con.execute(_LOST).fetchall():
        if not is_whole(paths.landing / place, sha256):
            found[delivery_id] = found.get(delivery_id, frozenset()) | {period}
    return found
