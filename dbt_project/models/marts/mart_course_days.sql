-- Course days held, cancelled and still planned, per year. Cancelled and planned are missing, not
-- 0, when no plan of course days has been delivered.
select
    days.year,
    cast(count(case when days.state = 'held' then 1 end) as integer) as n_held,
    cast(case when delivered.is_delivered
        then count(case when days.state = 'cancelled' then 1 end)
    end as integer) as n_cancelled,
    cast(case when delivered.is_delivered
        then count(case when days.state = 'planned' then 1 end)
    end as integer) as n_planned
from {{ ref('int_lean__course_days') }} as days
inner join {{ ref('int_activity__delivered') }} as delivered
    on delivered.table_name = 'planned_course_days'
where days.year is not null
group by days.year, delivered.is_delivered
order by days.year
