{# T, for time between rare events, all above 0: XmR of the times to the power 1 / 3.6. `middle` and
   `sigma` are on that scale; limits are brought back to the power 3.6. #}
{% macro t_baseline(points, mean_ranges, settings) -%}
select
    points.series_id,
    points.phase_no,
    points.chart,
    count(points.value) as n_baseline,
    power({{ exact_avg('power(points.value, 1e0 / 3.6e0)') }}, 3.6e0) as centre,
    {{ exact_avg('power(points.value, 1e0 / 3.6e0)') }} as middle,
    {{ settings.xmr_sigma }} * max(ranges.mean_range) as sigma
from {{ points }} as points
left join {{ mean_ranges }} as ranges
    on points.series_id = ranges.series_id and points.phase_no = ranges.phase_no
where points.is_baseline and points.chart = 't'
group by points.series_id, points.phase_no, points.chart
{%- endmacro %}
