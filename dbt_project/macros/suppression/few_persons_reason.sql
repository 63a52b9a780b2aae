{# Why too few persons stand behind a figure about persons; NULL when they are enough. #}
{% macro few_persons_reason(n_persons, min_persons) -%}
case
        when {{ n_persons }} is null then 'unknown_persons'
        when {{ n_persons }} < {{ min_persons }} then 'few_persons'
    end
{%- endmacro %}
