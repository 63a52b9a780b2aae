-- What happened to units besides Lean: the register's events (no unit = the whole municipality), and
-- merges, splits and closures in the organisation as reorganisation, moves when more than a quarter is
-- moved. A new name or number changes nobody's work. A cut of budget or FTE that is found counts as one
-- that was registered from the second limit on, which units not started seldom pass by themselves; a
-- smaller one is a caveat and voids nothing.
select unit_id, event_date, event_type, metric_id
from {{ ref('stg_lean__events') }}
union all
select from_unit_id as unit_id, change_date, 'reorganisation', cast(null as {{ type_text() }})
from {{ ref('stg_organisation__unit_changes') }}
where change_type in ('merge', 'split', 'close') or (change_type = 'move' and share > 0.25)
union all
select to_unit_id as unit_id, change_date, 'reorganisation', cast(null as {{ type_text() }})
from {{ ref('stg_organisation__unit_changes') }}
where change_type in ('merge', 'split', 'close') or (change_type = 'move' and share > 0.25)
union all
select
    cuts.unit_id,
    cuts.first_date,
    case when cuts.value > rules.limit_2 then 'budget_cut' else 'small_cut' end as event_type,
    cast(null as {{ type_text() }})
from {{ ref('int_pitfalls__cuts') }} as cuts
inner join {{ ref('pitfall_rules') }} as rules
    on cuts.signal_id = rules.signal_id and cuts.value > rules.threshold
