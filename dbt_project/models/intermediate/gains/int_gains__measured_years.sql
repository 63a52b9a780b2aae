{{ config(materialized='view') }}
-- Whether a metric in a calendar year was better than in the twelve months before the cycle: sums
-- first, division last, from what anyone may see, and only whole years with figures in most months.
-- What a unit shows per year is held against the last whole calendar year before the cycle.
with months as (
    select
        cycles.cycle_id,
        visible.metric_id,
        visible.scale,
        case
            when visible.month < {{ month_of('cycles.start_date') }} then 0
            else extract(year from visible.month)
        end as year,
        1 as n_months,
        visible.numerator,
        visible.denominator
    from {{ ref('int_lean__cycles') }} as cycles
    inner join {{ ref('int_metric_months_visible') }} as visible
        on visible.level = 'unit' and cycles.unit_id = visible.group_id
        and visible.month >= {{ add_months(month_of('cycles.start_date'), -12) }}
    where visible.value is not null
    union all
    select
        windows.cycle_id,
        visible.metric_id,
        visible.scale,
        case
            when visible.year * 12 + 12 < windows.start_index then 0
            when visible.year * 12 + 1 >= windows.start_index then visible.year
        end as year,
        visible.n_months,
        visible.numerator,
        visible.denominator
    from {{ ref('int_phase_windows') }} as windows
    inner join {{ ref('int_metric_years_visible') }} as visible
        on visible.level = 'unit' and windows.unit_id = visible.group_id
        and windows.metric_id = visible.metric_id and windows.is_yearly
        and visible.year * 12 + 24 >= windows.start_index
    where visible.value is not null
),

years as (
    select
        cycle_id,
        metric_id,
        year,
        max(scale) * {{ ratio(exact_sum('numerator'), exact_sum('denominator')) }} as value,
        sum(n_months) as n_months
    from months
    group by cycle_id, metric_id, year
),

profile as (
    select window_min_share * 12 as min_months from {{ ref('stg_municipality__profile') }}
)

select
    later.cycle_id,
    later.metric_id,
    cast(later.year as integer) as year,
    case metrics.direction
        when 'lower' then later.value < before.value
        when 'higher' then later.value > before.value
    end as is_better
from years as later
inner join years as before
    on later.cycle_id = before.cycle_id and later.metric_id = before.metric_id
    and before.year = 0 and later.year > 0
inner join {{ ref('int_metrics') }} as metrics
    on later.metric_id = metrics.metric_id
cross join profile
where later.n_months >= profile.min_months and before.n_months >= profile.min_months
