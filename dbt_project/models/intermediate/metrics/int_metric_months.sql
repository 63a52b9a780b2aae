-- The complete calendar: unit x metric x month, for metrics valid for the unit's service and months
-- the unit exists. A metric without denominator counts per month (denominator 1), so that a value
-- over several months is always sum / sum. One cell that has no meaning is missing, with its reason.
with spine as (
    select
        unit_months.unit_id,
        unit_months.sector,
        unit_months.month,
        metrics.metric_id,
        metrics.scale,
        metrics.has_denominator
    from {{ ref('int_unit_months') }} as unit_months
    inner join {{ ref('int_metrics') }} as metrics
        on metrics.is_core
    union all
    select
        unit_months.unit_id,
        unit_months.sector,
        unit_months.month,
        metrics.metric_id,
        metrics.scale,
        metrics.has_denominator
    from {{ ref('int_unit_months') }} as unit_months
    inner join {{ ref('stg_municipality__metric_services') }} as services
        on unit_months.service_type = services.service_type
    inner join {{ ref('int_metrics') }} as metrics
        on services.metric_id = metrics.metric_id and not metrics.is_core
),

joined as (
    select
        spine.unit_id,
        spine.sector,
        spine.metric_id,
        spine.month,
        spine.scale,
        numerators.value as numerator,
        case
            when spine.has_denominator then denominators.value
            when numerators.value is not null then 1e0
        end as denominator,
        coalesce(denominators.n_persons, numerators.n_persons) as n_persons,
        coalesce(denominators.n_persons_once, numerators.n_persons_once) as n_persons_once,
        numerators.n_contributors,
        gaps.reason as gap_reason
    from spine
    left join {{ ref('int_metric_parts') }} as numerators
        on spine.unit_id = numerators.unit_id and spine.month = numerators.month
        and spine.metric_id = numerators.metric_id and numerators.role = 'numerator'
    left join {{ ref('int_metric_parts') }} as denominators
        on spine.unit_id = denominators.unit_id and spine.month = denominators.month
        and spine.metric_id = denominators.metric_id and denominators.role = 'denominator'
    left join {{ ref('int_metric_gaps') }} as gaps
        on spine.unit_id = gaps.unit_id and spine.month = gaps.month
        and spine.metric_id = gaps.metric_id
),

reasoned as (
    {{ reasoned_cells('joined') }}
)

select
    unit_id,
    sector,
    metric_id,
    month,
    scale,
    numerator,
    denominator,
    case when missing_reason is null then quotient end as value,
    {{ has_figures('missing_reason') }} as has_data,
    missing_reason,
    n_persons,
    n_persons_once,
    n_contributors
from reasoned
