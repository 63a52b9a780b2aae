-- What happened to units besides Lean: the register's events (no unit = the whole municipality), and
-- merges, splits and closures in the organisation as reorganisation, moves when more than a quarter is
-- moved. A new name or number changes nobody's work.
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
