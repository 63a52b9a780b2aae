{{ config(materialized='view') }}
-- Absences: every row loaded is a spell of own sickness that met a position, or says why not; the sick
-- days of a month are those published.
with {{ closed('sick_leave') }},

staged as (
    select
        spells.feed_id,
        spells.period_ym,
        case
            when spells.absence_type not in ('self_certified', 'certified') then 'other_absence'
            when matches.end_date < matches.start_date then 'outside_window'
            when matches.match_result = 'matched' then 'used'
            else matches.match_result
        end as part
    from {{ ref('stg_sick_leave__spells') }} as spells
    left join {{ ref('int_sick_leave__matches') }} as matches
        on spells.person_id = matches.person_id and spells.unit_id = matches.unit_id
        and spells.start_date = matches.start_date and spells.absence_type = matches.absence_type
),

unit_days as (
    select
        sums.month,
        sums.sick_days,
        case
            when data_range.first_month is null then 'outside_window'
            when delivered.month is null then 'month_not_delivered'
            when matches.is_too_unmatched then 'unmatched_absences'
            when measures.source <> 'sick_leave.spells' then 'summed_by_another_source'
        end as reason
    from {{ ref('int_sick_leave__unit_sums') }} as sums
    left join {{ ref('int_data_range') }} as data_range
        on sums.month between data_range.first_month and data_range.last_month
    left join {{ ref('int_sick_leave__months_delivered') }} as delivered
        on sums.month = delivered.month
    left join {{ ref('int_sick_leave__unit_matches') }} as matches
        on sums.unit_id = matches.unit_id and sums.month = matches.month
    left join {{ ref('int_measures_unioned') }} as measures
        on sums.unit_id = measures.unit_id and sums.month = measures.month
        and measures.measure_id = 'sick_days'
),

days as (
    select month, 'loaded' as part, sick_days
    from {{ ref('stg_ops__kept_absence_months') }}
    where sick_days is not null
    union all
    select case_days.month, 'loaded', cast(sum(case_days.sick_pct_days) as double) / 10000e0
    from {{ ref('int_sick_leave__case_days') }} as case_days
    left join closed
        on case_days.month < closed.open_from
    where closed.open_from is null
    group by case_days.month
    union all
    select month, reason as part, sick_days
    from unit_days
    where reason is not null
    union all
    select month, 'used' as part, value as sick_days
    from {{ ref('int_measures_unioned') }}
    where measure_id = 'sick_days' and source = 'sick_leave.spells'
)

{{ loaded_and_restated(
    ref('stg_ops__loaded_rows'), 'staged', 'sick_leave.spells', 'spells', 'restated'
) }}
union all
{{ rows_by_part('staged', 'sick_leave.spells', "'spells'", 'part') }}
union all
select
    'sick_leave.spells' as source,
    '' as feed_id,
    {{ month_label('month') }} as period,
    'sick_days' as measure,
    part,
    0 as n_rows,
    {{ exact_sum('sick_days') }} as amount
from days
group by month, part
