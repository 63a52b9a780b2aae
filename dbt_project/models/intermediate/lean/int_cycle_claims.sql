{{ config(materialized='view') }}
-- Which step every cycle says it is in, and when it entered each: the latest recorded, or the furthest
-- of those read from its dates.
with ranked as (
    select
        steps.*,
        row_number() over (
            partition by steps.cycle_id
            order by
                case when not steps.is_derived then steps.step_date end desc nulls last,
                names.step_no desc
        ) as latest_no
    from {{ ref('int_lean__cycle_steps') }} as steps
    inner join {{ ref('pukk_steps') }} as names
        on steps.step = names.step
)

select
    cycle_id,
    max(case when latest_no = 1 then step end) as step_claimed,
    count(case when is_derived then 1 end) > 0 as is_step_derived,
    {% for step in ['plan', 'do', 'check', 'act'] %}
    max(case when step = '{{ step }}' then step_date end) as step_{{ step }}_date
    {{- "," if not loop.last }}
    {% endfor %}
from ranked
group by cycle_id
