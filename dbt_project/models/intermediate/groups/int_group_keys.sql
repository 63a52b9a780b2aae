-- The key of the units behind each cell's groups as they are now, and the name the cell is kept by when
-- an edition has told it. What is still being added to (the year that is not over, how units stand now)
-- is told as of the last month: the same units' figures of another month are other figures.
with told as (
    select
        cell,
        concat(
            level, '/', group_id, '/', unit_id, '/',
            coalesce(cast(limit_halves as {{ type_text() }}), '-')
        ) as member
    from {{ ref('int_group_members') }}
),

keys as (
    select
        cell,
        md5({{ text_in_order('member', 'member', '|') }}) as now_key
    from told
    group by cell
)

select
    keys.cell,
    case
        when
            keys.cell like 'pitfalls/%'
            or (
                extract(month from data_range.last_month) < 12
                and keys.cell like concat(
                    '%/', cast(extract(year from data_range.last_month) as {{ type_text() }}), '%'
                )
                and keys.cell not like 'months/%' and keys.cell not like 'gains/%'
            )
            then concat(keys.cell, '@', cast(data_range.last_month as {{ type_text() }}))
        else keys.cell
    end as told_cell,
    keys.now_key
from keys
cross join {{ ref('int_data_range') }} as data_range
