{{ config(materialized='view') }}
-- What became of every cell of a unit: used, hidden, or missing with its reason. Anything else is lost.
select
    group_id as unit_id,
    metric_id,
    month,
    case
        when suppression_reason is not null then 'hidden'
        when missing_reason is not null then 'missing_with_reason'
        when value is not null then 'used'
    end as part
from {{ ref('int_metric_months_visible') }}
where level = 'unit'
