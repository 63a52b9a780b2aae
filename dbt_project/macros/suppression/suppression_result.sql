{# The last part of secondary_suppression: level, group, family, month and the final reason. #}
{% macro suppression_result(cells) -%}
hidden_units as (
    select family_id, month, group_id, sector, min_persons, n_persons_once,
        is_exposed or is_picked as is_exposed,
        is_picked
    from second_choice
    where is_hidden_in_sector or is_picked
),

hidden_sectors as (
    select family_id, month, sector from sector_totals where is_total_hidden = 1
    union
    select family_id, month, sector from hidden_units where is_picked
),

hidden_municipality as (
    select family_id, month
    from hidden_units
    where is_exposed
    group by family_id, month
    having count(*) < 2 or sum(n_persons_once) < max(min_persons)
)

select
    cells.level,
    cells.group_id,
    cells.family_id,
    cells.month,
    coalesce(cells.reason, 'secondary') as reason,
    cells.reason is not null as is_primary
from {{ cells }} as cells
left join hidden_units
    on cells.level = 'unit' and cells.group_id = hidden_units.group_id
    and cells.family_id = hidden_units.family_id and cells.month = hidden_units.month
left join hidden_sectors
    on cells.level = 'sector' and cells.sector = hidden_sectors.sector
    and cells.family_id = hidden_sectors.family_id and cells.month = hidden_sectors.month
left join hidden_municipality
    on cells.level = 'municipality'
    and cells.family_id = hidden_municipality.family_id
    and cells.month = hidden_municipality.month
where
    cells.reason is not null
    or hidden_units.group_id is not null
    or hidden_sectors.sector is not null
    or hidden_municipality.month is not null
{%- endmacro %}
