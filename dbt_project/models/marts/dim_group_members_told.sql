-- The units that stood behind the rows of groups in earlier editions, where they were others than now:
-- whoever read those rows has them, and may subtract.
select distinct
    cells.members_key,
    history.place as told_no,
    members.level,
    members.group_id,
    members.unit_id,
    cast(members.limit_halves as integer) as limit_halves
from {{ ref('int_group_history') }} as history
inner join {{ ref('int_group_cells') }} as cells
    on history.cell = cells.cell
inner join {{ ref('stg_ops__told_members') }} as members
    on history.told_key = members.now_key
order by cells.members_key, history.place, members.level, members.group_id, members.unit_id
