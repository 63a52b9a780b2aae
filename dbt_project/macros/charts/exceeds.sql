{# a > b by more than the noise of floating point: a point on a line is not beyond it. #}
{% macro exceeds(a, b) -%}
    ({{ a }} - {{ b }} > 1e-10 * greatest(abs({{ a }}), abs({{ b }})))
{%- endmacro %}

{# 1, 0 or -1 as a is above, on or below b; NULL when either is missing. #}
{% macro side_of(a, b) -%}
    case
        when {{ a }} is null or {{ b }} is null then null
        when {{ exceeds(a, b) }} then 1
        when {{ exceeds(b, a) }} then -1
        else 0
    end
{%- endmacro %}
