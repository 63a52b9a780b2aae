-- Totals (metrics that are not parts of a split): which cells are hidden, neighbours included.
with cells as (
    select
        level,
        group_id,
        sector,
        family_id,
        month,
        min_persons,
        is_count,
        n_persons_once,
        size_order,
        reason
    from {{ ref('int_suppression__families') }}
),

figures as (
    select * from {{ ref('int_suppression__figures') }}
),

{{ secondary_suppression('cells', 'figures') }}
