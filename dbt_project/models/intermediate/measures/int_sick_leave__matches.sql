-- Every own spell, and whether it meets a position. One that meets none on any of its days gives no
-- sick days; why it does not is the first of: the person is in no register, is paid by the hour (no
-- agreed days to lose), or has no position on the days of the spell.
with met as (
    select distinct person_id, spell_unit_id, start_date, absence_type
    from {{ ref('int_sick_leave__spell_positions') }}
),

persons as (
    select person_id, min(case when is_hourly then 1 else 0 end) as is_only_hourly
    from {{ ref('int_hr__position_spans') }}
    group by person_id
)

select
    spells.person_id,
    spells.unit_id,
    spells.start_date,
    spells.end_date,
    spells.absence_type,
    spells.grade_pct,
    case
        when met.person_id is not null then 'matched'
        when persons.person_id is null then 'unknown_person'
        when persons.is_only_hourly = 1 then 'hourly_paid'
        else 'no_position_then'
    end as match_result,
    spells.delivery_id
from {{ ref('int_sick_leave__own_spells') }} as spells
left join met
    on spells.person_id = met.person_id
    and spells.unit_id = met.spell_unit_id
    and spells.start_date = met.start_date
    and spells.absence_type = met.absence_type
left join persons
    on spells.person_id = persons.person_id
