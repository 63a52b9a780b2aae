{# An effect on paid FTE as a number of FTE. One told in per cent is of what would have been paid
   otherwise, so with A paid afterwards it is A - A / (1 + effect). #}
{% macro effect_in_fte(effect, paid_after, effect_unit) -%}
case {{ effect_unit }}
    when 'percent' then {{ paid_after }} * (1e0 - 1e0 / (1e0 + {{ effect }} / 100e0))
    when 'raw' then {{ effect }}
end
{%- endmacro %}
