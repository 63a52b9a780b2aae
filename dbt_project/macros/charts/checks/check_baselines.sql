{# Baselines of charts the product does not offer, for the tests that hold the ranges and limits
   against other tools: P, U and C (days are not independent, so they are far too narrow for sick
   leave), Laney's P' and U' (sigma times the spread of the standardised values), and the moving
   range itself.

   points: as for chart_baselines, with is_laney; chart is p, u, c or mr. #}
{% macro check_baselines(points, settings) -%}
with counts as (
    select
        series_id, phase_no, chart,
        count(value) as n_baseline,
        case when chart in ('p', 'u') then max(scale) * sum(numerator) / sum(denominator)
            else avg(value) end as centre,
        case
            when chart = 'p' then max(scale) * sqrt(
                sum(numerator) / sum(denominator) * (1e0 - sum(numerator) / sum(denominator))
            )
            when chart = 'u' then max(scale) * sqrt(sum(numerator) / sum(denominator))
            when chart = 'c' then sqrt(avg(value))
        end as sigma
    from {{ points }}
    where is_baseline and value is not null and chart in ('p', 'u', 'c', 'mr')
    group by series_id, phase_no, chart
),

standardised as (
    select
        points.series_id, points.phase_no, points.seq, 'z' as chart, points.denominator,
        points.is_baseline,
        case when points.is_laney
            then (points.value - counts.centre) * sqrt(points.denominator) / counts.sigma
            else points.value end as value
    from {{ points }} as points
    inner join counts
        on points.series_id = counts.series_id and points.phase_no = counts.phase_no
    where points.is_laney or points.chart = 'mr'
),

ranges as (
    {{ moving_ranges('standardised', settings) }}
),

mean_ranges as (
    {{ mean_moving_range('ranges', settings) }}
)

select
    counts.series_id, counts.phase_no, counts.chart, counts.n_baseline, counts.centre,
    case when counts.chart = 'mr' then 0e0 else counts.centre end as middle,
    case
        when counts.chart = 'mr' then {{ settings.screen_above }} / 3e0 * counts.centre
        else counts.sigma * coalesce(ranges.mean_range / 1.128e0, 1e0)
    end as sigma,
    cast(null as boolean) as is_screened,
    cast(null as {{ type_text() }}) as limit_note
from counts
left join mean_ranges as ranges
    on counts.series_id = ranges.series_id and counts.phase_no = ranges.phase_no
{%- endmacro %}
