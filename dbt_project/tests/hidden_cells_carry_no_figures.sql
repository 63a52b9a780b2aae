-- A hidden cell shows neither value nor the parts it could be computed from.
select
    level,
    group_id,
    metric_id,
    month
from {{ ref('fct_metric_months') }}
where
    suppression_reason is not null
    and (value is not null or numerator is not null or denominator is not null)
