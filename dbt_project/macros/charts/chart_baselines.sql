{# What limits are made from, one row per series and phase, for the five charts offered. A phase that is
   extended keeps its baseline: a later point never moves it.

   points: series_id, phase_no, seq, chart, scale, numerator, denominator, value, is_baseline. #}
{% macro chart_baselines(points, settings) -%}
with ranges as (
    {{ moving_ranges(points, settings) }}
),

mean_ranges as (
    {{ mean_moving_range('ranges', settings) }}
),

baselines as (
    {{ xmr_baseline(points, 'mean_ranges', settings) }}
    union all
    {{ iprime_baseline(points, 'mean_ranges') }}
    union all
    {{ g_baseline(points) }}
    union all
    {{ t_baseline(points, 'mean_ranges', settings) }}
    union all
    {{ run_baseline(points) }}
)

select
    baselines.*,
    case when baselines.chart in ('xmr', 'iprime', 't') then coalesce(mean_ranges.is_screened, false) end
        as is_screened,
    case when baselines.chart in ('xmr', 'iprime', 't') then mean_ranges.limit_note end as limit_note
from baselines
left join mean_ranges
    on baselines.series_id = mean_ranges.series_id and baselines.phase_no = mean_ranges.phase_no
{%- endmacro %}
