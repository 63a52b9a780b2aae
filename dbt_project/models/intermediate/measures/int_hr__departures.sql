{{ config(materialized='view') }}
-- Permanent staff whose last permanent position in a unit ended and who hold no position there
-- afterwards; a position without an end is nobody's departure. `is_mover` when another unit of the municipality takes over within 31 days. A move
-- that only follows a reorganisation (organisation.unit_changes) is not turnover and left out.
with last_permanent as (
    select
        person_id,
        unit_id,
        max(end_date) as end_date,
        max(delivery_id) as delivery_id
    from {{ ref('int_hr__position_spans') }}
    where is_permanent
    group by person_id, unit_id
    having count(*) = count(end_date)
),

staying as (
    select distinct ended.person_id, ended.unit_id
    from last_permanent as ended
    inner join {{ ref('int_hr__position_spans') }} as positions
        on ended.person_id = positions.person_id
        and ended.unit_id = positions.unit_id
        and (positions.end_date is null or ended.end_date < positions.end_date)
),

next_units as (
    select distinct ended.person_id, ended.unit_id, positions.unit_id as next_unit_id
    from last_permanent as ended
    inner join {{ ref('int_hr__position_spans') }} as positions
        on ended.person_id = positions.person_id
        and ended.unit_id <> positions.unit_id
        and (positions.end_date is null or ended.end_date < positions.end_date)
        and {{ add_days('ended.end_date', 31) }} >= positions.start_date
),

reorganised as (
    select distinct ended.person_id, ended.unit_id
    from last_permanent as ended
    inner join next_units
        on ended.person_id = next_units.person_id and ended.unit_id = next_units.unit_id
    inner join {{ ref('stg_organisation__unit_changes') }} as changes
        on ended.unit_id = changes.from_unit_id
        and next_units.next_unit_id = changes.to_unit_id
        and changes.change_date between {{ add_days('ended.end_date', -31) }}
        and {{ add_days('ended.end_date', 32) }}
),

movers as (
    select distinct person_id, unit_id from next_units
)

select
    ended.person_id,
    ended.unit_id,
    ended.end_date,
    {{ month_of('ended.end_date') }} as month,
    movers.person_id is not null as is_mover,
    ended.delivery_id
from last_permanent as ended
inner join {{ ref('int_data_range') }} as data_range
    on ended.end_date <= data_range.last_day
left join staying
    on ended.person_id = staying.person_id and ended.unit_id = staying.unit_id
left join reorganised
    on ended.person_id = reorganised.person_id and ended.unit_id = reorganised.unit_id
left join movers
    on ended.person_id = movers.person_id and ended.unit_id = movers.unit_id
where staying.person_id is null and reorganised.person_id is null
