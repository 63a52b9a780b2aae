{# CTEs `chart_ranges`, `chart_mean_ranges` and `chart_baselines`: what limits are made from, one row
   per series and phase, for the five charts offered. A phase that is extended keeps its baseline: a
   later point never moves it.

   points: series_id, phase_no, seq, chart, scale, numerator, denominator, value, is_baseline. #}
{% macro chart_baselines(points, settings) -%}
chart_ranges as (
    {{ moving_ranges(points, settings) }}
),

chart_mean_ranges as (
    {{ mean_moving_range('chart_ranges', settings) }}
),

chart_baselines as (
    select
        baselines.*,
        case when baselines.chart in ('xmr', 'iprime', 't') then coalesce(ranges.is_screened, false) end
            as is_screened,
        case when baselines.chart in ('xmr', 'iprime', 't') then ranges.limit_note end as limit_note
    from (
        {{ xmr_baseline(points, 'chart_mean_ranges', settings) }}
        union all
        {{ iprime_baseline(points, 'chart_mean_ranges') }}
        union all
        {{ g_baseline(points) }}
        union all
        {{ t_baseline(points, 'chart_mean_ranges', settings) }}
        union all
        {{ run_baseline(points) }}
    ) as baselines
    left join chart_mean_ranges as ranges
        on baselines.series_id = ranges.series_id and baselines.phase_no = ranges.phase_no
)
{%- endmacro %}
