{# Whether what is hidden behind a total keeps its largest part from being bounded too closely: by
   non-negativity a part is at most the whole, so the sum less the largest is the room above the
   largest. Tested as a minimum: the protection level is in pipelines/municipality/protection.py. #}
{% macro protects(total, largest) -%}
{{ total }} - {{ largest }} >= greatest(
            level.protection_least, {{ largest }} * level.protection_pct / 100
        )
{%- endmacro %}
