{# I' (Taylor), for a rate with a denominator: centre = sum over sum of the baseline; sigma is that of
   a point with denominator 1, and a point with denominator d has sigma / sqrt(d). #}
{% macro iprime_baseline(points, mean_ranges) -%}
select
    points.series_id,
    points.phase_no,
    points.chart,
    count(points.value) as n_baseline,
    max(points.scale) * {{ exact_sum(
        'case when points.value is not null then points.numerator end'
    ) }}
    / nullif({{ exact_sum(
        'case when points.value is not null then points.denominator end'
    ) }}, 0e0) as centre,
    max(points.scale) * {{ exact_sum(
        'case when points.value is not null then points.numerator end'
    ) }}
    / nullif({{ exact_sum(
        'case when points.value is not null then points.denominator end'
    ) }}, 0e0) as middle,
    max(ranges.mean_range) as sigma
from {{ points }} as points
left join {{ mean_ranges }} as ranges
    on points.series_id = ranges.series_id and points.phase_no = ranges.phase_no
where points.is_baseline and points.chart = 'iprime'
group by points.series_id, points.phase_no, points.chart
{%- endmacro %}
