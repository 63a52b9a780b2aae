{{ config(materialized='view') }}
-- What could be worked out of a unit's cell by adding and subtracting, one row per figure (`side`):
-- every numerator of the family, and a denominator in kroner. Other denominators are agreed days and
-- heads, which are known; a complement (100 - x) follows from its total.
{% for side, condition in [('numerator', 'true'), ('denominator', 'metrics.is_denominator_pay')] %}
select
    counted.unit_id as group_id,
    metrics.family_id,
    counted.month,
    concat(counted.metric_id, '/{{ side }}') as side,
    counted.{{ side }} as amount
from {{ ref('int_counted_unit_months') }} as counted
inner join {{ ref('int_metrics') }} as metrics
    on counted.metric_id = metrics.metric_id
where
    counted.is_counted and metrics.is_about_persons
    and (metrics.is_split or metrics.metric_id = metrics.family_id)
    and {{ condition }}
{% if not loop.last %}union all{% endif %}
{% endfor %}
