-- The key of the units behind the groups' rows of each cell, now and in earlier editions: cells with
-- the same groups of the same units share it, so that the units of each key are kept once.
with history as (
    select
        cell,
        {{ text_in_order('told_key', 'place', '|') }} as told_keys
    from {{ ref('int_group_history') }}
    group by cell
)

select
    keys.cell,
    case
        when history.cell is null then keys.now_key
        else md5(concat(keys.now_key, '|', history.told_keys))
    end as members_key
from {{ ref('int_group_keys') }} as keys
left join history
    on keys.cell = history.cell
