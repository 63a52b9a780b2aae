{# Persons who must stand behind a part of a total, and behind the rest of it. #}
{% macro min_contributors() -%}
3
{%- endmacro %}

{# Units with figures that a group must have to show a month of what its units show per year. #}
{% macro min_units_per_month() -%}
5
{%- endmacro %}
