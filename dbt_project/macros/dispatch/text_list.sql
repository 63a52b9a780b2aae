{# Aggregate: the distinct texts of a column, sorted, with ', ' or another separator between. NULLs
   are left out. #}
{% macro text_list(column, separator=', ') -%}
    {{ adapter.dispatch('text_list', 'pukk')(column, separator) }}
{%- endmacro %}

{% macro duckdb__text_list(column, separator) -%}
    string_agg(distinct {{ column }}, '{{ separator }}' order by {{ column }})
{%- endmacro %}

{% macro spark__text_list(column, separator) -%}
    array_join(sort_array(collect_set({{ column }})), '{{ separator }}')
{%- endmacro %}
