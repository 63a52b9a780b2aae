{# How many persons stand behind a figure, as it is published: below ten only that. #}
{% macro persons_label(n_persons) -%}
case
        when {{ n_persons }} is null then null
        when {{ n_persons }} < 10 then '<10'
        else cast({{ n_persons }} as {{ type_text() }})
    end
{%- endmacro %}
