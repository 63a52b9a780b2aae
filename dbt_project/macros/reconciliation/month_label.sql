{# A month as a period is written: 2024-06. #}
{% macro month_label(month) -%}
    substr(cast({{ month }} as {{ type_text() }}), 1, 7)
{%- endmacro %}
