{# Aggregate: the texts of a column in the order of another one. NULLs are left out. #}
{% macro text_in_order(column, order_by, separator=', ') -%}
    {{ adapter.dispatch('text_in_order', 'pukk')(column, order_by, separator) }}
{%- endmacro %}

{% macro duckdb__text_in_order(column, order_by, separator) -%}
    string_agg({{ column }}, '{{ separator }}' order by {{ order_by }}, {{ column }})
{%- endmacro %}

{% macro spark__text_in_order(column, order_by, separator) -%}
    array_join(
        transform(
            sort_array(collect_list(struct({{ order_by }} as a, {{ column }} as b))), x -> x.b
        ),
        '{{ separator }}'
    )
{%- endmacro %}
