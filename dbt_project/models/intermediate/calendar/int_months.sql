-- Every month of the warehouse with its days.
select
    days.month,
    max(days.date_day) as last_day,
    cast(extract(year from days.month) as integer) as year,
    cast(extract(month from days.month) as integer) as month_no,
    cast({{ month_index('days.month') }} as integer) as month_index,
    cast(count(*) as integer) as calendar_days,
    cast(count(case when days.is_working_day then 1 end) as integer) as working_days,
    cast(sum(days.counted_day) as integer) as counted_days
from {{ ref('int_days') }} as days
inner join {{ ref('int_data_range') }} as data_range
    on days.month between data_range.first_month and data_range.last_month
group by days.month
