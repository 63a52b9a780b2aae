{# The rule that judged a headline, as it stands in the seed false_alarm_rates; none where it was not
   judged, or could not have been called improved by chance. #}
{% macro judged_by() -%}
case
    when headlines.basis = 'chart' then 'chart'
    when headlines.basis <> 'comparison' then 'none'
    when headlines.tested_as = 'registered' then 'registered'
    when headlines.effect_verdict in ('improved', 'worsened') then 'screened_found'
    else 'none'
end
{%- endmacro %}
