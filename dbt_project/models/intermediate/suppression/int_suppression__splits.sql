-- Parts of a total: hidden wherever the total is hidden (the parts would add up to it), then the
-- same protection of neighbours with the stricter limit.
with cells as (
    select
        parts.level,
        parts.group_id,
        parts.sector,
        parts.family_id,
        parts.month,
        parts.min_persons,
        parts.is_count,
        parts.n_persons_once,
        parts.size_order,
        coalesce(parts.reason, totals.reason) as reason
    from {{ ref('int_suppression__families') }} as parts
    left join {{ ref('int_suppression__totals') }} as totals
        on parts.parent_family_id = totals.family_id
        and parts.level = totals.level
        and parts.group_id = totals.group_id
        and parts.month = totals.month
    where parts.parent_family_id is not null
),

figures as (
    select * from {{ ref('int_suppression__figures') }}
),

{{ secondary_suppression('cells', 'figures') }}
