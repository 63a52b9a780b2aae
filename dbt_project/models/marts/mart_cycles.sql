-- One row per PUKK cycle: plan, course days done, tools used, check and decision; and the step it says
-- it is in beside the one that its data carry it to.
with course_days as (
    select cycle_id, count(distinct day_no) as n_course_days,
        sum(n_participants) as n_participations
    from {{ ref('stg_lean__course_days') }}
    group by cycle_id
),

tools as (
    select cycles.cycle_id, {{ text_list('uses.tool') }} as tools
    from {{ ref('int_lean__cycles') }} as cycles
    inner join {{ ref('stg_lean__tool_uses') }} as uses
        on cycles.cycle_id = uses.cycle_id
        or (uses.cycle_id is null and cycles.cycle_no = 1 and cycles.unit_id = uses.unit_id)
    group by cycles.cycle_id
)

select
    cycles.cycle_id,
    cycles.unit_id,
    units.unit_name,
    units.sector,
    cycles.cycle_no,
    cycles.wave,
    cycles.is_pilot,
    cycles.pilot_order,
    cycles.status,
    cycles.planned_date,
    cycles.hypothesis,
    cycles.metric_id,
    cycles.target_value,
    orders.start_order,
    coalesce(
        locks.lock_state,
        case when cycles.metric_id is not null then 'stated' else 'none' end
    ) as target_state,
    locks.metric_id as locked_metric_id,
    locks.locked_on,
    locks.look_months,
    cycles.start_date,
    cycles.introduction_end_date,
    cast(coalesce(course_days.n_course_days, 0) as integer) as n_course_days,
    cast(course_days.n_participations as integer) as n_participations,
    tools.tools,
    cycles.check_date,
    cycles.decision,
    claims.step_claimed,
    {{ worded('states.step_claimed') }},
    states.step_supported,
    {{ worded('states.step_supported') }},
    states.is_step_supported,
    states.step_problem,
    {{ worded('states.step_problem') }},
    claims.step_plan_date,
    claims.step_do_date,
    claims.step_check_date,
    claims.step_act_date,
    coalesce(claims.is_step_derived, false) as is_step_derived,
    states.has_frozen_baseline,
    states.n_frozen_metrics,
    states.n_after_months,
    states.n_after_needed
from {{ ref('int_lean__cycles') }} as cycles
inner join {{ ref('dim_units') }} as units
    on cycles.unit_id = units.unit_id
inner join {{ ref('int_start_orders') }} as orders
    on cycles.cycle_id = orders.cycle_id
left join {{ ref('int_target_locks') }} as locks
    on cycles.cycle_id = locks.cycle_id and locks.is_first
left join course_days
    on cycles.cycle_id = course_days.cycle_id
left join tools
    on cycles.cycle_id = tools.cycle_id
inner join {{ ref('int_cycle_states') }} as states
    on cycles.cycle_id = states.cycle_id
left join {{ ref('int_cycle_claims') }} as claims
    on cycles.cycle_id = claims.cycle_id
order by cycles.cycle_id
