{{ config(materialized='view') }}
-- Signals of single units, and for the whole municipality how many units have each signal of those
-- where it can be seen. A municipality without started units gets "cannot see", never "no pitfall".
with counts as (
    select
        rules.signal_id,
        rules.needs,
        count(case when signals.status = 'signal' then 1 end) as n_signal,
        count(case when signals.status <> 'cannot_see' then 1 end) as n_seen,
        min(signals.first_seen_date) as first_seen_date,
        max(signals.reason) as reason
    from {{ ref('pitfall_rules') }} as rules
    left join {{ ref('int_pitfall_signals') }} as signals
        on rules.signal_id = signals.signal_id and signals.unit_id is not null
    where rules.scope = 'unit'
    group by rules.signal_id, rules.needs
)

select
    case when unit_id is null then 'municipality' else 'unit' end as scope_type,
    coalesce(unit_id, 'all') as scope_id,
    signal_id,
    status,
    value,
    n,
    n_other,
    figure_date,
    first_seen_date,
    reason
from {{ ref('int_pitfall_signals') }}
union all
select
    'municipality' as scope_type,
    'all' as scope_id,
    counts.signal_id,
    case
        when counts.n_seen = 0 then 'cannot_see'
        when counts.n_signal > 0 then 'signal'
        else 'no_signal'
    end as status,
    case when counts.n_seen > 0 then cast(counts.n_signal as double) end as value,
    case when counts.n_seen > 0 then cast(counts.n_seen as integer) end as n,
    null as n_other,
    cast(null as date) as figure_date,
    counts.first_seen_date,
    case
        when counts.n_seen > 0 then 'units_summary'
        when not delivered.is_delivered then 'not_delivered'
        else coalesce(counts.reason, 'no_units')
    end as reason
from counts
left join {{ ref('int_activity__delivered') }} as delivered
    on counts.needs = delivered.table_name
