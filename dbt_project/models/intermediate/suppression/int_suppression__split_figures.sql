-- The figures that a month of a sector could be worked out from, of what units show per year.
with sums as (
    select
        figures.sector as group_id,
        steps.step_id as family_id,
        figures.month,
        concat(figures.metric_id, '/', figures.side) as side,
        {{ exact_sum('figures.amount') }} as amount,
        {{ exact_sum('figures.part') }} as part
    from {{ ref('int_suppression__part_figures') }} as figures
    inner join {{ ref('int_metric_steps') }} as steps
        on figures.metric_id = steps.metric_id
    where figures.side <> 'rest'
    group by figures.sector, steps.step_id, figures.month, figures.metric_id, figures.side
)

select
    group_id, family_id, month, side, amount,
    greatest(abs(amount), coalesce(abs(part), 0)) as share_of
from sums
