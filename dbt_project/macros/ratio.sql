{# a / b as double; NULL when either is NULL or b is not above 0, never infinite and never turned round
   by a denominator that a reversal made negative. #}
{% macro ratio(a, b) -%}
    (cast({{ a }} as double) / nullif(greatest(cast({{ b }} as double), 0e0), 0e0))
{%- endmacro %}
