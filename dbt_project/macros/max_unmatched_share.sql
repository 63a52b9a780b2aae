{# The largest share of a unit's reported days lost in a month that may meet no position before the
   unit's sick leave of that month is missing. #}
{% macro max_unmatched_share() -%}
    0.20
{%- endmacro %}
