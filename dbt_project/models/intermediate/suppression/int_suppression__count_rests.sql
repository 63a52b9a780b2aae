{{ config(materialized='view') }}
-- What the year of a sector hides of a metric that counts persons, as turnover: its hidden units, the
-- months they are hidden in summed, and how much of it is one unit's.
with hidden as (
    select
        levels.sector,
        levels.metric_id,
        months.year,
        levels.group_id,
        {{ exact_sum('abs(levels.numerator)') }} as amount,
        min(levels.n_persons_once) as n_persons
    from {{ ref('int_metric_levels') }} as levels
    inner join {{ ref('int_metrics') }} as metrics
        on levels.metric_id = metrics.metric_id and metrics.unit_grain = 'month'
        and metrics.is_count and metrics.is_about_persons
    inner join {{ ref('int_months') }} as months
        on levels.month = months.month
    inner join {{ ref('int_suppression__totals') }} as totals
        on levels.level = totals.level and levels.group_id = totals.group_id
        and metrics.family_id = totals.family_id and levels.month = totals.month
    where levels.level = 'unit' and levels.has_data
    group by levels.sector, levels.metric_id, months.year, levels.group_id
)

select
    sector,
    metric_id,
    year,
    count(*) as n_blocks,
    sum(n_persons) as n_persons,
    {{ exact_sum('amount') }} as total,
    max(amount) as largest
from hidden
group by sector, metric_id, year
