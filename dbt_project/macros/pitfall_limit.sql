{# A limit of a pitfall rule, from the one place it is written. #}
{% macro pitfall_limit(signal_id, column='threshold') -%}
    (select rules.{{ column }} from {{ ref('pitfall_rules') }} as rules
    where rules.signal_id = '{{ signal_id }}')
{%- endmacro %}
