{# Level, group, family, period and the final reason of what is hidden. What an earlier edition hid has
   the reason it would have had then, so that no night differs from the next.

   cells: as for hidden_in_sectors. second_choice: from hidden_between_sectors. #}
{% macro suppression_result(cells, second_choice, period) -%}
select
    cells.level,
    cells.group_id,
    cells.family_id,
    cells.{{ period }},
    coalesce(cells.reason, 'secondary') as reason,
    coalesce(cells.reason, 'secondary') <> 'secondary' as is_primary
from {{ cells }} as cells
left join {{ second_choice }} as hidden_units
    on cells.level = 'unit' and cells.group_id = hidden_units.group_id
    and cells.family_id = hidden_units.family_id
    and cells.{{ period }} = hidden_units.{{ period }}
    and (hidden_units.is_hidden or hidden_units.is_picked)
left join (
    select distinct family_id, {{ period }}, sector
    from {{ second_choice }}
    where is_open or is_picked
) as hidden_sectors
    on cells.level = 'sector' and cells.sector = hidden_sectors.sector
    and cells.family_id = hidden_sectors.family_id
    and cells.{{ period }} = hidden_sectors.{{ period }}
left join (
    select distinct family_id, {{ period }}
    from {{ second_choice }}
    where is_whole_hidden
) as hidden_municipality
    on cells.level = 'municipality'
    and cells.family_id = hidden_municipality.family_id
    and cells.{{ period }} = hidden_municipality.{{ period }}
where
    cells.reason is not null
    or hidden_units.group_id is not null
    or hidden_sectors.sector is not null
    or hidden_municipality.{{ period }} is not null
{%- endmacro %}
