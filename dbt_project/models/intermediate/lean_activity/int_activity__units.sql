-- The units signals are about: started with Lean, and existing on the last day of the data. Dates
-- are those of the first cycle.
with first_cycles as (
    select
        unit_id,
        cycle_id,
        introduction_end_date,
        row_number() over (partition by unit_id order by cycle_no, cycle_id) as cycle_order
    from {{ ref('int_lean__cycles') }}
    where start_date is not null
)

select
    training.unit_id,
    first_cycles.cycle_id,
    training.first_date as start_date,
    coalesce(first_cycles.introduction_end_date, training.trained_date) as introduction_end_date,
    data_range.last_day as as_of_date
from {{ ref('int_lean__training') }} as training
cross join {{ ref('int_data_range') }} as data_range
inner join {{ ref('stg_organisation__units') }} as units
    on training.unit_id = units.unit_id
left join first_cycles
    on training.unit_id = first_cycles.unit_id and first_cycles.cycle_order = 1
where training.first_date <= data_range.last_day
    and coalesce(units.valid_from <= data_range.last_day, true)
    and coalesce(units.valid_to >= data_range.last_day, true)
