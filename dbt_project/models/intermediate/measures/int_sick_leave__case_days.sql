-- Sick days with the case they belong to. A case is one unbroken sickness from one position: days
-- with no counted day between them belong together. Its length is in calendar days, first to last,
-- as known now, and every day of the case goes to the case's duration group.
with marked as (
    select
        days.*,
        case
            when days.counted_index - days.counted_day
                <= lag(days.counted_index) over (
                    partition by days.person_id, days.position_id order by days.date_day
                ) then 0
            else 1
        end as starts_case
    from {{ ref('int_sick_leave__days') }} as days
),

numbered as (
    select
        marked.*,
        sum(starts_case) over (
            partition by person_id, position_id
            order by date_day rows between unbounded preceding and current row
        ) as case_no
    from marked
),

measured as (
    select
        numbered.*,
        max(day_index) over (partition by person_id, position_id, case_no)
        - min(day_index) over (partition by person_id, position_id, case_no) + 1 as case_days
    from numbered
)

select
    person_id,
    position_id,
    case_no,
    unit_id,
    date_day,
    month,
    starts_case,
    counted_day,
    position_pct,
    grade_pct,
    absence_type,
    case_days,
    case
        when case_days <= 16 then 'short'
        when case_days <= 56 then 'medium'
        else 'long'
    end as duration_group,
    position_pct * grade_pct * counted_day as sick_pct_days,
    delivery_id
from measured
