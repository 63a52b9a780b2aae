-- A cell without a value is hidden or missing, and says which; never both silent.
select
    level,
    group_id,
    metric_id,
    month
from {{ ref('fct_metric_months') }}
where value is null and suppression_reason is null and missing_reason is null
