{# XmR: centre = mean of the baseline, sigma = 2.66 / 3 of the mean moving range. #}
{% macro xmr_baseline(points, mean_ranges, settings) -%}
select
    points.series_id,
    points.phase_no,
    points.chart,
    count(points.value) as n_baseline,
    {{ exact_avg('points.value') }} as centre,
    {{ exact_avg('points.value') }} as middle,
    {{ settings.xmr_sigma }} * max(ranges.mean_range) as sigma
from {{ points }} as points
left join {{ mean_ranges }} as ranges
    on points.series_id = ranges.series_id and points.phase_no = ranges.phase_no
where points.is_baseline and points.chart = 'xmr'
group by points.series_id, points.phase_no, points.chart
{%- endmacro %}
