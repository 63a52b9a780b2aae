{{ config(materialized='view') }}
-- Where each unit stands on Kotter's way, and whole months since it got there.
select
    steps.unit_id,
    steps.step,
    steps.since_date,
    cast(
        {{ month_index('data_range.last_day') }} - {{ month_index('steps.since_date') }}
        - case
            when extract(day from data_range.last_day) < extract(day from steps.since_date) then 1
            else 0
        end as double
    ) as months_standing
from {{ ref('int_activity__kotter_steps') }} as steps
cross join {{ ref('int_data_range') }} as data_range
where steps.is_current
