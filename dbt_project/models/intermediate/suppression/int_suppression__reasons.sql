{{ config(materialized='view') }}
-- Why a figure about persons that is published per month may not stand on its own, per level, group,
-- metric and month (NULL: it may): rule 1 of the privacy page, too few persons behind it.
select
    levels.level,
    levels.group_id,
    levels.sector,
    levels.metric_id,
    levels.month,
    metrics.family_id,
    metrics.min_persons,
    metrics.is_count,
    coalesce(levels.n_persons, 0) as n_persons,
    coalesce(levels.n_persons_once, 0) as n_persons_once,
    {{ few_persons_reason('levels.n_persons', 'metrics.min_persons') }} as reason
from {{ ref('int_metric_levels') }} as levels
inner join {{ ref('int_metrics') }} as metrics
    on levels.metric_id = metrics.metric_id and metrics.unit_grain = 'month'
where metrics.is_about_persons and levels.has_data
