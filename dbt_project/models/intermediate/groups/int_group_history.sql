-- What earlier editions have told of a cell with other units behind it than now, the oldest first. A
-- reader may know those rows, so what they leave of tonight's is looked at too.
with told as (
    select
        keys.cell,
        keys.now_key,
        cells.now_key as told_key,
        row_number() over (partition by keys.cell order by cells.entry_no) as place,
        count(*) over (partition by keys.cell) as n_told
    from {{ ref('stg_ops__told_cells') }} as cells
    inner join {{ ref('int_group_keys') }} as keys
        on cells.cell = keys.told_cell
)

select
    cell,
    cast(place as integer) as place,
    told_key
from told
-- the last edition told the same: nothing has come since
where place < n_told or told_key <> now_key
