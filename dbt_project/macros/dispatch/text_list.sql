{# Aggregate: the distinct texts of a column, sorted, with ', ' between. NULLs are left out. #}
{% macro text_list(column) -%}
    {{ adapter.dispatch('text_list', 'pukk')(column) }}
{%- endmacro %}

{% macro duckdb__text_list(column) -%}
    string_agg(distinct {{ column }}, ', ' order by {{ column }})
{%- endmacro %}

{% macro spark__text_list(column) -%}
    array_join(sort_array(collect_set({{ column }})), ', ')
{%- endmacro %}
