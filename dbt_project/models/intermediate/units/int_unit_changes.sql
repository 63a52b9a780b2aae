-- What has become of units: what somebody has said, and what the registers themselves show (a new
-- name, another sector, an end). `from_text` and `to_text` are what it was called before and after.
with said as (
    select
        changes.change_type,
        changes.change_date,
        changes.from_unit_id,
        changes.to_unit_id,
        changes.share,
        coalesce(
            case when changes.from_unit_id = changes.to_unit_id then names.before end,
            before.unit_name,
            changes.from_unit_id
        ) as from_text,
        coalesce(later.unit_name, changes.to_unit_id) as to_text
    from {{ ref('stg_organisation__unit_changes') }} as changes
    left join {{ ref('stg_organisation__units') }} as before
        on changes.from_unit_id = before.unit_id
    left join {{ ref('stg_organisation__units') }} as later
        on changes.to_unit_id = later.unit_id
    left join {{ ref('int_unit_register_changes') }} as names
        on changes.change_type = 'rename' and changes.from_unit_id = names.unit_id
        and names.what = 'unit_name' and names.is_last
),

seen as (
    select
        case when what = 'sector' then 'place' else 'rename' end as change_type,
        case when what = 'sector' then 'move' else 'rename' end as said_as,
        register_month,
        unit_id,
        before,
        later
    from {{ ref('int_unit_register_changes') }}
    where register_month is not null
),

ended as (
    select
        case when units.status = 'left' then 'left' else 'end' end as change_type,
        {{ add_days('units.valid_to', 1) }} as change_date,
        units.unit_id,
        units.unit_name
    from {{ ref('int_units') }} as units
    left join (
        select distinct from_unit_id
        from said
        where change_type in ('close', 'merge', 'split', 'rename')
            and (change_type = 'close' or from_unit_id <> to_unit_id)
    ) as explained
        on units.unit_id = explained.from_unit_id
    where units.status in ('left', 'ended') and units.valid_to is not null
        and units.is_end_known
        and explained.from_unit_id is null
)

select said.*, true as is_said
from said
union all
select
    seen.change_type,
    seen.register_month as change_date,
    seen.unit_id as from_unit_id,
    seen.unit_id as to_unit_id,
    1e0 as share,
    seen.before as from_text,
    seen.later as to_text,
    false as is_said
from seen
left join said
    on seen.unit_id = said.from_unit_id and seen.unit_id = said.to_unit_id
    and seen.said_as = said.change_type
where said.from_unit_id is null
union all
select change_type, change_date, unit_id, unit_id, 1e0, unit_name, unit_name, false
from ended
