{# A date as people write it: 01.07.2024. #}
{% macro date_text(date_column) -%}
    concat(
        lpad(cast(extract(day from {{ date_column }}) as {{ type_text() }}), 2, '0'), '.',
        lpad(cast(extract(month from {{ date_column }}) as {{ type_text() }}), 2, '0'), '.',
        cast(extract(year from {{ date_column }}) as {{ type_text() }})
    )
{%- endmacro %}
