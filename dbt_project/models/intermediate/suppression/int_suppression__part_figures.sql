{{ config(materialized='view') }}
-- What could be worked out of a unit's month of what it shows per year, by adding and subtracting: one
-- row per figure (`side`), in the sector of the month. Of a part of a total also the rest of the total,
-- and what is left of that when the steps before are shown; `part` is the part it is the rest of.
with figures as (
    select
        levels.group_id as unit_id,
        levels.sector,
        levels.metric_id,
        levels.month,
        levels.numerator,
        case when metrics.is_split then totals.numerator - levels.numerator end as rest,
        case when metrics.is_split then {{ left_of_parent(
            'levels.numerator', 'totals.numerator', 'parents.numerator', 'steps.step_no'
        ) }} end as remains,
        case when metrics.is_denominator_pay then levels.denominator end as denominator
    from {{ ref('int_metric_levels') }} as levels
    inner join {{ ref('int_metrics') }} as metrics
        on levels.metric_id = metrics.metric_id and metrics.unit_grain = 'year'
        and metrics.is_about_persons
    inner join {{ ref('int_metric_steps') }} as steps
        on levels.metric_id = steps.metric_id
    left join {{ ref('int_metric_levels') }} as totals
        on metrics.parent_family_id = totals.metric_id and totals.level = 'unit'
        and levels.group_id = totals.group_id and levels.month = totals.month
    left join {{ ref('int_metric_levels') }} as parents
        on steps.parent_metric_id = parents.metric_id and parents.level = 'unit'
        and levels.group_id = parents.group_id and levels.month = parents.month
    where levels.level = 'unit' and levels.has_data
)

{% for side in ['numerator', 'rest', 'remains', 'denominator'] %}
select
    unit_id,
    sector,
    metric_id,
    month,
    '{{ side }}' as side,
    {{ side }} as amount,
    {{ 'numerator' if side in ['rest', 'remains'] else 'cast(null as double)' }} as part
from figures
where {{ side }} is not null
{% if not loop.last %}union all{% endif %}
{% endfor %}
