{# One row per series and phase: what its limits rest on, and its latest point with both icons. While
   the latest point is in the introduction there are no icons: it is in neither period.

   points: from point_rules, with colour. limits: from limit_rows. #}
{% macro chart_summaries(points, limits) -%}
with points as (
    select
        points.*,
        row_number() over (
            partition by series_id, phase_no
            order by case when value is null then 1 else 0 end, seq desc
        ) as latest_no
    from {{ points }} as points
),

spans as (
    select
        series_id,
        phase_no,
        min(month) as first_month,
        min(case when is_baseline and value is not null then month end) as baseline_first_month,
        max(case when is_baseline and value is not null then month end) as baseline_last_month,
        {{ side_of(mean_of('latest_no <= 6 and is_counted'), 'max(centre)') }} as latest_six_side
    from points
    group by series_id, phase_no
),

seasons as (
    select series_id, count(season_index) as n_indexed, max(n_season_years) as n_season_years
    from {{ ref('int_chart_values') }}
    group by series_id
)

select
    series.series_id,
    latest.phase_no,
    spans.first_month as phase_first_month,
    series.unit_id,
    series.metric_id,
    series.cycle_id,
    series.series,
    series.target_value,
    spans.baseline_first_month,
    spans.baseline_last_month,
    spans.latest_six_side,
    latest.chart,
    latest.month as latest_month,
    latest.value as latest_value,
    coalesce(limits.n_baseline, 0) as n_baseline,
    coalesce(limits.limit_label, 'none') as limit_label,
    limits.limit_note,
    limits.is_screened,
    limits.centre,
    limits.sigma,
    case when latest.is_counted then {{ variation_icon('latest.colour', 'latest.signal_side') }} end
        as variation,
    case
        when latest.is_counted then {{ assurance_icon(
            'series.target_value', 'latest.lower_3s', 'latest.upper_3s', 'series.better_side',
            chart_settings()
        ) }}
    end as assurance,
    case
        when series.series = 'comparison' then 'comparison'
        when not series.is_seasonal then 'none_needed'
        when seasons.n_indexed > 0 then 'index'
        else 'not_removed'
    end as season_method,
    case when seasons.n_indexed > 0 then seasons.n_season_years end as n_season_years
from {{ ref('int_chart_series') }} as series
inner join points as latest
    on series.series_id = latest.series_id and latest.latest_no = 1
inner join spans
    on latest.series_id = spans.series_id and latest.phase_no = spans.phase_no
inner join seasons
    on series.series_id = seasons.series_id
left join {{ limits }} as limits
    on latest.series_id = limits.series_id and latest.phase_no = limits.phase_no
{%- endmacro %}
