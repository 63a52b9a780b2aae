{{ config(meta={'dagster': {'ref': {'name': 'fct_metric_months'}}}) }}
-- A published value is its published parts divided: nothing more can be read from one of them than
-- from the others. Six decimals of each leave what the tolerance says.
select
    months.level,
    months.group_id,
    months.metric_id,
    months.month
from {{ ref('fct_metric_months') }} as months
inner join {{ ref('stg_municipality__metrics') }} as metrics
    on months.metric_id = metrics.metric_id
where
    months.denominator > 0.001
    and abs(months.value - metrics.scale * months.numerator / months.denominator)
    > 0.000001 + (metrics.scale + abs(months.value)) * 0.000001 / months.denominator
