-- The key of the units behind the groups' rows of each cell: cells with the same groups of the same
-- units share it, so that the units of each key are kept once.
with told as (
    select
        cell,
        concat(
            level, '/', group_id, '/', unit_id, '/',
            coalesce(cast(limit_halves as {{ type_text() }}), '-')
        ) as member
    from {{ ref('int_group_members') }}
)

select
    cell,
    md5({{ text_in_order('member', 'member', '|') }}) as members_key
from told
group by cell
