{# A number as text: what rounds to a whole number without decimals, else with so many. #}
{% macro shown_number(column, language, digits=1) -%}
    case
        when round({{ column }}, {{ digits }}) = round({{ column }}, 0)
            then {{ number_text(column, 0, language, signed=false) }}
        else {{ number_text(column, digits, language, signed=false) }}
    end
{%- endmacro %}

{# A sentence with its {names} replaced: `values` is [(name, SQL text)]. #}
{% macro filled(template, values) -%}
    {% set ns = namespace(sql=template) %}
    {% for name, value in values %}
    {% set ns.sql = "replace(" ~ ns.sql ~ ", '{" ~ name ~ "}', coalesce(" ~ value ~ ", '–'))" %}
    {% endfor %}
    {{ ns.sql }}
{%- endmacro %}
