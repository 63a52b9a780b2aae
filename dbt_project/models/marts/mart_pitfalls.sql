-- Possible pitfalls: hints to talk about, not verdicts. One row per unit and signal, and one for the
-- whole municipality with how many units have the signal of those where it can be seen.
with notes as (
    select
        unit_id,
        pitfall_no,
        note,
        note_date,
        by_role,
        row_number() over (partition by unit_id, pitfall_no order by note_date desc) as newest
    from {{ ref('stg_lean_activity__pitfall_notes') }}
)

select
    scopes.scope_type,
    scopes.scope_id,
    units.unit_name,
    units.sector,
    cast(rules.pitfall_no as integer) as pitfall_no,
    {{ worded('pitfalls.pitfall') }},
    scopes.signal_id,
    cast(rules.signal_order as integer) as signal_order,
    scopes.status,
    {{ worded('statuses.text', 'status') }},
    round(scopes.value, 6) as value,
    rules.value_unit,
    cast(rules.threshold as double) as threshold,
    cast(rules.limit_2 as double) as limit_2,
    scopes.n,
    scopes.n_other,
    scopes.figure_date,
    scopes.first_seen_date,
    data_range.last_day as as_of_date,
    case when reasons.code is not null then scopes.reason end as text_code,
    case when scopes.status = 'cannot_see' then scopes.reason end as cannot_see_reason,
    {{ worded('pitfalls.caveat') }},
    notes.note,
    notes.note_date,
    notes.by_role as note_by_role,
    case when scopes.scope_type <> 'unit' then cells.members_key end as members_key
from {{ ref('int_pitfall_scopes') }} as scopes
inner join {{ ref('pitfall_rules') }} as rules
    on scopes.signal_id = rules.signal_id
inner join {{ ref('pitfalls') }} as pitfalls
    on rules.pitfall_no = pitfalls.pitfall_no
inner join {{ ref('pitfall_texts') }} as statuses
    on scopes.status = statuses.code
cross join {{ ref('int_data_range') }} as data_range
left join {{ ref('int_group_cells') }} as cells
    on cells.cell = {{ group_cell('pitfalls', ['scopes.signal_id']) }}
left join {{ ref('pitfall_texts') }} as reasons
    on scopes.reason = reasons.code
left join {{ ref('dim_units') }} as units
    on scopes.scope_id = units.unit_id
left join notes
    on scopes.scope_id = notes.unit_id and rules.pitfall_no = notes.pitfall_no and notes.newest = 1
order by scopes.scope_type, scopes.scope_id, rules.signal_order
