{# An effect of the partner in its own unit: told in per cent, it is that share of what was expected
   after the start, which is the level after over one and the share. #}
{% macro in_points(effect) -%}
case
    when partners.effect_unit = 'percent'
        then partners.value_after - partners.value_after / nullif(1e0 + {{ effect }} / 1e2, 0e0)
    else {{ effect }}
end
{%- endmacro %}
