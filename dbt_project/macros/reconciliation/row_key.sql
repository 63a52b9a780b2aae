{# The columns that tell a row apart, as one text. #}
{% macro row_key(columns) -%}
    concat_ws(' / '
    {%- for column in columns %}, coalesce(cast({{ column }} as {{ type_text() }}), 'null')
    {%- endfor %})
{%- endmacro %}

{# The columns a row is found by elsewhere, as one text. A row that lacks one of them is found nowhere. #}
{% macro found_key(columns) -%}
    {%- for column in columns -%}
    {{ " || ' / ' || " if not loop.first }}cast({{ column }} as {{ type_text() }})
    {%- endfor -%}
{%- endmacro %}
