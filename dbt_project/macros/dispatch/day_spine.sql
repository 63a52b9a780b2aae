{# Every day from first_day to last_day, both inclusive: one column, date_day. #}
{% macro day_spine(first_day, last_day) -%}
    {{ adapter.dispatch('day_spine', 'pukk')(first_day, last_day) }}
{%- endmacro %}

{% macro duckdb__day_spine(first_day, last_day) -%}
    select cast(unnest(generate_series(
        date '{{ first_day }}', date '{{ last_day }}', interval 1 day
    )) as date) as date_day
{%- endmacro %}

{% macro spark__day_spine(first_day, last_day) -%}
    select explode(sequence(
        date '{{ first_day }}', date '{{ last_day }}', interval 1 day
    )) as date_day
{%- endmacro %}
