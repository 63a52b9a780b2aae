{{ config(materialized='view') }}
-- Spells of own sickness with a definite end: open ones run to the last day of the warehouse.
select
    spells.person_id,
    spells.unit_id,
    spells.position_id,
    spells.absence_type,
    cast(spells.grade_pct as decimal(5, 2)) as grade_pct,
    spells.start_date,
    spells.delivery_id,
    least(coalesce(spells.end_date, data_range.last_day), data_range.last_day) as end_date
from {{ ref('stg_sick_leave__spells') }} as spells
cross join {{ ref('int_data_range') }} as data_range
where spells.absence_type in ('self_certified', 'certified')
