{# a / b as double; NULL when b is 0 or either is NULL, never infinite. #}
{% macro ratio(a, b) -%}
    (cast({{ a }} as double) / nullif(cast({{ b }} as double), 0e0))
{%- endmacro %}
