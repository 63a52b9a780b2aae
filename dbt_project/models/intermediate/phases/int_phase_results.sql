{{ config(materialized='view') }}
-- Every cycle x metric with its figures, unjudged. Nothing is computed where most months are hidden, or
-- one year of those that a unit shows per year.
with joined as (
    select
        windows.*,
        metrics.scale,
        metrics.direction,
        metrics.target_value,
        metrics.decimals,
        metrics.is_about_persons,
        metrics.is_cost_linked,
        coalesce(case
            when windows.window_months is null then sums.n_hidden_all > sums.n_visible_all
            when windows.is_yearly then sums.n_hidden > 0
            else sums.n_hidden > sums.n_visible
        end, false) as is_suppressed,
        coalesce(sums.n_before, 0) as n_before,
        coalesce(sums.n_after, 0) as n_after,
        sums.numerator_before,
        sums.denominator_before,
        sums.numerator_after,
        sums.denominator_after,
        seasonal.n_calendar_months,
        seasonal.seasonal_ratio_difference
    from {{ ref('int_phase_windows') }} as windows
    inner join {{ ref('int_metrics') }} as metrics
        on windows.metric_id = metrics.metric_id
    left join {{ ref('int_phase_sums') }} as sums
        on windows.cycle_id = sums.cycle_id and windows.metric_id = sums.metric_id
    left join {{ ref('int_phase_seasonal') }} as seasonal
        on windows.cycle_id = seasonal.cycle_id and windows.metric_id = seasonal.metric_id
)

select
    cycle_id,
    unit_id,
    metric_id,
    start_date,
    introduction_first_month,
    introduction_last_month,
    start_index,
    end_index,
    window_months,
    is_yearly,
    before_first_index,
    before_last_index,
    after_first_index,
    after_last_index,
    window_min_share,
    window_reason,
    is_preliminary,
    is_suppressed,
    direction,
    target_value,
    decimals,
    is_about_persons,
    is_cost_linked,
    n_before,
    n_after,
    coalesce(n_calendar_months, 0) as n_calendar_months,
    {% for side in ['before', 'after'] %}
    case when not is_suppressed then cast(numerator_{{ side }} as double) end
        as numerator_{{ side }},
    case when not is_suppressed then cast(denominator_{{ side }} as double) end
        as denominator_{{ side }},
    case
        when not is_suppressed
            then scale * {{ ratio('numerator_' ~ side, 'denominator_' ~ side) }}
    end as value_{{ side }},
    {% endfor %}
    case when not is_suppressed then scale * seasonal_ratio_difference end as seasonal_difference
from joined
