{# How much must be hidden behind a total for one amount of it to be protected: by non-negativity a
   part is at most the whole, so the sum less the amount is the room above it. The protection level is
   in pipelines/municipality/protection.py. What rises here falls elsewhere: where that is a figure of
   its own (the part whose rest this is), the level is a share of the larger of the two (`share_of`). #}
{% macro needed_behind(amount, share_of=none) -%}
{{ amount }} + greatest(
            level.protection_least, {{ share_of or amount }} * level.protection_pct / 100
        )
{%- endmacro %}

{# Whether what is hidden behind a total is as much as all its amounts need (`needed`: the most that
   one of them does). Figures are exact to six decimals. #}
{% macro protects(total, needed) -%}
round({{ total }} - ({{ needed }}), 6) >= 0
{%- endmacro %}
