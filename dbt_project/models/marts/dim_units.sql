-- Every unit there has been, as it was, with its place in the Lean introduction, what it continues
-- and what became of it.
with cost_centres as (
    select unit_id, {{ text_list('code') }} as cost_centres
    from {{ ref('stg_organisation__unit_codes') }}
    where code_system = 'cost_centre'
    group by unit_id
),

-- The round that was started first, as everything that judges counts it; of a unit that has started
-- none, the first that is planned.
ranked_cycles as (
    select
        unit_id,
        wave,
        status,
        row_number() over (partition by unit_id order by start_no nulls last, cycle_no nulls last, cycle_id)
            as place
    from {{ ref('int_lean__cycles') }}
),

first_cycles as (
    select unit_id, wave, status
    from ranked_cycles
    where place = 1
)

select
    units.unit_id,
    units.unit_name,
    units.sector,
    units.service_type,
    units.parent_unit_id,
    units.valid_from,
    units.valid_to,
    units.status,
    lineage.continues,
    lineage.continued_by,
    {{ worded('lineage.history') }},
    cost_centres.cost_centres,
    pilots.unit_id is not null as is_pilot,
    cast(pilots.pilot_order as integer) as pilot_order,
    cast(coalesce(pilots.wave, first_cycles.wave) as integer) as wave,
    first_cycles.status as lean_status,
    training.first_date as lean_start_date,
    training.trained_date as lean_trained_date
from {{ ref('int_units') }} as units
left join {{ ref('int_unit_lineage') }} as lineage
    on units.unit_id = lineage.unit_id
left join cost_centres
    on units.unit_id = cost_centres.unit_id
left join first_cycles
    on units.unit_id = first_cycles.unit_id
left join {{ ref('stg_municipality__pilots') }} as pilots
    on units.unit_id = pilots.unit_id
left join {{ ref('int_lean__training') }} as training
    on units.unit_id = training.unit_id
