-- The months of each cycle and metric with their phase and distance: only what anyone may see, and
-- before the start as it was frozen. What a unit shows per year has no months.
select
    windows.cycle_id,
    windows.metric_id,
    months.month,
    months.month_no,
    case
        when months.month_index < windows.start_index then 'baseline'
        when windows.end_index is null or months.month_index <= windows.end_index
            then 'introduction'
        else 'after'
    end as phase,
    case
        when windows.window_months is null then false
        else months.month_index between windows.before_first_index and windows.before_last_index
            or months.month_index between windows.after_first_index and windows.after_last_index
    end as is_in_window,
    {% for column in ['numerator', 'denominator', 'value'] %}
    case
        when baselines.cycle_id is not null then baselines.frozen_{{ column }}
        else visible.{{ column }}
    end as {{ column }},
    {% endfor %}
    visible.suppression_reason
from {{ ref('int_phase_windows') }} as windows
inner join {{ ref('int_metric_months_visible') }} as visible
    on windows.unit_id = visible.group_id
    and windows.metric_id = visible.metric_id
    and visible.level = 'unit'
inner join {{ ref('int_months') }} as months
    on visible.month = months.month
left join {{ ref('int_baseline_months') }} as baselines
    on windows.cycle_id = baselines.cycle_id
    and windows.metric_id = baselines.metric_id
    and visible.month = baselines.month
where not windows.is_yearly
