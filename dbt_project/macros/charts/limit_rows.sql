{# What the limits of every series and phase are made from: once, from its baseline; with how firm they
   are.

   points: as for chart_baselines. #}
{% macro limit_rows(points) -%}
select
    series_id,
    phase_no,
    chart,
    n_baseline,
    centre,
    middle,
    sigma,
    is_screened,
    limit_note,
    case
        when sigma is null then 'none'
        when n_baseline < {{ chart_settings().firm_baseline }} then 'preliminary'
        else 'firm'
    end as limit_label
from (
    {{ chart_baselines(points, chart_settings()) }}
) as baselines
{%- endmacro %}
