{{ config(materialized='view') }}
-- What could be worked out of a unit's cell by adding and subtracting, one row per figure (`side`):
-- every numerator of the family, and a denominator in kroner. Other denominators are agreed days and
-- heads, which are known; a complement (100 - x) follows from its total.
{% for side, condition in [('numerator', 'true'), ('denominator', 'metrics.is_denominator_pay')] %}
select
    levels.group_id,
    metrics.family_id,
    levels.month,
    concat(levels.metric_id, '/{{ side }}') as side,
    levels.{{ side }} as amount
from {{ ref('int_metric_levels') }} as levels
inner join {{ ref('int_metrics') }} as metrics
    on levels.metric_id = metrics.metric_id
where
    levels.level = 'unit' and levels.has_data and metrics.is_about_persons
    and (metrics.is_split or metrics.metric_id = metrics.family_id)
    and {{ condition }}
{% if not loop.last %}union all{% endif %}
{% endfor %}
