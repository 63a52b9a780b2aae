-- Sick days with the case they belong to, one row per stretch and month. A case is one unbroken
-- sickness from one position: days with no counted day between them belong together. Its length is
-- in calendar days, first to last, as known now, and every day of the case goes to the case's
-- duration group.
with marked as (
    select
        stretches.*,
        case
            when first_days.counted_index - first_days.counted_day
                <= lag(last_days.counted_index) over (
                    partition by stretches.person_id, stretches.position_id
                    order by stretches.first_day
                ) then 0
            else 1
        end as starts_case
    from {{ ref('int_sick_leave__stretches') }} as stretches
    inner join {{ ref('int_days') }} as first_days
        on stretches.first_day = first_days.date_day
    inner join {{ ref('int_days') }} as last_days
        on stretches.last_day = last_days.date_day
),

numbered as (
    select
        marked.*,
        sum(starts_case) over (
            partition by person_id, position_id
            order by first_day rows between unbounded preceding and current row
        ) as case_no
    from marked
),

measured as (
    select
        numbered.*,
        {{ days_between(
            'min(first_day) over (partition by person_id, position_id, case_no)',
            'max(last_day) over (partition by person_id, position_id, case_no)'
        ) }} + 1 as case_days
    from numbered
),

monthly as (
    select
        measured.*,
        {{ months_touched('first_day', 'last_day') }} as month
    from measured
)

select
    monthly.person_id,
    monthly.position_id,
    monthly.case_no,
    monthly.unit_id,
    first_days.date_day as first_day,
    last_days.date_day as last_day,
    monthly.month,
    case when first_days.date_day = monthly.first_day then monthly.starts_case else 0 end as starts_case,
    last_days.counted_index - first_days.counted_index + first_days.counted_day as counted_days,
    monthly.position_pct,
    monthly.grade_pct,
    monthly.absence_type,
    monthly.case_days,
    case
        when monthly.case_days <= {{ short_case_max_days() }} then 'short'
        when monthly.case_days <= {{ medium_case_max_days() }} then 'medium'
        else 'long'
    end as duration_group,
    monthly.position_pct * monthly.grade_pct * (
        last_days.counted_index - first_days.counted_index + first_days.counted_day
    ) as sick_pct_days,
    monthly.delivery_id
from monthly
inner join {{ ref('int_days') }} as first_days
    on greatest(monthly.first_day, monthly.month) = first_days.date_day
inner join {{ ref('int_days') }} as last_days
    on least(monthly.last_day, {{ add_days(add_months('monthly.month', 1), -1) }}) = last_days.date_day
