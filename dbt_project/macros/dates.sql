{# First day of the month of a date. #}
{% macro month_of(date_column) -%}
    cast(date_trunc('month', {{ date_column }}) as date)
{%- endmacro %}

{# Months since year 0: differences are whole calendar months on every engine. #}
{% macro month_index(date_column) -%}
    (extract(year from {{ date_column }}) * 12 + extract(month from {{ date_column }}))
{%- endmacro %}

{# A date moved by whole months (first day of a month stays the first day). #}
{% macro add_months(date_column, months) -%}
    cast({{ date_column }} + interval '{{ months }}' month as date)
{%- endmacro %}

{# A date moved by whole days. #}
{% macro add_days(date_column, days) -%}
    cast({{ date_column }} + interval '{{ days }}' day as date)
{%- endmacro %}

{# A month (first day) from integer year and month number. #}
{% macro month_from(year, month_no) -%}
    make_date(cast({{ year }} as integer), cast({{ month_no }} as integer), 1)
{%- endmacro %}

{# The engine's name for text in a cast. #}
{% macro type_text() -%}
    {{ 'string' if target.type == 'spark' else 'varchar' }}
{%- endmacro %}
