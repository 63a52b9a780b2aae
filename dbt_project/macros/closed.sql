{# CTE `closed`: the month from which a source is computed from its rows, where those before are deleted
   (one row, or none). Rows of months before it do not count. #}
{% macro closed(contract) -%}
closed as (
    select open_from
    from {{ ref('stg_ops__closed_sources') }}
    where contract_id = '{{ contract }}'
)
{%- endmacro %}
