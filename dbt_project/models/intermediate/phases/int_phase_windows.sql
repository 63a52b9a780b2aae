-- How long the windows are: 24 whole months on both sides where they exist, else 12, else what there
-- is on both sides if at least the preliminary minimum. Same length before and after, whole years
-- so that seasons cancel; a preliminary window says nothing by itself. What a unit shows per year has
-- windows of whole calendar years.
with chosen as (
    select
        ranges.*,
        profile.window_min_share,
        metrics.unit_grain = 'year' as is_yearly,
        years.n_years,
        years.start_year,
        years.end_year,
        years.window_reason as year_reason,
        case
            when metrics.unit_grain = 'year' then 12 * years.n_years
            when ranges.months_before >= profile.window_long_months
                and ranges.months_after >= profile.window_long_months
                then profile.window_long_months
            when ranges.months_before >= profile.window_short_months
                and ranges.months_after >= profile.window_short_months
                then profile.window_short_months
        end as full_months,
        case
            when metrics.unit_grain = 'month'
                and least(ranges.months_before, ranges.months_after)
                >= profile.preliminary_min_months
                then least(ranges.months_before, ranges.months_after)
        end as short_months
    from {{ ref('int_phase_ranges') }} as ranges
    cross join {{ ref('stg_municipality__profile') }} as profile
    inner join {{ ref('int_metrics') }} as metrics
        on ranges.metric_id = metrics.metric_id
    left join {{ ref('int_phase_year_windows') }} as years
        on ranges.cycle_id = years.cycle_id and ranges.metric_id = years.metric_id
),

sized as (
    select
        chosen.*,
        case when is_yearly then start_year * 12 + 1 else start_index end as before_until,
        case when is_yearly then end_year * 12 + 12 else end_index end as after_from,
        cast(coalesce(
            full_months, case when end_index is not null then short_months end
        ) as integer) as window_months
    from chosen
)

select
    cycle_id,
    unit_id,
    metric_id,
    start_date,
    introduction_first_month,
    introduction_last_month,
    start_index,
    end_index,
    window_min_share,
    window_months,
    is_yearly,
    cast(before_until - window_months as integer) as before_first_index,
    cast(case when window_months > 0 then before_until - 1 end as integer) as before_last_index,
    cast(case when window_months > 0 then after_from + 1 end as integer) as after_first_index,
    cast(after_from + window_months as integer) as after_last_index,
    full_months is null as is_preliminary,
    case
        when end_index is null then 'no_introduction_end'
        when full_months is not null then null
        when is_yearly then coalesce(year_reason, 'few_years_after')
        when months_before < months_after then 'few_months_before'
        else 'few_months_after'
    end as window_reason
from sized
