{# One row for each month that the days from first_day to last_day touch: its first day. #}
{% macro months_touched(first_day, last_day) -%}
    {{ adapter.dispatch('months_touched', 'pukk')(month_of(first_day), month_of(last_day)) }}
{%- endmacro %}

{% macro duckdb__months_touched(first_month, last_month) -%}
    cast(unnest(generate_series({{ first_month }}, {{ last_month }}, interval 1 month)) as date)
{%- endmacro %}

{% macro spark__months_touched(first_month, last_month) -%}
    explode(sequence({{ first_month }}, {{ last_month }}, interval 1 month))
{%- endmacro %}
