"""Promises about the runs themselves rather than about one table's rows.

Each check is a query that gives one row per thing looked at, with the text of what is wrong with
it in ``problem`` (NULL when nothing is); Great Expectations expects ``problem`` to be NULL.
"""

from pipelines.quality.completeness import COMPLETENESS
from pipelines.quality.moved_units import MOVED_UNITS
from pipelines.quality.operational import OperationalCheck
from pipelines.quality.persons_behind import SMALL_GROUPS
from pipelines.quality.results import Gate
from pipelines.warehouse.deliveries import LYING_IN_INBOX
from pipelines.words.messages import say

_RECONCILED = """
select case when rows_in is distinct from rows_loaded + rows_quarantined + rows_duplicate
            then delivery_id || ' ' || file_name end as problem
from ops.deliveries
"""

_NO_REJECTED = f"""
select case when is_refused
            then file_name || ' (' || coalesce(reason_nb, 'ingen grunn oppgitt') || ')' end
       as problem
from ({LYING_IN_INBOX})
order by seq
"""

# a table is late when others have figures for months it lacks: independent of today's date,
# so that deliveries from earlier years are judged alike
_FRESH = """
with last_period as (
    select contract_id || '.' || table_name as name, max(ym) as ym
    from (
        select contract_id, table_name, unnest(string_split(periods, ',')) as ym
        from ops.deliveries
        where status = 'loaded'
    )
    where regexp_full_match(ym, '[0-9]{4}-(0[1-9]|1[0-2])')
    group by name
),
months as (
    select name, ym, cast(ym[1:4] as integer) * 12 + cast(ym[6:7] as integer) as month_no
    from last_period
)
select case when max(month_no) over () - month_no > 2 then name || ' til ' || ym end as problem
from months
"""

# against the median of the feed's earlier deliveries, per month delivered
_VOLUME = """
with loaded as (
    select feed_id, file_name, seq,
           rows_loaded / len(string_split(periods, ',')) as rows_per_period,
           row_number() over (partition by feed_id order by seq desc) as newest_first
    from ops.deliveries
    where status in ('loaded', 'superseded') and rows_loaded > 0
),
compared as (
    select feed_id,
           max(file_name) filter (where newest_first = 1) as file_name,
           max(rows_per_period) filter (where newest_first = 1) as newest,
           median(rows_per_period) filter (where newest_first > 1) as usual
    from loaded
    group by feed_id
    having count(*) > 3
)
select case when newest < 0.5 * usual or newest > 2 * usual then file_name end as problem
from compared
"""

_HIDDEN = """
select case when value is not null or numerator is not null or denominator is not null
            then metric_id || ' ' || group_id || ' ' || strftime(month, '%Y-%m') end as problem
from marts.fct_metric_months
where suppression_reason is not null
order by metric_id, group_id, month
"""

# a warning, not an error, to the gate: the row is marked and the gain not counted, and a fault in
# one gain must not keep everything else from being published
_GAIN_FAULTS = """
select case when severity = 'error' then gain_id || coalesce(' og ' || other_gain_id, '') end
    as problem
from marts.mart_gain_issues
"""

_SAVINGS_SEEN = """
select case when saving_status = 'not_found' then gain_id end as problem
from marts.mart_gain_savings
"""

_CORE_ROWS = """
select case when n = 0 then name end as problem
from (
    select 'dim_units' as name, count(*) as n from marts.dim_units
    union all select 'dim_metrics', count(*) from marts.dim_metrics
    union all select 'dim_months', count(*) from marts.dim_months
    union all select 'fct_metric_months', count(*) from marts.fct_metric_months
)
"""

CHECKS: dict[Gate, tuple[OperationalCheck, ...]] = {
    "inbound": (
        OperationalCheck(
            "counts_reconcile",
            "deliveries",
            "error",
            say("quality.operations.rows_are_accounted_for"),
            "leveranser",
            _RECONCILED,
            names_problems=True,
        ),
        OperationalCheck(
            "no_rejected_in_inbox",
            "deliveries",
            "error",
            "Ingen avvist fil ligger igjen i innboksen.",
            "filer",
            _NO_REJECTED,
            names_problems=True,
        ),
        OperationalCheck(
            "sources_up_to_date",
            "deliveries",
            "warning",
            say("quality.operations.no_source_lags"),
            "kilder",
            _FRESH,
            names_problems=True,
        ),
        OperationalCheck(
            "volume_as_usual",
            "deliveries",
            "warning",
            say("quality.operations.delivery_as_large_as_usual"),
            "kilder",
            _VOLUME,
            names_problems=True,
        ),
    ),
    "outbound": (
        OperationalCheck(
            "tables_have_rows",
            "fct_metric_months",
            "error",
            say("quality.operations.base_tables_have_rows"),
            "tabeller",
            _CORE_ROWS,
            names_problems=True,
        ),
        OperationalCheck(
            "hidden_is_empty",
            "fct_metric_months",
            "error",
            say("quality.operations.hidden_is_empty"),
            "skjulte tall",
            _HIDDEN,
            names_problems=True,
        ),
        OperationalCheck(
            "no_small_group_visible",
            "fct_metric_months",
            "error",
            say("quality.operations.no_small_groups"),
            "viste tall",
            SMALL_GROUPS,
            names_problems=True,
        ),
        OperationalCheck(
            "no_gain_counted_twice",
            "mart_gain_issues",
            "warning",
            say("quality.operations.no_gain_twice"),
            "merknader i gevinstregisteret",
            _GAIN_FAULTS,
            names_problems=True,
        ),
        OperationalCheck(
            "savings_are_in_the_budget",
            "mart_gain_savings",
            "warning",
            say("quality.operations.saving_seen_in_budget"),
            "besparelser",
            _SAVINGS_SEEN,
            names_problems=True,
        ),
        *COMPLETENESS,
        MOVED_UNITS,
    ),
}
