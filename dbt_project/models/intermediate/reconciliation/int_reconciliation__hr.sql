{{ config(materialized='view') }}
-- Positions: every row loaded is a position in some month, or says why not; agreed days of the
-- positions of a month are the days that are published.
with staged as (
    select
        positions.feed_id,
        positions.period_ym,
        case
            when positions.end_date < positions.start_date then 'replaced_before_it_began'
            when spans.position_id is null then null
            when spans.start_date > data_range.last_day
                or spans.end_date < data_range.first_month then 'outside_window'
            else 'used'
        end as part
    from {{ ref('stg_hr__positions') }} as positions
    cross join {{ ref('int_data_range') }} as data_range
    left join {{ ref('int_hr__position_spans') }} as spans
        on positions.position_id = spans.position_id and positions.start_date = spans.start_date
),

days as (
    select month, 'loaded' as part, position_pct * counted_days / 100e0 as days
    from {{ ref('int_hr__position_months') }}
    where not is_hourly
    union all
    select month, 'loaded' as part, agreed_days as days
    from {{ ref('stg_ops__kept_position_months') }}
    where agreed_days is not null
    union all
    select month, 'used' as part, value as days
    from {{ ref('int_measures_unioned') }}
    where measure_id = 'agreed_days' and source = 'hr.positions'
    union all
    select staff.month, 'summed_by_another_source' as part, staff.agreed_days as days
    from {{ ref('int_hr__unit_months') }} as staff
    inner join {{ ref('int_measures_unioned') }} as measures
        on staff.unit_id = measures.unit_id and staff.month = measures.month
        and measures.measure_id = 'agreed_days' and measures.source <> 'hr.positions'
    where staff.agreed_days is not null
)

{{ loaded_and_restated(
    ref('stg_ops__loaded_rows'), 'staged', 'hr.positions', 'positions', 'said_by_a_later_register'
) }}
union all
{{ rows_by_part('staged', 'hr.positions', "'positions'", 'part') }}
union all
select
    'hr.positions' as source,
    '' as feed_id,
    {{ month_label('month') }} as period,
    'agreed_days' as measure,
    part,
    0 as n_rows,
    {{ exact_sum('days') }} as amount
from days
group by month, part
