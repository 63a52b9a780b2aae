{# Units with what is hidden for the total of their sector to protect, and whether the sector is without
   one (open).

   A published total less its visible units is the sum of its hidden units, so what is hidden
   behind a total must protect by units, persons and figures; else the next smallest visible unit is
   hidden too. Where a sector cannot reach that its total is hidden, and only those hidden for
   persons stay so. The same then holds between sectors (hidden_between_sectors), for what remains of
   the municipality.

   Counts (is_count) are nearly always nothing, which nobody can be hidden behind: there no further
   unit is hidden, but the total of every group that has a hidden one.

   cells: level, group_id, sector, family_id, the period, min_persons, n_persons_once, size_order,
   is_count, reason. figures: of units, see running_protection. known: a column that says which units'
   figures readers have seen already; they hide no other. #}
{% macro hidden_in_sectors(cells, figures, period, known=none) -%}
{% set in_sector = 'units.family_id, units.' ~ period ~ ', units.sector' -%}
with in_sector as (
    select
        units.*,
        units.reason is not null as is_own,
        sectors.group_id is not null and sectors.reason is null as has_total,
        whole.group_id is not null and whole.reason is null as has_whole,
        row_number() over (
            partition by {{ in_sector }}
            order by case when units.reason is null then 1 else 0 end, units.size_order,
                units.group_id
        ) as place,
        count(units.reason) over (partition by {{ in_sector }}) as n_own
    from {{ cells }} as units
    {% for name, level in [('sectors', 'sector'), ('whole', 'municipality')] %}
    left join {{ cells }} as {{ name }}
        on units.family_id = {{ name }}.family_id
        and units.{{ period }} = {{ name }}.{{ period }}
        and {{ name }}.level = '{{ level }}'
        {{ 'and units.sector = sectors.sector' if level == 'sector' }}
    {% endfor %}
    where
        units.level = 'unit'
        {{ 'and not units.' ~ known if known }}
),

sector_steps as (
    {{ running_protection('in_sector', figures, ['family_id', period, 'sector'], 'group_id', period,
        'n_own') }}
),

needed as (
    select
        units.*,
        {{ was_enough_before('place >= n_own and has_persons', in_sector) }} as is_past_persons,
        {{ was_enough_before('place >= n_own and has_persons and has_figures', in_sector) }}
            as is_past_enough,
        max(case when place >= n_own and has_persons and has_figures then 1 else 0 end)
            over (partition by {{ in_sector }}) = 1 as can_protect
    from sector_steps as units
)

select
    family_id, {{ period }}, sector, group_id, min_persons, n_persons_once, size_order,
    is_count, has_whole,
    is_own or has_total and n_own > 0 and not is_count and not case
        when can_protect then is_past_enough else is_past_persons
    end as is_hidden,
    not has_total or n_own > 0 and (is_count or not can_protect) as is_open
from needed
{%- endmacro %}
