{{ config(materialized='view') }}
-- What could be worked out of a unit's month of what it shows per year, by adding and subtracting: one
-- row per figure (`side`), in the sector of the month. Of a part of a total also the rest of the total.
with figures as (
    select
        levels.group_id as unit_id,
        levels.sector,
        levels.metric_id,
        levels.month,
        levels.numerator,
        case when metrics.is_split then totals.numerator - levels.numerator end as rest,
        case when metrics.is_denominator_pay then levels.denominator end as denominator
    from {{ ref('int_metric_levels') }} as levels
    inner join {{ ref('int_metrics') }} as metrics
        on levels.metric_id = metrics.metric_id and metrics.unit_grain = 'year'
        and metrics.is_about_persons
    left join {{ ref('int_metric_levels') }} as totals
        on metrics.parent_family_id = totals.metric_id and totals.level = 'unit'
        and levels.group_id = totals.group_id and levels.month = totals.month
    where levels.level = 'unit' and levels.has_data
)

{% for side in ['numerator', 'rest', 'denominator'] %}
select
    unit_id,
    sector,
    metric_id,
    month,
    concat(metric_id, '/{{ side }}') as side,
    {{ side }} as amount
from figures
where {{ side }} is not null
{% if not loop.last %}union all{% endif %}
{% endfor %}
