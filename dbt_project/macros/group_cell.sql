{# Names the cell a row of a group stands in: rows of groups that are told side by side, as of one
   metric and month, share a cell. #}
{% macro group_cell(kind, parts) -%}
concat('{{ kind }}'{% for part in parts %}, '/', cast({{ part }} as {{ type_text() }}){% endfor %})
{%- endmacro %}
