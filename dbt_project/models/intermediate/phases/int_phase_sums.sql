{{ config(materialized='view') }}
-- Before and after: sum over sum of the visible months of each window, and how much was hidden; of what
-- units show per year the same of the visible years, where one hidden year hides the window. Without a
-- window all months count towards how much is hidden.
with cells as (
    select
        cycle_id,
        metric_id,
        case when is_in_window then phase end as window_phase,
        1 as n_months,
        numerator,
        denominator,
        value is not null as is_visible,
        suppression_reason is not null as is_hidden
    from {{ ref('int_phase_months') }}
    union all
    select
        windows.cycle_id,
        windows.metric_id,
        case
            when years.year * 12 + 1 between windows.before_first_index and windows.before_last_index
                then 'baseline'
            when years.year * 12 + 1 between windows.after_first_index and windows.after_last_index
                then 'after'
        end as window_phase,
        years.n_months,
        years.numerator,
        years.denominator,
        years.value is not null as is_visible,
        years.suppression_reason is not null as is_hidden
    from {{ ref('int_phase_windows') }} as windows
    inner join {{ ref('int_metric_years_visible') }} as years
        on windows.unit_id = years.group_id and windows.metric_id = years.metric_id
        and years.level = 'unit' and years.n_months = 12
    where windows.is_yearly
)

select
    cycle_id,
    metric_id,
    {% for side, phase in [('before', 'baseline'), ('after', 'after')] %}
    {% set is_counted = "window_phase = '" ~ phase ~ "' and is_visible" %}
    cast(coalesce(sum(case when {{ is_counted }} then n_months end), 0) as integer)
        as n_{{ side }},
    sum(case when {{ is_counted }} then cast(numerator as decimal(38, 9)) end)
        as numerator_{{ side }},
    sum(case when {{ is_counted }} then cast(denominator as decimal(38, 9)) end)
        as denominator_{{ side }},
    {% endfor %}
    count(case when window_phase is not null and is_hidden then 1 end) as n_hidden,
    count(case when window_phase is not null and is_visible then 1 end) as n_visible,
    count(case when is_hidden then 1 end) as n_hidden_all,
    count(case when is_visible then 1 end) as n_visible_all
from cells
group by cycle_id, metric_id
