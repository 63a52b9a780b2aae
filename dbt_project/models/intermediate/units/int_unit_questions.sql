-- What nobody has said about units, and what it looks like: why one is gone, when one got another
-- name or place. Of what a register itself says, asked only of units somebody has delivered figures about.
with counted as (
    select
        unit_id,
        heir_id,
        count(*) over (partition by heir_id) as n_before
    from {{ ref('int_unit_heirs') }}
),

gone as (
    select
        units.unit_id,
        min(units.unit_name) as unit_name,
        min(units.status) as status,
        {{ add_days('min(case when units.is_end_known then units.valid_to end)', 1) }}
            as since_date,
        count(heirs.unit_id) as n_heirs,
        max(case when heirs.unit_id is not null then counted.n_before else 0 end) as n_before,
        max(case when heirs.unit_name = units.unit_name then 1 else 0 end) as is_same_name,
        max(case when figures.first_month <= units.valid_to then 1 else 0 end) as is_older,
        {{ text_list('heirs.unit_id') }} as heir_ids,
        {{ text_list('heirs.unit_name') }} as heir_names
    from counted
    inner join {{ ref('int_units') }} as units
        on counted.unit_id = units.unit_id
    left join {{ ref('int_units') }} as heirs
        on counted.heir_id = heirs.unit_id
    left join {{ ref('int_unit_figures') }} as figures
        on heirs.unit_id = figures.unit_id
    group by units.unit_id
)

select
    gone.unit_id,
    gone.unit_name,
    gone.status as kind,
    gone.since_date,
    gone.heir_ids,
    gone.heir_names,
    case
        when gone.n_heirs = 0 then 'close'
        when gone.n_heirs = 1 and gone.n_before = 1 and gone.is_same_name = 1 then 'rename'
        when gone.n_heirs = 1 and (gone.n_before > 1 or gone.is_older = 1) then 'merge'
        when gone.n_heirs = 1 then 'rename'
        when gone.n_before = 1 then 'split'
    end as looks_like,
    cast(null as {{ type_text() }}) as before,
    cast(null as {{ type_text() }}) as later
from gone
left join {{ ref('int_unit_figures') }} as figures
    on gone.unit_id = figures.unit_id
where figures.unit_id is not null or gone.status = 'left'
union all
select
    seen.unit_id,
    units.unit_name,
    case when seen.what = 'sector' then 'move' else 'rename' end as kind,
    cast(null as date) as since_date,
    seen.unit_id as heir_ids,
    units.unit_name as heir_names,
    case when seen.what = 'sector' then 'move' else 'rename' end as looks_like,
    seen.before,
    seen.later
from {{ ref('int_unit_register_changes') }} as seen
inner join {{ ref('int_units') }} as units
    on seen.unit_id = units.unit_id
inner join {{ ref('int_unit_figures') }} as figures
    on seen.unit_id = figures.unit_id
left join {{ ref('stg_organisation__unit_changes') }} as said
    on seen.unit_id = said.from_unit_id and seen.unit_id = said.to_unit_id
    and case when seen.what = 'sector' then 'move' else 'rename' end = said.change_type
where seen.register_month is null and said.from_unit_id is null
