-- The same of a unit's year: one row per figure (`side`), and per sector the unit was in.
with figures as (
    select
        concat(years.group_id, '/', years.sector) as group_id,
        steps.step_id as family_id,
        years.year,
        years.metric_id,
        years.numerator,
        case when metrics.is_split then {{ left_of_parent(
            'years.numerator', '(years.numerator + years.rest)', 'parents.numerator', 'steps.step_no'
        ) }} end as remains,
        case when metrics.is_denominator_pay then years.denominator end as denominator
    from {{ ref('int_metric_years') }} as years
    inner join {{ ref('int_metrics') }} as metrics
        on years.metric_id = metrics.metric_id
    inner join {{ ref('int_metric_steps') }} as steps
        on years.metric_id = steps.metric_id
    left join {{ ref('int_metric_years') }} as parents
        on steps.parent_metric_id = parents.metric_id and years.level = parents.level
        and years.group_id = parents.group_id and years.sector = parents.sector
        and years.year = parents.year
    where years.level = 'unit'
)

{% for side in ['numerator', 'remains', 'denominator'] %}
select
    group_id,
    family_id,
    year,
    concat(metric_id, '/{{ side }}') as side,
    {{ side }} as amount,
    {{ 'greatest(abs(remains), abs(numerator))' if side == 'remains' else side }} as share_of
from figures
where {{ side }} is not null
{% if not loop.last %}union all{% endif %}
{% endfor %}
