{{ config(meta={'dagster': {'ref': {'name': 'stg_municipality__metrics'}}}) }}
-- A metric that uses a sick-day measure is hidden with sick leave: it is about persons and is a total per
-- month, hidden with the others on the same days, or declared as a split of sick_leave_pct. Otherwise it
-- would give a hidden figure away.
-- What counts cases per calendar year tells of no day, and has three persons behind it or is hidden.
select metrics.metric_id
from {{ ref('stg_municipality__metrics') }} as metrics
inner join {{ ref('stg_municipality__metric_measures') }} as parts
    on metrics.metric_id = parts.metric_id
where
    substr(parts.measure_id, 1, 5) = 'sick_'
    and parts.measure_id <> 'sick_pay_refund_nok'
    and (
        not metrics.is_about_persons
        or (
            not (
                metrics.hidden_with is not null and metrics.unit_grain = 'month'
                and parts.measure_id = 'sick_days'
            )
            and not (metrics.is_count and metrics.unit_grain = 'year')
            and coalesce(metrics.split_of, '') <> 'sick_leave_pct'
        )
    )
