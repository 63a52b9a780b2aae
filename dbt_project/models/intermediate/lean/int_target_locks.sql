-- Targets that were locked, one row per cycle and metric, and whether each counts: made before the
-- first course day, unchanged since, of a metric that means the same, the first of its cycle. By hand
-- comes before the register. A complement is tested as what it is the complement of.
with entries as (
    select
        locks.*,
        cycles.unit_id,
        cycles.start_date is null or locks.locked_on < cycles.start_date as is_before,
        locks.made_by = 'register' and (
            cycles.metric_id is distinct from locks.metric_id
            or cycles.target_value is distinct from locks.target_value
        ) as is_changed_since,
        -- the register has one target per cycle: another metric there is a change
        case when locks.made_by = 'register' then '' else locks.metric_id end as lock_key
    from {{ ref('stg_ops__target_locks') }} as locks
    inner join {{ ref('int_lean__cycles') }} as cycles
        on locks.cycle_id = cycles.cycle_id
),

before_start as (
    select
        entries.*,
        row_number() over (partition by cycle_id, made_by, lock_key order by entry_no desc)
            as from_last,
        min(entry_no) over (partition by cycle_id, made_by, lock_key) as first_entry_no
    from entries where is_before
),

after_start as (
    select distinct cycle_id, made_by, lock_key
    from entries where not is_before
),

standing as (
    select
        locks.*,
        after_start.cycle_id is not null or locks.is_changed_since as is_changed,
        row_number() over (
            partition by locks.cycle_id
            order by case when locks.made_by = 'command' then 0 else 1 end, locks.first_entry_no
        ) as place
    from before_start as locks
    left join after_start
        on locks.cycle_id = after_start.cycle_id and locks.made_by = after_start.made_by
        and locks.lock_key = after_start.lock_key
    where locks.from_last = 1 and locks.action = 'lock'
),

told as (
    select cycle_id, unit_id, metric_id, definition_sha256, locked_on, look_months, place, is_changed
    from standing
    union all
    select
        cycle_id, unit_id, metric_id, definition_sha256, locked_on, look_months, 1000000 + entry_no,
        false
    from entries
    where not is_before and action = 'lock'
),

numbered as (
    select
        told.*,
        row_number() over (partition by cycle_id, metric_id order by place) as metric_place,
        row_number() over (partition by cycle_id order by place) as cycle_place
    from told
)

select
    numbered.cycle_id,
    numbered.unit_id,
    numbered.metric_id,
    coalesce(metrics.complement_of, numbered.metric_id) as tested_metric_id,
    numbered.locked_on,
    numbered.look_months,
    {{ lock_state() }} as lock_state,
    numbered.cycle_place = 1 as is_first
from numbered
left join {{ ref('stg_municipality__metrics') }} as metrics
    on numbered.metric_id = metrics.metric_id
where numbered.metric_place = 1
