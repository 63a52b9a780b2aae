{{ config(materialized='view') }}
-- Events that matter for each cycle and metric: within 12 months of the start (month inclusive), or
-- for a change of definition anywhere in the windows. That the frozen baseline has another figure
-- today is a caveat too, and so is a small cut that was found: it voids nothing.
with joined as (
    select
        windows.cycle_id,
        windows.metric_id,
        case
            when events.event_type = 'small_cut' then 'budget_cut' else events.event_type
        end as event_type,
        events.event_type = 'budget_cut' as is_voiding_cut,
        abs({{ month_index('events.event_date') }} - windows.start_index) <= 12 as is_near,
        {{ month_index('events.event_date') }} between
        coalesce(windows.before_first_index, windows.start_index)
        and coalesce(windows.after_last_index, windows.end_index, windows.start_index)
            as is_in_windows
    from {{ ref('int_phase_windows') }} as windows
    inner join {{ ref('int_unit_events') }} as events
        on (events.unit_id is null or windows.unit_id = events.unit_id)
        and (events.metric_id is null or windows.metric_id = events.metric_id)
    union all
    select cycle_id, metric_id, 'baseline_restated', false, true, false
    from {{ ref('int_baseline_sums') }}
    where n_restated > 0
)

select
    cycle_id,
    metric_id,
    count(case when event_type = 'definition_change' and is_in_windows then 1 end) > 0
        as has_definition_change,
    count(case when event_type = 'reorganisation' and is_near then 1 end) > 0
        as has_reorganisation,
    count(case when is_voiding_cut and is_near then 1 end) > 0 as has_budget_cut,
    {{ text_list('case when is_near then event_type end') }} as caveats
from joined
group by cycle_id, metric_id
