{# Whether a unit's year of accounts is pay and little else: then what is booked in all, less the pay,
   is its sick-pay refund. `other`: what is neither, every line without its sign. #}
{% macro is_hardly_more_than_pay(other, refund) -%}
{{ other }} <= 1e-1 * abs({{ refund }})
{%- endmacro %}
