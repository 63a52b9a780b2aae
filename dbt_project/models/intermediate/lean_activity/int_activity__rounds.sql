{{ config(materialized='view') }}
-- PUKK rounds that were checked and decided, and whether there are at least eight measured months on
-- both sides in the round's own metric, or without one in any metric.
with counted as (
    select
        cycle_id,
        metric_id,
        count(case when phase = 'baseline' then value end) as n_before,
        count(case when phase = 'after' then value end) as n_after
    from {{ ref('int_phase_months') }}
    group by cycle_id, metric_id
),

enough as (
    select cycle_id, metric_id
    from counted
    where n_before >= {{ pitfall_limit('short_baseline') }}
        and n_after >= {{ pitfall_limit('short_baseline') }}
)

select
    cycles.cycle_id,
    cycles.unit_id,
    cycles.check_date,
    count(enough.cycle_id) > 0 as is_measured
from {{ ref('int_lean__cycles') }} as cycles
left join enough
    on cycles.cycle_id = enough.cycle_id
    and (cycles.metric_id is null or cycles.metric_id = enough.metric_id)
where cycles.check_date is not null and cycles.decision is not null
group by cycles.cycle_id, cycles.unit_id, cycles.check_date
