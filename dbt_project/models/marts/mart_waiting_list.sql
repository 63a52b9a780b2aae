-- Units in the register that have not begun on the last day of the data, and how many weeks there are
-- to the planned start (negative when it has passed).
select
    cycles.unit_id,
    units.unit_name,
    units.sector,
    cycles.wave,
    cycles.status,
    cycles.planned_date,
    {{ days_between('data_range.last_day', 'cycles.planned_date') }} / 7e0 as weeks_to_start,
    data_range.last_day as as_of_date
from {{ ref('int_lean__cycles') }} as cycles
cross join {{ ref('int_data_range') }} as data_range
inner join {{ ref('dim_units') }} as units
    on cycles.unit_id = units.unit_id
where cycles.cycle_no = 1
    and cycles.status in ('waiting', 'planned')
    and coalesce(cycles.start_date > data_range.last_day, true)
    and coalesce(units.valid_to >= data_range.last_day, true)
order by cycles.planned_date, cycles.unit_id
