-- Each position in each month it is active: agreed days, and whether it is active on the last day.
-- A person is given one main unit per month, so that persons can be added over units without
-- counting anybody twice. Only of months that are not closed (macro `closed`).
with {{ closed('hr') }},

active as (
    select
        positions.position_id,
        positions.person_id,
        positions.unit_id,
        positions.position_pct,
        positions.is_hourly,
        positions.is_permanent,
        positions.delivery_id,
        months.month,
        coalesce(positions.end_date >= months.last_day, true) as is_active_at_end,
        greatest(positions.start_date, months.month) as first_day,
        least(coalesce(positions.end_date, months.last_day), months.last_day) as last_day
    from {{ ref('int_hr__position_spans') }} as positions
    inner join {{ ref('int_months') }} as months
        on positions.start_date <= months.last_day
        and (positions.end_date is null or positions.end_date >= months.month)
    left join closed
        on months.month < closed.open_from
    where closed.open_from is null
)

select
    active.position_id,
    active.person_id,
    active.unit_id,
    active.position_pct,
    active.is_hourly,
    active.is_permanent,
    active.delivery_id,
    active.month,
    active.is_active_at_end,
    last_days.counted_index - first_days.counted_index + first_days.counted_day as counted_days,
    row_number() over (
        partition by active.person_id, active.month, active.is_hourly
        order by active.position_pct desc, active.unit_id asc, active.position_id asc, active.first_day asc
    ) = 1 as is_main,
    row_number() over (
        partition by active.person_id, active.month, active.is_permanent, active.is_active_at_end
        order by active.position_pct desc, active.unit_id asc, active.position_id asc, active.first_day asc
    ) = 1 as is_main_at_end
from active
inner join {{ ref('int_days') }} as first_days
    on active.first_day = first_days.date_day
inner join {{ ref('int_days') }} as last_days
    on active.last_day = last_days.date_day
