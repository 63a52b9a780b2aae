{# Run chart: the median of the baseline and no limits. #}
{% macro run_baseline(points) -%}
select
    series_id,
    phase_no,
    chart,
    count(value) as n_baseline,
    percentile_cont(0.5) within group (order by value) as centre,
    cast(null as double) as middle,
    cast(null as double) as sigma
from {{ points }}
where is_baseline and chart = 'run'
group by series_id, phase_no, chart
{%- endmacro %}
