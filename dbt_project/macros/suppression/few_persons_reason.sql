{# Why too few persons stand behind a figure about persons; NULL when they are enough. #}
{% macro few_persons_reason(n_persons, min_persons) -%}
case
        when {{ n_persons }} is null then 'unknown_persons'
        when {{ n_persons }} < {{ min_persons }} then 'few_persons'
    end
{%- endmacro %}

{# How many whole persons a unit's persons must be worth, three of five: below it nearly all is one's or
   two's. #}
{% macro least_effective_persons(min_persons) -%}
6e-1 * {{ min_persons }}
{%- endmacro %}
