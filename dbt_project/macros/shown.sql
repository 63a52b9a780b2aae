{# A number as text: whole numbers without decimals, else so many with the given mark. #}
{% macro shown_number(column, decimal_mark, digits=1) -%}
    case
        when round({{ column }}, {{ digits }}) = floor({{ column }})
            then cast(cast(floor({{ column }}) as bigint) as {{ type_text() }})
        else replace(
            cast(round({{ column }}, {{ digits }}) as {{ type_text() }}), '.', '{{ decimal_mark }}'
        )
    end
{%- endmacro %}

{# A date as 31.12.2017. #}
{% macro shown_date(column) -%}
    concat(
        lpad(cast(extract(day from {{ column }}) as {{ type_text() }}), 2, '0'), '.',
        lpad(cast(extract(month from {{ column }}) as {{ type_text() }}), 2, '0'), '.',
        cast(extract(year from {{ column }}) as {{ type_text() }})
    )
{%- endmacro %}

{# A sentence with its {names} replaced: `values` is [(name, SQL text)]. #}
{% macro filled(template, values) -%}
    {% set ns = namespace(sql=template) %}
    {% for name, value in values %}
    {% set ns.sql = "replace(" ~ ns.sql ~ ", '{" ~ name ~ "}', coalesce(" ~ value ~ ", '–'))" %}
    {% endfor %}
    {{ ns.sql }}
{%- endmacro %}
