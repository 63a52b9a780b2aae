-- Coaches at work and units that have begun, at every month end.
select
    as_of_date,
    cast(coaches_active as integer) as coaches_active,
    cast(units_started as integer) as units_started,
    {{ ratio('units_started', 'coaches_active') }} as units_per_coach,
    is_latest
from {{ ref('int_activity__coach_load') }}
order by as_of_date
