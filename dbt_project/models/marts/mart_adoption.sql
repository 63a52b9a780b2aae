-- How far Lean has reached at every month end and fact date. Trained means six course days done;
-- `units_trained_ever` also counts units that have since been closed or merged.
with states as (
    select
        dates.as_of_date,
        dates.is_month_end,
        dates.is_fact_date,
        coalesce(units.valid_from <= dates.as_of_date, true)
        and coalesce(units.valid_to >= dates.as_of_date, true) as is_valid,
        coalesce(training.trained_date <= dates.as_of_date, false) as is_trained,
        coalesce(training.first_date <= dates.as_of_date, false) as is_started,
        training.has_cycle
    from {{ ref('int_as_of_dates') }} as dates
    cross join {{ ref('int_units') }} as units
    inner join {{ ref('int_lean__training') }} as training
        on units.unit_id = training.unit_id
)

select
    as_of_date,
    is_month_end,
    is_fact_date,
    cast(count(case when is_valid then 1 end) as integer) as units_total,
    cast(count(case when is_valid and is_trained then 1 end) as integer) as units_trained,
    cast(count(case when is_valid and is_started and not is_trained then 1 end) as integer)
        as units_in_progress,
    cast(count(case when is_valid and not is_started and not is_trained then 1 end) as integer)
        as units_not_started,
    cast(count(case
        when is_valid and has_cycle and not is_started and not is_trained then 1
    end) as integer) as units_waiting,
    cast(count(case when is_trained then 1 end) as integer) as units_trained_ever
from states
group by as_of_date, is_month_end, is_fact_date
order by as_of_date
