{# What a part leaves of the whole it can be taken from once the steps before it are shown: the total
   less the first part, the part it lies within, else the total itself. #}
{% macro left_of_parent(part, total, parent, step_no) -%}
case when {{ step_no }} = 2 then {{ total }} - coalesce({{ parent }}, 0)
            else coalesce({{ parent }}, {{ total }}) end - {{ part }}
{%- endmacro %}
