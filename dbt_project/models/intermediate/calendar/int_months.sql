-- Every month of the warehouse with its days. `is_settled`: sick leave is delivered for it and for so
-- long after it that every case with a day in it is over, or is already long; a case goes on over days
-- that are not counted, so a counted day must have come after the last that a shorter one can reach.
-- The two months before count too, also those from before the warehouse or the register begins, as far
-- back as either goes: one delivered late would make cases longer backwards. Months before the register
-- begins have no case that could go on.
with months as (
    select
        days.month,
        max(days.date_day) as last_day,
        cast(count(*) as integer) as calendar_days,
        cast(count(case when days.is_working_day then 1 end) as integer) as working_days,
        cast(sum(days.counted_day) as integer) as counted_days
    from {{ ref('int_days') }} as days
    inner join {{ ref('int_data_range') }} as data_range
        on days.month between data_range.first_month and data_range.last_month
    group by days.month
),

settling as (
    select months.month, min(days.month) as settles_month
    from months
    inner join {{ ref('int_days') }} as days
        on days.date_day between {{ add_days('months.last_day', medium_case_max_days()) }}
        and {{ add_days('months.last_day', medium_case_max_days() | int + 31) }}
        and days.counted_day = 1
    group by months.month
),

register as (
    select covered.month
    from {{ ref('int_sick_leave__months_delivered') }} as covered
    inner join {{ ref('int_data_range') }} as data_range
        on covered.month <= data_range.last_month
),

delivered as (
    select settling.month, count(register.month) as n_delivered
    from settling
    inner join register
        on register.month between {{ add_months('settling.month', -2) }} and settling.settles_month
    group by settling.month
),

begins as (
    select
        register.first_month,
        case
            when register.first_month < warehouse.first_month then register.first_month
            else warehouse.first_month
        end as known_from
    from (select min(month) as first_month from register) as register
    cross join {{ ref('int_data_range') }} as warehouse
)

select
    months.month,
    months.last_day,
    cast(extract(year from months.month) as integer) as year,
    cast(extract(month from months.month) as integer) as month_no,
    cast({{ month_index('months.month') }} as integer) as month_index,
    months.calendar_days,
    months.working_days,
    months.counted_days,
    coalesce(
        months.month < begins.first_month
        or delivered.n_delivered
        = {{ month_index('settling.settles_month') }} + 1
        - greatest({{ month_index('months.month') }} - 2, {{ month_index('begins.known_from') }}),
        begins.first_month is null
    ) as is_settled
from months
cross join begins
left join settling
    on months.month = settling.month
left join delivered
    on months.month = delivered.month
