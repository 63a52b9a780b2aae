-- The units behind the rows of groups of units, by the key those rows carry. What a reader of some
-- of the units may see of a group is decided from this.
select distinct
    cells.members_key,
    members.level,
    members.group_id,
    members.unit_id,
    cast(members.limit_halves as integer) as limit_halves
from {{ ref('int_group_members') }} as members
inner join {{ ref('int_group_cells') }} as cells
    on members.cell = cells.cell
order by cells.members_key, members.level, members.group_id, members.unit_id
