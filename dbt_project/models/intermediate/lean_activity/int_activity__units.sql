-- The units signals are about: started with Lean, and existing on the last day of the data. Dates
-- are those of the first start.
select
    training.unit_id,
    cycles.cycle_id,
    training.first_date as start_date,
    coalesce(cycles.introduction_end_date, training.trained_date) as introduction_end_date,
    data_range.last_day as as_of_date
from {{ ref('int_lean__training') }} as training
cross join {{ ref('int_data_range') }} as data_range
inner join {{ ref('int_units') }} as units
    on training.unit_id = units.unit_id
left join {{ ref('int_lean__cycles') }} as cycles
    on training.unit_id = cycles.unit_id and cycles.start_no = 1
where training.first_date <= data_range.last_day
    and coalesce(units.valid_from <= data_range.last_day, true)
    and coalesce(units.valid_to >= data_range.last_day, true)
