{{ config(materialized='view') }}
-- Per metric, what units that have not started do by themselves, in standard errors of a chart that
-- takes months for independent: the move 95 of 100 stretches keep within, over 1.96, and the
-- distance between two years 90 of 100 keep within. Where there are too few stretches, what
-- simulated municipalities showed.
{% set settings = chart_settings() %}
with measured as (
    select
        metric_id,
        count(*) as n_stretches,
        percentile_cont(0.95) within group (order by drift_errors) / 1.96e0 as drift,
        percentile_cont(0.90) within group (order by bump_errors) as usual_bump
    from {{ ref('int_chart_stretches') }}
    group by metric_id
)

select
    metrics.metric_id,
    coalesce(measured.n_stretches, 0) as n_stretches,
    case when measured.n_stretches >= {{ settings.least_stretches }}
        then greatest(measured.drift, 1e0) else {{ settings.default_drift }} end as drift,
    case when measured.n_stretches >= {{ settings.least_stretches }}
        then measured.usual_bump else {{ settings.default_bump }} end as usual_bump
from {{ ref('stg_municipality__metrics') }} as metrics
left join measured
    on metrics.metric_id = measured.metric_id
