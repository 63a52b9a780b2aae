{{ config(materialized='view') }}
-- Who may have taken over from a unit that is gone, where nobody has said: those that have its codes
-- now; else those that came with the register it went out of, or in its sector the day after it ended.
with explained as (
    select distinct from_unit_id as unit_id
    from {{ ref('stg_organisation__unit_changes') }}
    where change_type = 'close'
        or (change_type in ('merge', 'split', 'rename') and from_unit_id <> to_unit_id)
),

gone as (
    select units.unit_id, units.sector, units.valid_to
    from {{ ref('int_units') }} as units
    left join explained
        on units.unit_id = explained.unit_id
    where units.status in ('left', 'ended') and explained.unit_id is null
),

stays as (
    select unit_id, feed_id, min(register_no) as first_no, max(register_no) as last_no
    from {{ ref('stg_organisation__unit_registers') }}
    group by unit_id, feed_id
),

by_code as (
    select distinct gone.unit_id, heirs.unit_id as heir_id
    from gone
    inner join {{ ref('stg_organisation__unit_code_lists') }} as owned
        on gone.unit_id = owned.unit_id
    inner join {{ ref('stg_organisation__unit_code_lists') }} as heirs
        on owned.code_system = heirs.code_system and owned.code = heirs.code
        and owned.unit_id <> heirs.unit_id and heirs.is_newest
),

by_time as (
    select gone.unit_id, others.unit_id as heir_id
    from gone
    inner join stays
        on gone.unit_id = stays.unit_id
    inner join stays as came
        on stays.feed_id = came.feed_id and stays.last_no + 1 = came.first_no
    inner join {{ ref('int_units') }} as others
        on came.unit_id = others.unit_id
    union
    select gone.unit_id, others.unit_id as heir_id
    from gone
    inner join {{ ref('int_units') }} as others
        on others.valid_from = {{ add_days('gone.valid_to', 1) }} and gone.sector = others.sector
),

found as (
    select unit_id, heir_id from by_code
    union
    select by_time.unit_id, by_time.heir_id
    from by_time
    left join (select distinct unit_id from by_code) as coded
        on by_time.unit_id = coded.unit_id
    where coded.unit_id is null
)

select gone.unit_id, found.heir_id
from gone
left join found
    on gone.unit_id = found.unit_id
