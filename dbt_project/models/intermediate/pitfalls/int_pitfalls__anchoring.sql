{{ config(materialized='view') }}
-- Pitfall 2: days since the leaders last met about improvement, change of leader during the course,
-- and how long the Kotter step has stood still.
with met as (
    select
        units.unit_id,
        max(days.anchoring_date) as last_date,
        count(days.anchoring_date) as n_meetings
    from {{ ref('int_activity__units') }} as units
    left join {{ ref('int_activity__anchoring_days') }} as days
        on units.unit_id = days.unit_id
        and days.anchoring_date between units.start_date and units.as_of_date
    group by units.unit_id
),

leaders as (
    select
        units.unit_id,
        count(events.event_date) as n_changes,
        min(events.event_date) as first_change
    from {{ ref('int_activity__units') }} as units
    left join {{ ref('int_unit_events') }} as events
        on units.unit_id = events.unit_id
        and events.event_type = 'leader_change'
        and events.event_date between units.start_date
        and coalesce(units.introduction_end_date, units.as_of_date)
    group by units.unit_id
)

select
    units.unit_id,
    'no_anchoring' as signal_id,
    cast(
        {{ days_between('coalesce(met.last_date, units.start_date)', 'units.as_of_date') }} as double
    ) as value,
    met.n_meetings as n,
    null as n_other,
    coalesce(met.last_date, units.start_date) as figure_date,
    {{ add_days('coalesce(met.last_date, units.start_date)', 61) }} as first_date,
    cast(null as {{ type_text() }}) as reason,
    false as is_exempt
from {{ ref('int_activity__units') }} as units
inner join met
    on units.unit_id = met.unit_id
union all
select
    unit_id,
    'leader_change' as signal_id,
    cast(n_changes as double) as value,
    null as n,
    null as n_other,
    first_change as figure_date,
    first_change as first_date,
    cast(null as {{ type_text() }}) as reason,
    false as is_exempt
from leaders
union all
select
    units.unit_id,
    'kotter_standstill' as signal_id,
    steps.months_standing as value,
    steps.step as n,
    null as n_other,
    steps.since_date as figure_date,
    {{ add_months('steps.since_date', 6) }} as first_date,
    'no_step' as reason,
    steps.step >= {{ pitfall_limit('kotter_standstill', 'limit_2') }} as is_exempt
from {{ ref('int_activity__units') }} as units
left join {{ ref('int_activity__kotter_now') }} as steps
    on units.unit_id = steps.unit_id
