"""What a night leaves for all later nights: frozen baselines, and decisions that were allowed.

dbt says what is to be frozen (``int_baselines``, ``int_baseline_months``) and which decisions are
in force; here the new ones are appended to the store and to ``ops``. Nothing is ever changed or
taken away, and nothing is computed.
"""

import duckdb

from pipelines.settings import Paths
from pipelines.warehouse.replay import append
from pipelines.warehouse.transaction import transaction

_MONTHS = """
select months.baseline_id, month, frozen_numerator as numerator,
    frozen_denominator as denominator, frozen_delivery_ids as delivery_ids
from intermediate.int_baseline_months as months
where months.is_frozen and not months.is_kept and months.frozen_value is not null
    and months.baseline_id not in (select baseline_id from ops.frozen_baselines)
order by baseline_id, month
"""
_BASELINES = """
select * exclude (is_kept, is_hidden_since)
from intermediate.int_baselines as baselines
where not baselines.is_kept
    and baselines.baseline_id not in (select baseline_id from ops.frozen_baselines)
order by baseline_id
"""
_REBASES = """
select decision_id, series_cycle_id as cycle_id, decisions.metric_id,
    data_range.last_month as accepted_as_of, n_points, limits.centre, limits.sigma
from intermediate.int_rebase_decisions as decisions
cross join intermediate.int_data_range as data_range
left join intermediate.int_rebased_limits as limits
    on decisions.series_id = limits.series_id and decisions.phase_no = limits.phase_no
where outcome = 'in_force'
    and decision_id not in (select decision_id from ops.accepted_rebases)
order by decision_id
"""


def keep_tonight(con: duckdb.DuckDBPyConnection, paths: Paths) -> tuple[int, int]:
    """Freeze the baselines that are new tonight and keep the decisions newly in force.

    Running it again adds nothing.

    Args:
        con: The working warehouse after dbt.
        paths: The municipality's folders; what is kept is written to the store first.

    Returns:
        How many baselines were frozen and how many decisions kept.
    """
    new = {
        "frozen_months": con.sql(_MONTHS).pl().to_dicts(),
        "frozen_baselines": con.sql(_BASELINES).pl().to_dicts(),
        "accepted_rebases": con.sql(_REBASES).pl().to_dicts(),
    }
    if any(new.values()):
        with transaction(con):
            append(con, paths, "frozen", new)
    return len(new["frozen_baselines"]), len(new["accepted_rebases"])
