{# G, for units between rare events: limits from the mean m with sigma = sqrt(m (m + 1)), never below
   0; the line drawn, and the one sides are counted from, is the median. #}
{% macro g_baseline(points) -%}
select
    series_id,
    phase_no,
    chart,
    count(value) as n_baseline,
    percentile_cont(0.5) within group (order by value) as centre,
    {{ exact_avg('value') }} as middle,
    sqrt({{ exact_avg('value') }} * ({{ exact_avg('value') }} + 1e0)) as sigma
from {{ points }}
where is_baseline and chart = 'g'
group by series_id, phase_no, chart
{%- endmacro %}
