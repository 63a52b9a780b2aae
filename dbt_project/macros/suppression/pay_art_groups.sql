{# A subselect: the groups of arts whose arts are in a measure of pay (pay_gross, pay_net). #}
{% macro pay_art_groups(measure) -%}
(
        select distinct economy.group_id as art_group
        from {{ ref('kostra_groups') }} as economy
        inner join {{ ref('kostra_groups') }} as pay
            on economy.art = pay.art
            and pay.group_set = 'measure' and pay.group_id = '{{ measure }}'
        where economy.group_set = 'economy'
    )
{%- endmacro %}
