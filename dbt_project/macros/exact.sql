{# Sums and means of doubles that are the same whatever order the rows come in: DuckDB's threads hand
   rows on in the order they finish, and a sum of doubles depends on it in its last bits, which a
   rounding may turn into another published figure. Decimals with fifteen places are added exactly;
   a measured part is below 1e12 (see `largest_part`), so what is computed of it has room. #}
{% macro exact(expression) -%}
    cast({{ expression }} as decimal(38, 15))
{%- endmacro %}

{# `over`, if given, is a window. #}
{% macro exact_sum(expression, over=none) -%}
    cast(sum({{ exact(expression) }}){{ ' over ' ~ over if over }} as double)
{%- endmacro %}

{% macro exact_avg(expression, over=none) -%}
    ({{ exact_sum(expression, over) }} / nullif(count({{ expression }}){{ ' over ' ~ over if over }}, 0))
{%- endmacro %}
