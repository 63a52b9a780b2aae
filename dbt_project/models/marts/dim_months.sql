-- The months of the warehouse. `counted_days` are the days agreed time is counted in: working days,
-- or every day where the municipality's calendar says so.
select
    month,
    last_day,
    year,
    cast(floor((month_no + 2) / 3) as integer) as quarter,
    month_no,
    month_index,
    calendar_days,
    working_days,
    counted_days
from {{ ref('int_months') }}
