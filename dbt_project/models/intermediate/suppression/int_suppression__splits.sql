-- Months of groups of what units show per year: which are hidden, neighbours included. The sectors are
-- the cells, the municipality's month is the total that they are in.
with sizes as (
    select
        level,
        group_id,
        metric_id,
        percentile_cont(0.5) within group (order by n_persons_once) as size_order
    from {{ ref('int_suppression__group_months') }}
    group by level, group_id, metric_id
),

cells as (
    select
        months.level,
        months.group_id,
        case when months.level = 'sector' then 'all' end as cover_id,
        steps.step_id as family_id,
        max(steps.parent_step_id) as parent_step_id,
        steps.step_no,
        months.month,
        max(months.min_persons) as min_persons,
        min(months.n_persons_once) as n_persons_once,
        min(sizes.size_order) as size_order,
        min(months.reason) as reason
    from {{ ref('int_suppression__group_months') }} as months
    inner join {{ ref('int_metric_steps') }} as steps
        on months.metric_id = steps.metric_id
    inner join sizes
        on months.level = sizes.level and months.group_id = sizes.group_id
        and months.metric_id = sizes.metric_id
    group by months.level, months.group_id, steps.step_id, steps.step_no, months.month
),

sums as (
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
),

figures as (
    select
        group_id, family_id, month, side, amount,
        greatest(abs(amount), coalesce(abs(part), 0)) as share_of
    from sums
),

{{ steps_in_order('cells', 'figures', 'month', 'municipality') }}

select * from hidden_3
