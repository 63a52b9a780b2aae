-- How long the windows are: 24 whole months on both sides where they exist, else 12, else what there
-- is on both sides if at least the preliminary minimum. Same length before and after, whole years
-- so that seasons cancel; a preliminary window says nothing by itself.
with chosen as (
    select
        ranges.*,
        profile.window_min_share,
        case
            when ranges.months_before >= profile.window_long_months
                and ranges.months_after >= profile.window_long_months
                then profile.window_long_months
            when ranges.months_before >= profile.window_short_months
                and ranges.months_after >= profile.window_short_months
                then profile.window_short_months
        end as full_months,
        case
            when least(ranges.months_before, ranges.months_after)
                >= profile.preliminary_min_months
                then least(ranges.months_before, ranges.months_after)
        end as short_months
    from {{ ref('int_phase_ranges') }} as ranges
    cross join {{ ref('stg_municipality__profile') }} as profile
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
    cast(coalesce(
        full_months, case when end_index is not null then short_months end
    ) as integer) as window_months,
    full_months is null as is_preliminary,
    case
        when end_index is null then 'no_introduction_end'
        when full_months is not null then null
        when months_before < months_after then 'few_months_before'
        else 'few_months_after'
    end as window_reason
from chosen
