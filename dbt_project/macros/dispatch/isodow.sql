{# ISO weekday of a date: Monday 1 … Sunday 7. #}
{% macro isodow(date_column) -%}
    {{ adapter.dispatch('isodow', 'pukk')(date_column) }}
{%- endmacro %}

{% macro duckdb__isodow(date_column) -%}
    isodow({{ date_column }})
{%- endmacro %}

{% macro spark__isodow(date_column) -%}
    (weekday({{ date_column }}) + 1)
{%- endmacro %}
