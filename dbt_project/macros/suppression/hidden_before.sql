{# Three window columns over the units of one family and month (and sector, if given), hidden ones
   first, then by usual size and id: how many are hidden for their own sake, and how many units and
   persons stand before this one in the row. #}
{% macro hidden_before(is_hidden, sector=none, then_first=none) -%}
{% set partition -%}
units.family_id, units.month{{ ", " ~ sector if sector }}
{%- endset %}
{% set in_order -%}
partition by {{ partition }}
            order by case when {{ is_hidden }} then 0
                {{ "when " ~ then_first ~ " then 1" if then_first }} else 2 end,
            units.size_order, units.group_id
            rows between unbounded preceding and 1 preceding
{%- endset %}
        sum(case when {{ is_hidden }} then 1 else 0 end) over (partition by {{ partition }})
            as n_own,
        count(*) over ({{ in_order }}) as n_before,
        coalesce(sum(units.n_persons_once) over ({{ in_order }}), 0) as n_persons_before
{%- endmacro %}

{# A unit must be hidden when it is so for its own sake, or when those before it in the row need
   company: fewer than two of them, or too few persons together. #}
{% macro must_hide(is_hidden) -%}
{{ is_hidden }} or (n_own > 0 and (n_before < 2 or n_persons_before < min_persons))
{%- endmacro %}
