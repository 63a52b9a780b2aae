-- Every day with its place in the calendar. `counted_index` is the number of counted days up to and
-- including the day, so counted days in any interval is one subtraction. Which days count follows
-- the municipality: working days of the Norwegian calendar, or every day.
with days as (
    {{ day_spine('2005-01-01', '2035-12-31') }}
),

profile as (
    select working_calendar from {{ ref('stg_municipality__profile') }}
),

marked as (
    select
        days.date_day,
        {{ month_of('days.date_day') }} as month,
        {{ isodow('days.date_day') }} as iso_weekday,
        holidays.date_day is not null as is_holiday,
        coalesce(profile.working_calendar = 'calendar_days', false) as counts_every_day
    from days
    left join {{ ref('holidays_no') }} as holidays
        on days.date_day = holidays.date_day
    cross join profile
),

counted as (
    select
        date_day,
        month,
        iso_weekday,
        is_holiday,
        iso_weekday <= 5 and not is_holiday as is_working_day,
        case
            when counts_every_day then 1
            when iso_weekday <= 5 and not is_holiday then 1
            else 0
        end as counted_day
    from marked
)

select
    date_day,
    month,
    iso_weekday,
    is_holiday,
    is_working_day,
    counted_day,
    cast(row_number() over (order by date_day) as integer) as day_index,
    cast(sum(counted_day) over (
        order by date_day rows between unbounded preceding and current row
    ) as integer) as counted_index
from counted
