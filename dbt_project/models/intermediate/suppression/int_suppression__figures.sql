{{ config(materialized='view') }}
-- What could be worked out of a unit's cell by adding and subtracting, one row per figure (`side`):
-- every numerator of the family, and a denominator in kroner. Other denominators are agreed days and
-- heads, which are known; a complement (100 - x) follows from its total. Nobody is away more than
-- everything agreed, so a total is also judged by the room that is left above it (`room`): what others
-- lack to it is what this one's could fall by, so there the level is a share (`share_of`) of the total.
{% for side, condition in [('numerator', 'true'), ('denominator', 'metrics.is_denominator_pay')] %}
select
    counted.unit_id as group_id,
    metrics.family_id,
    counted.month,
    concat(counted.metric_id, '/{{ side }}') as side,
    counted.{{ side }} as amount,
    counted.{{ side }} as share_of
from {{ ref('int_counted_unit_months') }} as counted
inner join {{ ref('int_metrics') }} as metrics
    on counted.metric_id = metrics.metric_id
where
    counted.is_counted and metrics.is_about_persons
    and metrics.is_judged
    and {{ condition }}
union all
{% endfor %}
select
    counted.unit_id as group_id,
    metrics.family_id,
    counted.month,
    concat(counted.metric_id, '/room') as side,
    counted.denominator * metrics.upper_bound / counted.scale - counted.numerator as amount,
    counted.numerator as share_of
from {{ ref('int_counted_unit_months') }} as counted
inner join {{ ref('int_metrics') }} as metrics
    on counted.metric_id = metrics.metric_id
where
    counted.is_counted and metrics.is_about_persons
    and metrics.is_judged and not metrics.is_split
    and metrics.upper_bound is not null
